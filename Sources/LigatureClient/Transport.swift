import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// How requests reach a server: whole answers, and answers that are read as they come.
struct Transport: Sendable {
  typealias Pieces = AsyncThrowingStream<Data, any Error>

  var whole: @Sendable (URLRequest) async throws -> (Data, HTTPURLResponse)
  var streamed: @Sendable (URLRequest) async throws -> (Pieces, HTTPURLResponse)

  /// URLSession's connections.
  static func session(_ configuration: URLSessionConfiguration) -> Transport {
    let session = URLSession(configuration: configuration)
    return Transport(
      whole: { request in
        let (body, response) = try await session.data(for: request)
        guard let response = response as? HTTPURLResponse else {
          throw ClientError.unexpected("no HTTP answer")
        }
        return (body, response)
      },
      streamed: { request in
        try await StreamReader.open(request, configuration: configuration)
      })
  }
}

/// Receives one answer in pieces.
///
/// `@unchecked Sendable`: URLSession calls it from one serial queue, and nothing else touches its state
/// after the task is resumed.
private final class StreamReader: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  private let pieces: Transport.Pieces
  private let output: Transport.Pieces.Continuation
  private var opened: CheckedContinuation<(Transport.Pieces, HTTPURLResponse), any Error>?

  private init(opened: CheckedContinuation<(Transport.Pieces, HTTPURLResponse), any Error>) {
    (pieces, output) = Transport.Pieces.makeStream()
    self.opened = opened
  }

  /// The answer, when its header has come.
  static func open(
    _ request: URLRequest, configuration: URLSessionConfiguration
  ) async throws -> (Transport.Pieces, HTTPURLResponse) {
    try await withCheckedThrowingContinuation { continuation in
      let reader = StreamReader(opened: continuation)
      let session = URLSession(configuration: configuration, delegate: reader, delegateQueue: nil)
      let task = session.dataTask(with: request)
      reader.output.onTermination = { _ in
        task.cancel()
        session.finishTasksAndInvalidate()
      }
      task.resume()
    }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    if let response = response as? HTTPURLResponse {
      opened?.resume(returning: (pieces, response))
    } else {
      opened?.resume(throwing: ClientError.unexpected("no HTTP answer"))
    }
    opened = nil
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    output.yield(data)
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    if let error {
      opened?.resume(throwing: error)
      output.finish(throwing: ClientError.connection("\(error)"))
    } else {
      opened?.resume(throwing: ClientError.connection("the connection ended without an answer"))
      output.finish()
    }
    opened = nil
  }
}
