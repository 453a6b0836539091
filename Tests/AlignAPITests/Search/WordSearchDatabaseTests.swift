import ModelTestSupport
import Postgres
import Testing

@testable import AlignAPI

/// The rows of a ranking by words come page by page, and none is lost between them.
struct WordSearchDatabaseTests {
  let connection: Connection
  /// Without limits.
  let whole: [Candidate]
  /// Items of a small corpus, each with the text of another item.
  let late: [Int64]

  private static let text = "an inhibitor of an enzyme for the treatment of pain"

  init() throws {
    let fixture = try SearchFixture.shared()
    connection = try Connection(try fixture.makeDatabase())
    try connection.execute("insert into corpora (name) values ('late')")
    late = try fixture.insert(0..<20, into: "late", hasTexts: true, connection)
    whole = try WordSearch(text: Self.text, target: .molecules)
      .best(1000, from: connection) { _ in true }
  }

  private func search(pageSize: Int) -> WordSearch {
    var search = WordSearch(text: Self.text, target: .molecules)
    search.pageSize = pageSize
    return search
  }

  @Test(arguments: [1, 3, 10]) func pagesGiveTheWholeRanking(pageSize: Int) throws {
    #expect(whole.count > 10)
    // Equal texts have equal scores, and pages end among them.
    #expect(Set(whole.map(\.score)).count < whole.count)
    #expect(try search(pageSize: pageSize).best(1000, from: connection) { _ in true } == whole)
    #expect(
      try search(pageSize: pageSize).best(5, from: connection) { _ in true }
        == Array(whole.prefix(5)))
  }

  @Test func whatIsAllowedIsFoundHoweverFarDown() throws {
    let last = try #require(whole.last)
    let found = try search(pageSize: 3).best(5, from: connection) { $0 == last.id }
    #expect(found == [last])
  }

  @Test func corpusIsAskedForInTheStatement() throws {
    var search = search(pageSize: 3)
    search.corpus = try connection.query("select id from corpora where name = 'late'").single()
      .value(at: 0)
    let expected = whole.filter { late.contains($0.id) }
    #expect(!expected.isEmpty)
    var asked = 0
    let found = try search.best(1000, from: connection) { _ in
      asked += 1
      return true
    }
    #expect(found == expected && asked == expected.count)
  }
}
