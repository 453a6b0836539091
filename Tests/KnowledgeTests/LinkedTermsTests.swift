import Knowledge
import Testing

struct LinkedTermsTests {
  @Test func termsFillTheirSlotsOnce() {
    let linked = LinkedTerms(
      [
        [
          Mention(term: 4, range: 0..<3), Mention(term: 2, range: 5..<9),
          Mention(term: 4, range: 10..<13),
        ], [],
      ], slots: 3)
    #expect(linked.terms == [4, 2, nil, nil, nil, nil])
    #expect(linked.mask == [true, true, false, false, false, false])
    #expect(linked.textCount == 2)
  }

  @Test func longestMentionsStayInOrder() {
    let linked = LinkedTerms(
      [
        [
          Mention(term: 1, range: 0..<3), Mention(term: 2, range: 5..<15),
          Mention(term: 3, range: 20..<23), Mention(term: 4, range: 30..<40),
        ]
      ], slots: 3)
    #expect(linked.terms == [1, 2, 4])
  }
}
