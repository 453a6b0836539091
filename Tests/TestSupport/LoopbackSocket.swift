import Foundation
import Glibc

/// A TCP port of 127.0.0.1 that is this test's; when it listens, it takes calls and says nothing.
package final class LoopbackSocket {
  package let port: Int
  private let descriptor: Int32

  package init(listening: Bool) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        if unsafe bind(descriptor, generic, length) != 0 { return Int32(-1) }
        return unsafe getsockname(descriptor, generic, &length)
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    if result != 0 || (listening && listen(descriptor, 4) != 0) {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
  }

  deinit { close(descriptor) }

  /// A port that nobody listens on now.
  package static func freePort() throws -> Int { try LoopbackSocket(listening: false).port }
}
