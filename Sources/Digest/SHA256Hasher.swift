import CGnuTLS
import Glibc

// The one file of this module that handles pointers: GnuTLS handles and file descriptors.

/// Takes the SHA-256 digest of bytes that arrive in pieces.
///
/// Owns one GnuTLS handle from `init` to `deinit`; nothing else ever sees it, so use is safe.
@safe
public struct SHA256Hasher: ~Copyable {
  private let handle: gnutls_hash_hd_t

  /// Starts with no bytes.
  public init() {
    var created: gnutls_hash_hd_t?
    let status = unsafe gnutls_hash_init(&created, GNUTLS_DIG_SHA256)
    guard status == 0, let created = unsafe created else {
      preconditionFailure("GnuTLS cannot start SHA-256: status \(status)")
    }
    unsafe handle = unsafe created
  }

  deinit {
    unsafe gnutls_hash_deinit(handle, nil)
  }

  /// Adds bytes after those already seen.
  public mutating func update(_ bytes: [UInt8]) {
    update(bytes.span)
  }

  /// Adds bytes after those already seen.
  public mutating func update(_ bytes: Span<UInt8>) {
    let status = unsafe bytes.withUnsafeBytes { buffer in
      unsafe gnutls_hash(handle, buffer.baseAddress, buffer.count)
    }
    precondition(status == 0, "GnuTLS cannot continue SHA-256: status \(status)")
  }

  /// The digest of everything seen; ends this hasher.
  public consuming func finalize() -> SHA256Digest {
    var bytes = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
    unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe gnutls_hash_output(handle, buffer.baseAddress)
    }
    return SHA256Digest(bytes: bytes)
  }
}

extension SHA256Digest {
  /// The digest of a file's contents, read in blocks of 1 MiB.
  ///
  /// - Throws: ``DigestError/cannotOpen(path:reason:)`` when there is no readable file, and
  ///   ``DigestError/cannotRead(path:offset:reason:)`` when reading fails (a directory does).
  public static func ofFile(at path: String) throws(DigestError) -> SHA256Digest {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotOpen(path: path, reason: systemMessage(errno))
    }
    defer { close(descriptor) }
    var hasher = SHA256Hasher()
    var block = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while true {
      let count = unsafe block.withUnsafeMutableBytes { buffer in
        unsafe read(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        throw .cannotRead(path: path, offset: offset, reason: systemMessage(code))
      }
      if count == 0 { return hasher.finalize() }
      hasher.update(block.span.extracting(first: count))
      offset += count
    }
  }

  private static func systemMessage(_ code: Int32) -> String {
    unsafe String(cString: unsafe strerror(code))
  }
}

extension SHA256Digest {
  /// Compares every byte, so that the time taken does not tell where two digests differ.
  public func isEqualInConstantTime(to other: SHA256Digest) -> Bool {
    unsafe bytes.withUnsafeBufferPointer { left in
      unsafe other.bytes.withUnsafeBufferPointer { right in
        unsafe gnutls_memcmp(left.baseAddress, right.baseAddress, Self.byteCount) == 0
      }
    }
  }
}
