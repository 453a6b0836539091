import Molecule
import Testing

@testable import AlignAPI

@Suite struct SearchRequestTests {
  @Test(arguments: [1, 10, 1000])
  func countsInsideTheRangeAreTaken(count: Int) throws {
    #expect(try SearchRequest(SearchQuery(text: "a"), count: count).count == count)
  }

  @Test(arguments: [0, -1, 1001, .max])
  func countsOutsideTheRangeAreRefused(count: Int) {
    #expect(throws: SearchError.countOutOfRange(found: count, expected: 1...1000)) {
      try SearchRequest(SearchQuery(text: "a"), count: count)
    }
  }

  @Test func targetFollowsFromTheQuery() throws {
    #expect(try SearchRequest(SearchQuery(text: "a")).target == .molecules)
    #expect(try SearchRequest(SearchQuery(smiles: "C")).target == .texts)
    #expect(try SearchRequest(SearchQuery(vector: [1], dimension: 1)).target == .molecules)
    #expect(try SearchRequest(SearchQuery(smiles: "C"), target: .molecules).target == .molecules)
  }

  @Test func vectorIsBroughtToUnitLength() throws {
    guard case .vector(let unit) = try SearchQuery(vector: [0x1.8p101, -0x1p102], dimension: 2)
    else {
      Issue.record("not a vector")
      return
    }
    #expect(unit == [0.6, -0.8])
  }

  @Test func wrongVectorsAreRefused() {
    #expect(throws: SearchError.vectorLength(found: 1, expected: 2)) {
      try SearchQuery(vector: [1], dimension: 2)
    }
    #expect(throws: SearchError.vectorNotFinite(index: 1)) {
      try SearchQuery(vector: [1, .infinity], dimension: 2)
    }
    #expect(throws: SearchError.vectorNotFinite(index: 0)) {
      try SearchQuery(vector: [.nan, 1], dimension: 2)
    }
    #expect(throws: SearchError.vectorIsZero) { try SearchQuery(vector: [0, -0.0], dimension: 2) }
  }

  @Test func textWithoutAWordIsRefused() {
    #expect(throws: SearchError.emptyText) { try SearchQuery(text: " \n\t") }
    let limit = SearchQuery.longestText
    #expect(throws: SearchError.textTooLong(bytes: limit + 1, limit: limit)) {
      try SearchQuery(text: String(repeating: "a", count: limit + 1))
    }
  }

  @Test func badSMILESKeepsItsPlace() {
    #expect(throws: SearchError.badSMILES(SMILESError(reason: .unclosedRing(number: 1), offset: 1)))
    {
      try SearchQuery(smiles: "C1CC")
    }
    let limit = SearchQuery.longestSMILES
    #expect(throws: SearchError.smilesTooLong(bytes: limit + 1, limit: limit)) {
      try SearchQuery(smiles: String(repeating: "C", count: limit + 1))
    }
  }
}
