import Digest
import Foundation
import Testing

@Suite struct SHA256HasherTests {
  /// `bytes((i * 31 + i // 256) % 256 for i in range(n))` in Python, with `hashlib.sha256`.
  static let patterned: [(Int, String)] = [
    (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    (63, "b5ec25bd1c4b7c94c9ea9d235272e43f644f561d7c8c7e58ec5fa9aefe95ef07"),
    (64, "a08f82c23e6c13629d8e33d0d2a13005fb104363eb793b5e8842044951d27764"),
    (65, "c0a0263ae1ab4e9dda9cd2ed6c44b23ee6ff75c90c640185f462fad7f24fcd6f"),
    (1_048_576, "f6a34d4c79c3d12c297589206bf216b084347471a53ea5e7fe9a46bd1230f098"),
    (2_500_001, "bd1c6c11f0403b2f5a8b1c2e2cefbc8b275be67b2ecdc75bbb6b7c689ec763a4"),
  ]

  static func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 256) }
  }

  @Test(arguments: patterned)
  func lengthsAroundBlocksAgreeWithHashlib(count: Int, digest: String) {
    #expect(SHA256Digest.of(bytes: Self.pattern(count)).hexadecimal == digest)
  }

  @Test(arguments: patterned)
  func filesAgreeWithHashlib(count: Int, digest: String) throws {
    let path = NSTemporaryDirectory() + "digest-\(UUID().uuidString)"
    try Data(Self.pattern(count)).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try SHA256Digest.ofFile(at: path).hexadecimal == digest)
  }

  @Test(arguments: [1, 7, 64, 1000])
  func piecesAddUpToTheWhole(size: Int) {
    let bytes = Self.pattern(5000)
    var hasher = SHA256Hasher()
    for start in stride(from: 0, to: bytes.count, by: size) {
      hasher.update(Array(bytes[start..<min(start + size, bytes.count)]))
    }
    hasher.update([])
    #expect(hasher.finalize() == SHA256Digest.of(bytes: bytes))
  }

  @Test func unfinishedHasherIsReleased() {
    for _ in 0..<1000 {
      var hasher = SHA256Hasher()
      hasher.update([1, 2, 3])
    }
  }

  @Test func missingFileIsNamed() {
    let path = NSTemporaryDirectory() + "digest-\(UUID().uuidString)"
    #expect(throws: DigestError.cannotOpen(path: path, reason: "No such file or directory")) {
      try SHA256Digest.ofFile(at: path)
    }
  }

  @Test func directoryIsNotAFile() {
    let path = NSTemporaryDirectory()
    #expect(throws: DigestError.cannotRead(path: path, offset: 0, reason: "Is a directory")) {
      try SHA256Digest.ofFile(at: path)
    }
  }
}
