import Foundation
import Synchronization
import Testing

@testable import LigatureClient

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Answers as it is told and keeps what it is asked.
final class RecordedTransport: Sendable {
  struct Reply: Sendable {
    var status = 200
    var headers: [String: String] = [:]
    var body = "{}"
  }

  private let replies: Mutex<[Reply]>
  private let kept = Mutex<[URLRequest]>([])

  init(_ replies: [Reply]) { self.replies = Mutex(replies) }

  var requests: [URLRequest] { kept.withLock { $0 } }

  /// A client that never pauses for long.
  func client(_ retries: RetryPolicy = RetryPolicy(first: .milliseconds(1))) throws -> Client {
    let address = try #require(URL(string: "http://127.0.0.1:1/prefix/"))
    return Client(
      address, key: "lig_x", timeout: 1, retries: retries,
      transport: Transport(
        whole: { request in
          let reply = try self.next(request)
          return (Data(reply.body.utf8), try self.response(reply, request))
        },
        streamed: { request in
          let reply = try self.next(request)
          let pieces = Transport.Pieces { output in
            // Pieces end anywhere.
            for byte in reply.body.utf8 { output.yield(Data([byte])) }
            output.finish()
          }
          return (pieces, try self.response(reply, request))
        }))
  }

  private func next(_ request: URLRequest) throws -> Reply {
    kept.withLock { $0.append(request) }
    return try replies.withLock { replies in
      guard !replies.isEmpty else { throw URLError(.networkConnectionLost) }
      return replies.removeFirst()
    }
  }

  private func response(_ reply: Reply, _ request: URLRequest) throws -> HTTPURLResponse {
    let url = try #require(request.url)
    return try #require(
      HTTPURLResponse(
        url: url, statusCode: reply.status, httpVersion: "HTTP/1.1", headerFields: reply.headers))
  }
}
