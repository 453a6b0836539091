import Dispatch
import HTTPDaemon
import Synchronization

/// Lets work that blocks its thread write to a stream, never ahead of the client by more than a few
/// blocks.
enum BlockPipe {
  typealias Put = @Sendable ([UInt8]) throws -> Void

  /// Blocks that may wait.
  private static let limit = 4

  /// Runs `produce`, which hands its blocks to the function that it is given from any one thread, and
  /// sends them.
  ///
  /// Where the client has gone, that function throws `CancellationError`. Throws what either throws.
  static func run(
    _ produce: @escaping @Sendable (_ put: @escaping Put) async throws -> Void,
    to output: HTTPStreamWriter
  ) async throws {
    let (blocks, source) = AsyncStream.makeStream(of: [UInt8].self)
    let room = DispatchSemaphore(value: limit)
    let isOver = Mutex(false)
    let producer = Task {
      defer { source.finish() }
      try await produce { block in
        room.wait()
        if isOver.withLock({ $0 }) { throw CancellationError() }
        source.yield(block)
      }
    }
    do {
      for await block in blocks {
        try await output.write(block)
        room.signal()
      }
      try Task.checkCancellation()
    } catch {
      isOver.withLock { $0 = true }
      producer.cancel()
      room.signal()
      _ = try? await producer.value
      throw error
    }
    try await producer.value
  }
}
