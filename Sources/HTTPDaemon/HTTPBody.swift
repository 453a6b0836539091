/// What a response carries.
public enum HTTPBody: Sendable, Equatable {
  /// The whole body.
  case bytes([UInt8])
  /// A body that is made while it is sent.
  case stream(HTTPStream)
}

/// A body of unknown length, sent in chunks (RFC 9112 §7.1) as a producer writes them.
///
/// The producer runs in a task of its own from when the response is sent. It is never ahead of the
/// client by more than one chunk and what the system's socket buffer holds. Its return ends the body;
/// an error cuts the connection, so that the client sees that something is missing. It does not
/// run for HEAD, 204 and 304.
///
/// Its task is cancelled when the client goes away, does not read for
/// ``DaemonConfiguration/idleTimeoutSeconds``, or the daemon's drain deadline passes. A client that
/// ends its sending side counts as gone here, because a silent stream has no other sign of it.
/// Silence of the producer has no time limit.
public final class HTTPStream: Sendable, Equatable {
  let produce: @Sendable (HTTPStreamWriter) async throws -> Void

  /// A stream of what `produce` writes.
  public init(_ produce: @escaping @Sendable (HTTPStreamWriter) async throws -> Void) {
    self.produce = produce
  }

  /// A stream of a sequence's chunks; the next one is asked for when the last has been taken.
  public convenience init<Chunks: AsyncSequence & Sendable>(_ chunks: Chunks)
  where Chunks.Element == [UInt8] {
    self.init { writer in
      for try await chunk in chunks { try await writer.write(chunk) }
    }
  }

  /// Runs the producer to its end and returns all of what it writes, for instance in tests.
  public func collect() async throws -> [UInt8] {
    let (chunks, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    try await produce(HTTPStreamWriter { continuation.yield($0) })
    continuation.finish()
    return await chunks.reduce(into: []) { $0 += $1 }
  }

  /// Whether both are the same stream.
  public static func == (left: HTTPStream, right: HTTPStream) -> Bool { left === right }
}

/// Where a stream's producer puts its chunks.
public struct HTTPStreamWriter: Sendable {
  private let sink: @Sendable ([UInt8]) async throws -> Void

  init(_ sink: @escaping @Sendable ([UInt8]) async throws -> Void) {
    self.sink = sink
  }

  /// Sends one chunk and returns when the network thread has taken all of it; nothing for no bytes.
  ///
  /// Only one call at a time may be waiting; a second one traps.
  /// - Throws: `CancellationError` when the client is gone or the task is cancelled.
  public func write(_ chunk: [UInt8]) async throws {
    if !chunk.isEmpty { try await sink(chunk) }
  }
}
