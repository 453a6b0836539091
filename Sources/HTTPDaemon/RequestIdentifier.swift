import Synchronization

/// Makes request identifiers: a random prefix per daemon and a counter, "9f86d081884c7d65-2a".
final class RequestIdentifierSource: Sendable {
  private let prefix: String
  private let counter = Atomic<UInt64>(0)

  init() {
    prefix = String(UInt64.random(in: .min ... .max), radix: 16)
  }

  func next() -> String {
    let number = counter.add(1, ordering: .relaxed).newValue
    return prefix + "-" + String(number, radix: 16)
  }

  /// A client's identifier is used when it has 1...128 of `A-Z a-z 0-9 . _ -`, so that it is safe
  /// in logs and headers.
  static func isUsable(_ identifier: String) -> Bool {
    (1...128).contains(identifier.utf8.count)
      && identifier.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}
