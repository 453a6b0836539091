import Digest
import Foundation
import Testing

@Suite struct SHA256DigestTests {
  /// The examples of FIPS 180-4's companion document, and the empty string.
  static let vectors: [(String, String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]

  @Test(arguments: vectors)
  func knownTextsHaveTheirPublishedDigests(text: String, digest: String) {
    #expect(SHA256Digest.of(utf8: text).hexadecimal == digest)
    #expect(SHA256Digest.of(bytes: Array(text.utf8)).description == digest)
  }

  @Test func hexadecimalIsReadInEitherCase() throws {
    let digest = SHA256Digest.of(utf8: "abc")
    #expect(try SHA256Digest(hexadecimal: digest.hexadecimal) == digest)
    #expect(try SHA256Digest(hexadecimal: digest.hexadecimal.uppercased()) == digest)
  }

  @Test(arguments: [
    "", "ab", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
    String(repeating: "0", count: 66), String(repeating: "g", count: 64),
    String(repeating: "é", count: 32),
  ])
  func anythingElseIsRefusedByName(text: String) {
    #expect(throws: DigestError.notHexadecimal(text)) { try SHA256Digest(hexadecimal: text) }
  }

  @Test func jsonHoldsTheHexadecimalString() throws {
    let digest = SHA256Digest.of(utf8: "abc")
    let json = try JSONEncoder().encode(["file": digest])
    #expect(String(decoding: json, as: UTF8.self) == #"{"file":"\#(digest.hexadecimal)"}"#)
    #expect(try JSONDecoder().decode([String: SHA256Digest].self, from: json) == ["file": digest])
  }

  @Test func malformedJsonNamesWhatWasExpected() {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([SHA256Digest].self, from: Data(#"["abc"]"#.utf8))
    }
    #expect("\(error, default: "none")".contains("64 hexadecimal digits"))
  }

  @Test func equalDigestsHashAlike() {
    let set: Set = [SHA256Digest.of(utf8: "a"), .of(utf8: "a"), .of(utf8: "b")]
    #expect(set.count == 2)
  }
}
