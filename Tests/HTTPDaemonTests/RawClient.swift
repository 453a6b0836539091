import Foundation
import Glibc

@testable import HTTPDaemon

/// A blocking client over one TCP connection to 127.0.0.1, so that tests decide every byte.
final class RawClient {
  struct Failure: Error {
    let operation: String
    let code: Int32
  }

  struct Response: Sendable, Equatable {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  private let descriptor: Int32
  private var received: [UInt8] = []
  /// How much of it has been taken.
  private var start = 0
  private var buffer: ArraySlice<UInt8> { received[start...] }

  init(port: UInt16, timeoutSeconds: Int = 10) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var timeout = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
    _ = unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let code = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else {
      let code = errno
      close(descriptor)
      throw Failure(operation: "connect", code: code)
    }
  }

  deinit { close(descriptor) }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes[sent...].withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure(operation: "send", code: errno) }
      sent += count
    }
  }

  /// Makes the coming close a reset.
  func resetAtClose() {
    var option = linger(l_onoff: 1, l_linger: 0)
    _ = unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Whether more bytes came before the end of the stream; a timeout throws, a reset is an end.
  private func fill() throws -> Bool {
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    let count = unsafe piece.withUnsafeMutableBytes {
      unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
    }
    if count < 0 {
      if errno == ECONNRESET { return false }
      throw Failure(operation: "recv", code: errno)
    }
    received += piece.prefix(count)
    return count > 0
  }

  /// Reads status line and header fields; nil when the server has closed the connection.
  func receiveHead() throws -> Response? {
    let end = Array("\r\n\r\n".utf8)
    var headEnd: Int?
    while headEnd == nil {
      headEnd = buffer.indices.first { received[$0...].starts(with: end) }.map { $0 - start }
      if headEnd == nil, try !fill() { return nil }
    }
    let head = String(decoding: take(headEnd ?? 0), as: UTF8.self)
    _ = take(4)
    let lines = head.components(separatedBy: "\r\n")
    var headers = HTTPHeaders()
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers.add(String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces))
    }
    return Response(
      status: Int(lines[0].split(separator: " ")[1]) ?? 0, headers: headers, body: [])
  }

  /// Reads one response; nil when the server has closed the connection before its end.
  func receive(hasBody: Bool = true) throws -> Response? {
    guard var response = try receiveHead() else { return nil }
    guard hasBody && response.status >= 200 else { return response }
    if response.headers["Transfer-Encoding"] == "chunked" {
      while let chunk = try receiveChunk() {
        if chunk.isEmpty { return response }
        response.body += chunk
      }
      return nil
    }
    guard let body = try receive(Int(response.headers["Content-Length"] ?? "0") ?? 0) else {
      return nil
    }
    response.body = body
    return response
  }

  /// Reads one chunk, empty for the last; nil when the server has closed the connection.
  func receiveChunk() throws -> [UInt8]? {
    var lineEnd: Int?
    while lineEnd == nil {
      lineEnd = buffer.indices.first { received[$0...].starts(with: [13, 10]) }.map { $0 - start }
      if lineEnd == nil, try !fill() { return nil }
    }
    let size = Int(String(decoding: take(lineEnd ?? 0), as: UTF8.self), radix: 16) ?? 0
    _ = take(2)
    guard let chunk = try receive(size + 2) else { return nil }
    return Array(chunk[..<size])
  }

  /// Reads exactly so many bytes; nil when the server has closed the connection before.
  func receive(_ count: Int) throws -> [UInt8]? {
    while buffer.count < count { if try !fill() { return nil } }
    return take(count)
  }

  private func take(_ count: Int) -> [UInt8] {
    let bytes = Array(buffer.prefix(count))
    start += count
    if start > 1 << 20 {
      received.removeFirst(start)
      start = 0
    }
    return bytes
  }

  /// Whether the server closes the connection without sending anything more.
  func isClosedByServer() throws -> Bool { try buffer.isEmpty && !fill() }

  /// One request on a new connection.
  static func exchange(port: UInt16, _ request: String, hasBody: Bool = true) throws -> Response? {
    let client = try RawClient(port: port)
    try client.send(request)
    return try client.receive(hasBody: hasBody)
  }

  static func get(_ path: String, extra: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: test\r\n\(extra)\r\n"
  }

  static func post(_ path: String, _ body: [UInt8], extra: String = "") -> [UInt8] {
    Array(
      "POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.count)\r\n\(extra)\r\n".utf8)
      + body
  }
}

/// Runs blocking code on a thread of its own, because the daemon's tasks need the shared pool.
func blocking<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
  }
}

/// Waits until the condition holds; false after the limit.
func eventually(
  within limit: Duration = .seconds(5), _ condition: @Sendable () -> Bool
) async -> Bool {
  let end = ContinuousClock.now + limit
  while !condition() {
    if ContinuousClock.now > end { return false }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return true
}
