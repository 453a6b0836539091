import Retrieval
import Testing

@Suite struct VectorErrorTests {
  static let sentences: [(VectorError.Reason, String)] = [
    (.byteCount(found: 3, expected: 4), "vector of item -7: 3 bytes, expected 4"),
    (.notFinite(component: 12), "vector of item -7: value 12 is not a finite number"),
    (.repeatedID, "item -7 has two vectors, expected one"),
  ]

  @Test(arguments: sentences)
  func everyReasonNamesTheItemAndWhatWasFound(reason: VectorError.Reason, sentence: String) {
    #expect(VectorError(id: -7, reason: reason).description == sentence)
  }
}
