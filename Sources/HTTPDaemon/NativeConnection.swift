import CMicroHTTPD
import Glibc

/// libmicrohttpd's handle of one connection.
///
/// Invariant behind `@unchecked Sendable`: the pointer is immutable. libmicrohttpd owns what it
/// points to and keeps it from the request line until the request's completion callback. Only the
/// network thread uses it, except for ``resume()``: a suspended connection is not freed before it
/// is resumed, and every suspension is resumed exactly once (see ``Exchange/settle(_:)``).
@safe struct NativeConnection: @unchecked Sendable {
  private let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) {
    unsafe self.pointer = unsafe pointer
  }

  /// Network thread only.
  func suspend() { unsafe MHD_suspend_connection(pointer) }

  /// Any thread, once after each ``suspend()``.
  func resume() { unsafe MHD_resume_connection(pointer) }

  /// The socket, -1 if unknown; network thread only.
  var socket: Int32 { unsafe ligature_connection_socket(pointer) }

  /// The client's numeric address, empty when it has none; network thread only.
  var peer: String {
    let text = unsafe [CChar](unsafeUninitializedCapacity: 48) { buffer, count in
      unsafe ligature_connection_peer(pointer, buffer.baseAddress, buffer.count)
      count = unsafe buffer.baseAddress.map { unsafe strlen($0) } ?? 0
    }
    return String(decoding: text.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The status of the queued answer, libmicrohttpd's own included; network thread only.
  var status: HTTPStatus? {
    let code = unsafe Int(ligature_connection_status(pointer))
    return (100...599).contains(code) ? HTTPStatus(rawValue: code) : nil
  }

  /// Copies the header fields; network thread only.
  func headers() -> HTTPHeaders {
    var headers = HTTPHeaders()
    // The callback runs only inside this call, so a pointer to the local variable is enough.
    unsafe withUnsafeMutablePointer(to: &headers) { target in
      _ = unsafe MHD_get_connection_values_n(
        pointer, .HEADER_KIND,
        { context, _, name, nameLength, value, valueLength in
          let target = unsafe context?.assumingMemoryBound(to: HTTPHeaders.self)
          unsafe target?.pointee.add(
            unsafe NativeConnection.text(name, nameLength),
            unsafe NativeConnection.text(value, valueLength))
          return .YES
        }, target)
    }
    return headers
  }

  private static func text(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
    guard let start = unsafe start else { return "" }
    return unsafe String(
      decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
  }

  /// Queues the response with its bytes, or with a stream's pipe; network thread only.
  ///
  /// False closes the connection.
  func send(
    _ response: HTTPResponse, through pipe: StreamPipe? = nil, hasBody: Bool = true,
    identifier: String, isLast: Bool
  ) -> Bool {
    var fields = response.headers.fields.filter { field in
      !framingFields.contains { HTTPHeaders.areEqual($0, field.name) }
    }
    fields.append(HTTPHeaders.Field(name: "Server", value: "ligature"))
    if !identifier.isEmpty {
      fields.append(HTTPHeaders.Field(name: "X-Request-Id", value: identifier))
    }
    if isLast { fields.append(HTTPHeaders.Field(name: "Connection", value: "close")) }
    let body = unsafe pipe.map { unsafe Self.stream($0) } ?? Self.copy(response.bytes)
    guard let native = unsafe body else { return false }
    // The queue holds a reference of its own until the bytes are sent.
    defer { unsafe MHD_destroy_response(native) }
    if pipe != nil && !hasBody { unsafe ligature_response_end_with_connection(native) }
    for field in fields where !field.value.isEmpty {  // libmicrohttpd refuses empty values
      guard unsafe MHD_add_response_header(native, field.name, field.value) == .YES else {
        return response != .unsendable
          && send(.unsendable, identifier: identifier, isLast: isLast)
      }
    }
    return unsafe MHD_queue_response(pointer, UInt32(response.status.rawValue), native) == .YES
  }

  /// A response of bytes that the caller owns.
  private static func copy(_ bytes: [UInt8]) -> OpaquePointer? {
    unsafe bytes.withUnsafeBytes { bytes in
      // MUST_COPY: the buffer is only read, although the parameter is not const.
      unsafe MHD_create_response_from_buffer(
        bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
    }
  }

  /// A response of unknown length that the caller owns; it keeps the pipe until it is destroyed.
  private static func stream(_ pipe: StreamPipe) -> OpaquePointer? {
    let context = unsafe Unmanaged.passRetained(pipe)
    let native = unsafe MHD_create_response_from_callback(
      .max, 4096,
      { context, _, buffer, count in
        guard let context = unsafe context, let buffer = unsafe buffer else { return -2 }
        let pipe = unsafe Unmanaged<StreamPipe>.fromOpaque(context).takeUnretainedValue()
        let free = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: count)
        // Of microhttpd.h: MHD_CONTENT_READER_END_OF_STREAM and …_END_WITH_ERROR, casts in macros.
        return switch unsafe pipe.read(into: free) {
        case .bytes(let count): count
        case .later: 0
        case .endOfStream: -1
        case .failure: -2
        }
      }, context.toOpaque(),
      { context in
        guard let context = unsafe context else { return }
        unsafe Unmanaged<StreamPipe>.fromOpaque(context).release()
      })
    if unsafe native == nil { unsafe context.release() }
    return unsafe native
  }
}

/// Response fields that the daemon alone sets.
private let framingFields = ["Content-Length", "Transfer-Encoding", "Connection"]
