import CMicroHTTPD
import Glibc

/// Where a server's certificate and key are; both are PEM files of at most 1 MiB.
public struct TLSFiles: Sendable, Equatable {
  /// The server's certificate, then those between it and the root, at most 16.
  public var certificate: String
  /// Its private key, not encrypted.
  public var key: String

  /// Names the two files.
  public init(certificate: String, key: String) {
    self.certificate = certificate
    self.key = key
  }
}

/// Why a certificate and key cannot be used.
public enum TLSError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The server speaks no TLS.
  case notConfigured
  /// A file cannot be read.
  case unreadable(path: String, reason: String)
  /// The file holds no usable chain of certificates.
  case badCertificate(path: String, reason: String)
  /// The file holds no usable private key.
  case badKey(path: String, reason: String)
  /// The key is not the certificate's.
  case mismatch(certificate: String, key: String)

  /// One sentence for the operator.
  public var description: String {
    switch self {
    case .notConfigured: "the server has no certificate to read again: it speaks no TLS"
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .badCertificate(let path, let reason): "\(path) holds no chain of certificates: \(reason)"
    case .badKey(let path, let reason): "\(path) holds no private key: \(reason)"
    case .mismatch(let certificate, let key): "the key in \(key) is not that of \(certificate)"
    }
  }
}

/// A certificate chain with its key.
///
/// Invariant behind `@unchecked Sendable`: the pointer is immutable, and what it points to is
/// immutable but for its atomic count of references, of which this object has one.
@safe final class TLSIdentity: @unchecked Sendable {
  private let pointer: OpaquePointer

  /// Reads and checks the files.
  init(_ files: TLSFiles) throws(TLSError) {
    let chain = try Self.read(files.certificate)
    let key = try Self.read(files.key)
    var pointer: OpaquePointer?
    var reason: UnsafePointer<CChar>?
    let fault = unsafe chain.withUnsafeBytes { chain in
      unsafe key.withUnsafeBytes { key in
        unsafe ligature_identity_create(
          chain.baseAddress, chain.count, key.baseAddress, key.count, &pointer, &reason)
      }
    }
    if let pointer = unsafe pointer {
      unsafe self.pointer = unsafe pointer
      return
    }
    let text = unsafe reason.map { unsafe String(cString: $0) } ?? "unknown"
    switch fault {
    case LIGATURE_IDENTITY_CERTIFICATE:
      throw .badCertificate(path: files.certificate, reason: text)
    case LIGATURE_IDENTITY_KEY:
      throw .badKey(path: files.key, reason: text)
    default:
      throw .mismatch(certificate: files.certificate, key: files.key)
    }
  }

  deinit { unsafe ligature_identity_release(pointer) }

  /// When the certificate expires, in seconds since 1970.
  var expiry: Int { unsafe Int(ligature_identity_expiry(pointer)) }

  /// A reference for a connection, to be given back with ``release(_:)``.
  func retained() -> UnsafeMutableRawPointer {
    unsafe ligature_identity_retain(pointer)
    return unsafe UnsafeMutableRawPointer(pointer)
  }

  static func release(_ reference: UnsafeMutableRawPointer) {
    unsafe ligature_identity_release(OpaquePointer(reference))
  }

  private static func read(_ path: String) throws(TLSError) -> [UInt8] {
    func failure(_ code: Int32) -> TLSError {
      .unreadable(path: path, reason: unsafe String(cString: strerror(code)))
    }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe piece.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure(errno) }
      if count == 0 { return bytes }
      bytes += piece[..<count]
      guard bytes.count <= 1 << 20 else { throw failure(EFBIG) }
    }
  }
}
