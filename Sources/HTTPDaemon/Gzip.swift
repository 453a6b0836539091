import CZlib

/// zlib's gzip format (RFC 1952).
enum Gzip {
  /// Window of 32 KiB, with a gzip header and trailer instead of zlib's.
  fileprivate static let windowBits = MAX_WBITS + 16

  /// One gzip member; about 70 MB/s.
  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    let stream = unsafe ZStream { stream in
      unsafe deflateInit2_(
        stream, 4, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size))
    }
    defer { unsafe stream.end(deflateEnd) }
    return unsafe bytes.withUnsafeBufferPointer { input in
      unsafe stream.pointer.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      unsafe stream.pointer.pointee.avail_in = UInt32(input.count)
      let bound = unsafe Int(deflateBound(stream.pointer, UInt(input.count)))
      return unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        unsafe stream.pointer.pointee.next_out = output.baseAddress
        unsafe stream.pointer.pointee.avail_out = UInt32(bound)
        let code = unsafe deflate(stream.pointer, Z_FINISH)
        precondition(code == Z_STREAM_END, "deflateBound was too small: \(code)")
        count = unsafe bound - Int(stream.pointer.pointee.avail_out)
      }
    }
  }
}

/// zlib's state, which must stay where it is.
@safe private struct ZStream {
  let pointer: UnsafeMutablePointer<z_stream>

  init(_ start: (UnsafeMutablePointer<z_stream>) -> Int32) {
    unsafe pointer = .allocate(capacity: 1)
    unsafe pointer.initialize(to: z_stream())
    let code = unsafe start(pointer)
    precondition(code == Z_OK, "zlib cannot start: \(code)")
  }

  func end(_ finish: (UnsafeMutablePointer<z_stream>) -> Int32) {
    _ = unsafe finish(pointer)
    unsafe pointer.deallocate()
  }
}

/// Why a body is not gzip data.
struct GzipError: Error, Equatable {
  /// Bytes of the compressed body before the place.
  let offset: Int
  /// What is wrong there.
  let reason: String
}

/// Inflates gzip members that come in pieces; nothing may stand between or behind them.
final class GzipInflater {
  private let stream = unsafe ZStream { stream in
    unsafe inflateInit2_(
      stream, Gzip.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  }
  private var consumed = 0
  private var isBetweenMembers = false

  deinit { unsafe stream.end(inflateEnd) }

  /// Gives what a piece of input inflates to, up to 64 KiB at a time.
  func inflate<Failure: Error>(
    _ input: [UInt8], output: (ArraySlice<UInt8>) throws(Failure) -> Void
  ) throws(InflationFailure<Failure>) {
    var done = 0
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    var isFull = false
    // zlib may hold back output although it has taken all input.
    while done < input.count || isFull {
      if isBetweenMembers {
        _ = unsafe inflateReset(stream.pointer)
        isBetweenMembers = false
      }
      let (code, taken, made) = step(input[done...], &piece)
      done += taken
      consumed += taken
      isFull = made == piece.count && code == Z_OK
      do throws(Failure) { try output(piece[..<made]) } catch { throw .output(error) }
      switch code {
      case Z_STREAM_END: isBetweenMembers = true
      case Z_OK: break
      case Z_BUF_ERROR: return  // all taken, nothing held back
      default:
        let reason = unsafe stream.pointer.pointee.msg.map { unsafe String(cString: $0) }
        throw .input(GzipError(offset: consumed, reason: reason ?? "no gzip data"))
      }
    }
  }

  private func step(
    _ input: ArraySlice<UInt8>, _ piece: inout [UInt8]
  ) -> (code: Int32, taken: Int, made: Int) {
    unsafe input.withUnsafeBufferPointer { input in
      unsafe piece.withUnsafeMutableBufferPointer { output in
        let state = unsafe stream.pointer
        unsafe state.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe state.pointee.avail_in = UInt32(input.count)
        unsafe state.pointee.next_out = output.baseAddress
        unsafe state.pointee.avail_out = UInt32(output.count)
        let code = unsafe CZlib.inflate(state, Z_NO_FLUSH)
        return unsafe (
          code, input.count - Int(state.pointee.avail_in),
          output.count - Int(state.pointee.avail_out)
        )
      }
    }
  }

  /// Checks that the last member has come to its end.
  func finish() throws(GzipError) {
    guard isBetweenMembers else {
      throw GzipError(offset: consumed, reason: "the gzip data end too early")
    }
  }
}

/// What stops an inflation: the data, or whoever takes the output.
enum InflationFailure<Failure: Error>: Error {
  case input(GzipError)
  case output(Failure)
}
