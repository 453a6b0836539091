import CZlib
import Glibc

// The one file of this module that handles pointers: file descriptors and zlib streams.

/// The bytes of a file or of standard input, inflated when they are gzip (RFC 1952).
@safe
final class ByteInput {
  let path: String
  /// The size of the file as stored; `nil` for standard input, pipes and devices.
  let totalBytes: Int?
  /// How many stored bytes were read so far.
  private(set) var storedBytesRead = 0
  private(set) var isGzip = false

  private let descriptor: Int32
  private var inflater: UnsafeMutablePointer<z_stream>?
  /// Stored bytes not yet handed on: `stored[storedStart..<storedEnd]`.
  private var stored = [UInt8](repeating: 0, count: 1 << 18)
  private var storedStart = 0
  private var storedEnd = 0
  private var isInsideMember = false

  init(path: String) throws(RecordsError) {
    self.path = path
    descriptor = path == "-" ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw RecordsError(
        .cannotOpen, file: path, found: Self.message(errno), expected: "a readable file")
    }
    var status = stat()
    let hasStatus = unsafe fstat(descriptor, &status) == 0
    let kind = status.st_mode & S_IFMT
    totalBytes = hasStatus && kind == S_IFREG && path != "-" ? Int(status.st_size) : nil
    guard kind != S_IFDIR else {
      throw RecordsError(.isDirectory, file: path, found: "a directory", expected: "a file")
    }
    while storedEnd < 2, try fillStored() {}
    isGzip = storedEnd >= 2 && stored[0] == 0x1F && stored[1] == 0x8B
    if isGzip {
      startInflater()
    } else if path.lowercased().hasSuffix(".gz"), storedEnd > 0 {
      throw damage("no gzip header")
    }
  }

  deinit {
    if let inflater = unsafe inflater {
      unsafe inflateEnd(inflater)
      unsafe inflater.deallocate()
    }
    if descriptor >= 0 { close(descriptor) }
  }

  /// Fills `buffer` from `start` on as far as data comes; the number of bytes, 0 only at the end.
  func read(into buffer: inout [UInt8], from start: Int) throws(RecordsError) -> Int {
    precondition(start < buffer.count, "no room to read into: \(start) of \(buffer.count)")
    if isGzip { return try readInflated(into: &buffer, from: start) }
    if storedStart < storedEnd {
      let count = min(storedEnd - storedStart, buffer.count - start)
      buffer.replaceSubrange(
        start..<start + count, with: stored[storedStart..<storedStart + count])
      storedStart += count
      return count
    }
    return try readStored(into: &buffer, from: start)
  }

  private func readStored(into buffer: inout [UInt8], from start: Int) throws(RecordsError) -> Int {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe Glibc.read(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start)
      }
      if count >= 0 {
        storedBytesRead += count
        return count
      }
      let code = errno
      if code == EINTR { continue }
      throw RecordsError(
        .cannotRead, file: path, byteOffset: storedBytesRead, found: Self.message(code),
        expected: "more bytes")
    }
  }

  /// Reads more stored bytes behind those that are left; false at the end of the file.
  private func fillStored() throws(RecordsError) -> Bool {
    if storedStart == storedEnd {
      storedStart = 0
      storedEnd = 0
    }
    let count = try readStored(into: &stored, from: storedEnd)
    storedEnd += count
    return count > 0
  }

  private func startInflater() {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 window bits, plus 16 for the gzip wrapper.
    let status = unsafe inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib cannot start: status \(status)")
    unsafe inflater = stream
    isInsideMember = true
  }

  private func readInflated(into buffer: inout [UInt8], from start: Int) throws(RecordsError)
    -> Int
  {
    while true {
      if storedStart == storedEnd, try !fillStored() {
        guard isInsideMember else { return 0 }
        throw RecordsError(
          .truncatedGzip, file: path, byteOffset: storedBytesRead, found: "the end of the file",
          expected: "more compressed data")
      }
      if !isInsideMember, try !startNextMember() { continue }
      let produced = try inflateOnce(into: &buffer, from: start)
      if produced > 0 { return produced }
    }
  }

  /// Members follow one another; zeros between and after them are padding.
  private func startNextMember() throws(RecordsError) -> Bool {
    while storedStart < storedEnd, stored[storedStart] == 0 { storedStart += 1 }
    guard storedStart < storedEnd else { return false }
    guard stored[storedStart] == 0x1F else {
      throw damage("other bytes behind the compressed data")
    }
    unsafe inflateReset(inflater)
    isInsideMember = true
    return true
  }

  private func inflateOnce(into buffer: inout [UInt8], from start: Int) throws(RecordsError) -> Int
  {
    let available = storedEnd - storedStart
    let room = buffer.count - start
    var status = Z_STREAM_ERROR
    var left = (input: available, output: room)
    unsafe stored.withUnsafeMutableBufferPointer { input in
      unsafe buffer.withUnsafeMutableBufferPointer { output in
        guard let stream = unsafe inflater else { return }
        unsafe stream.pointee.next_in = input.baseAddress?.advanced(by: storedStart)
        unsafe stream.pointee.avail_in = UInt32(available)
        unsafe stream.pointee.next_out = output.baseAddress?.advanced(by: start)
        unsafe stream.pointee.avail_out = UInt32(clamping: room)
        status = unsafe inflate(stream, Z_NO_FLUSH)
        left = unsafe (
          Int(stream.pointee.avail_in),
          room - Int(UInt32(clamping: room))
            + Int(stream.pointee.avail_out)
        )
      }
    }
    storedStart = storedEnd - left.input
    switch status {
    case Z_STREAM_END: isInsideMember = false
    case Z_OK, Z_BUF_ERROR: break
    default: throw damage("data that zlib cannot inflate (status \(status))")
    }
    return room - left.output
  }

  private func damage(_ found: String) -> RecordsError {
    RecordsError(
      .damagedGzip, file: path, byteOffset: storedBytesRead - (storedEnd - storedStart),
      found: found, expected: "gzip data")
  }

  private static func message(_ code: Int32) -> String {
    unsafe String(cString: unsafe strerror(code))
  }
}
