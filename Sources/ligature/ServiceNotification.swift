import Glibc

/// Tells the service manager how the server is doing (sd_notify(3), "Standalone Implementations").
///
/// Nothing happens where `NOTIFY_SOCKET` is not set.
enum ServiceNotification {
  /// Searches are answered.
  static func ready() { send("READY=1\nSTATUS=answering") }
  /// Open requests finish, then it ends.
  static func stopping() { send("STOPPING=1\nSTATUS=finishing open requests") }
  /// What it does, in words.
  static func status(_ text: String) { send("STATUS=\(text)") }

  private static func send(_ message: String) {
    guard let path = unsafe getenv("NOTIFY_SOCKET").map({ unsafe String(cString: $0) }) else {
      return
    }
    _ = send(message, to: path)
  }

  /// Sends one datagram; a path that begins with "@" is in the abstract name space (unix(7)).
  static func send(_ message: String, to path: String) -> Bool {
    var address = sockaddr_un()
    var name = Array(path.utf8)
    let isAbstract = name.first == UInt8(ascii: "@")
    if isAbstract { name[0] = 0 }
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard !name.isEmpty, name.count < capacity else { return false }
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
      unsafe target.copyBytes(from: name)
    }
    let descriptor = socket(
      AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 0
    let length = socklen_t(offset + name.count + (isAbstract ? 0 : 1))
    let bytes = Array(message.utf8)
    let sent = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
      }
    }
    return sent == bytes.count
  }
}
