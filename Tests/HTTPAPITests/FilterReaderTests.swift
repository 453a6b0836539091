import HTTPDaemon
import Testing

@testable import AlignAPI
@testable import HTTPAPI

struct FilterReaderTests {
  @Test(arguments: [
    (#"{"corpus": "a"}"#, #"corpus("a")"#),
    (#"{"kind": "pair"}"#, "kind(pair)"),
    (#"{"descriptor": "logp", "max": 3}"#, "descriptor(logp,-inf,3.0)"),
    (#"{"property": "assay", "min": -1e3, "max": 2}"#, #"number("assay",-1000.0,2.0)"#),
    (#"{"property": "name", "equals": "x"}"#, #"property("name","x")"#),
    (#"{"substructure": "c1ccccc1"}"#, #"substructure("c1ccccc1")"#),
    (#"{"text_contains": "kinase"}"#, #"contains("kinase")"#),
    (
      #"{"and": [{"kind": "text"}, {"or": [{"not": {"corpus": "b"}}, {"corpus": "c"}]}]}"#,
      #"and(kind(text),or(not(corpus("b")),corpus("c")))"#
    ),
  ])
  func readsEveryFilter(json: String, signature: String) throws {
    #expect(try SearchFilter(json: json).signature == signature)
  }

  @Test(arguments: [
    ("[]", "filter", "found an array, expected an object"),
    ("{}", "filter", "found none"),
    (#"{"corpus": "a", "kind": "pair"}"#, "filter", "found corpus and kind"),
    (#"{"corpus": 3}"#, "filter.corpus", "found a number, expected a string"),
    (#"{"kind": "pear"}"#, "filter.kind", "found 'pear', expected one of molecule, text, pair"),
    (#"{"descriptor": "logp"}"#, "filter", "found neither min nor max"),
    (#"{"descriptor": "logp", "min": 2, "max": 1}"#, "filter", "found min above max"),
    (#"{"descriptor": "weight", "min": 2}"#, "filter.descriptor", "found 'weight'"),
    (#"{"descriptor": "logp", "min": "2"}"#, "filter.min", "found a string, expected a number"),
    (#"{"property": "x", "min": 2, "equals": "a"}"#, "filter.equals", "found beside min or max"),
    (#"{"substructure": "c1cc"}"#, "filter.substructure", "ring"),
    (#"{"similar_to": "C", "tanimoto": 2}"#, "filter.tanimoto", "found 2.0, expected 0 to 1"),
    (#"{"similar_to": "C("}"#, "filter.similar_to", "never closed"),
    (#"{"and": []}"#, "filter.and", "expected an array of at least one filter"),
    (#"{"or": [{"kind": "text"}, {"kind": 1}]}"#, "filter.or[1].kind", "found a number"),
    (#"{"kind": "text", "min": 1}"#, "filter.min", "unknown beside 'kind'"),
    (#"{"text_contains": ""}"#, "filter.text_contains", "found no text"),
    ("{", "filter", "not JSON"),
  ])
  func namesWhatIsWrong(json: String, field: String, detail: String) throws {
    let error = try #require(throws: FilterError.self) { try SearchFilter(json: json) }
    let item = try #require(error.items.first)
    #expect(item.field == field)
    #expect(item.detail.contains(detail), "\(item.detail)")
  }

  @Test func depthAndNumberAreLimited() throws {
    var deep = #"{"kind": "text"}"#
    for _ in 0..<16 { deep = #"{"not": \#(deep)}"# }
    #expect(throws: FilterError.self) { try SearchFilter(json: deep) }
    let many = (0..<65).map { _ in #"{"kind": "text"}"# }.joined(separator: ",")
    let error = try #require(throws: FilterError.self) {
      try SearchFilter(json: #"{"or": [\#(many)]}"#)
    }
    #expect(error.items.count == 1)
    #expect(error.items[0].detail == "found more than 64 filters")
  }

  @Test func everyMistakeIsNamed() throws {
    let error = try #require(throws: FilterError.self) {
      try SearchFilter(json: #"{"and": [{"kind": 1}, {"corpus": 2}, {"kind": "text"}]}"#)
    }
    #expect(error.items.map(\.field) == ["filter.and[0].kind", "filter.and[1].corpus"])
  }
}
