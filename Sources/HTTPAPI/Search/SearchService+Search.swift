package import AlignAPI
import Alignment
import HTTPDaemon
import Postgres
import Retrieval

extension SearchService {
  /// `POST /v1/search`.
  func search(_ request: HTTPRequest) async throws -> HTTPResponse {
    var fields = try request.fields()
    let model = try model()
    let search = try SearchBody(&fields, dimension: model.engine.model.dimension)
    let answer = try await model.engine.search(search.request)
    var json = JSONWriter(capacity: 256 + 1024 * answer.results.count)
    json.object { json in
      json.name("model")
      json.string(model.name)
      json.name("query")
      search.write(to: &json)
      json.name("results")
      json.array { json in
        for result in answer.results { result.write(to: &json) }
      }
      json.name("index")
      answer.index.write(to: &json)
      json.name("cursor")
      json.string(answer.cursor?.text)
      json.name("milliseconds")
      answer.timings.write(to: &json)
    }
    return HTTPResponse(contentType: "application/json", body: json.bytes)
  }
}

/// The body of a search, checked.
struct SearchBody {
  let request: SearchRequest
  private let source: Source

  private enum Grouping: String, CaseIterable { case scaffold }

  /// What the answer repeats of the question.
  private enum Source {
    case text(String)
    case smiles(String)
    case vector(length: Int)
  }

  /// Takes the fields; throws ``APIError`` that names every wrong one.
  init(_ fields: inout RequestFields, dimension: Int) throws(APIError) {
    let sources = ["text", "smiles", "vector"].filter { fields.has($0) }
    var found: (query: SearchQuery, source: Source)?
    do throws(SearchError) {
      if let text = fields.string("text") {
        found = (try SearchQuery(text: text), .text(text))
      }
    } catch { fields.refuse(error) }
    do throws(SearchError) {
      if let smiles = fields.string("smiles") {
        found = (try SearchQuery(smiles: smiles), .smiles(smiles))
      }
    } catch { fields.refuse(error) }
    do throws(SearchError) {
      if let vector = fields.numbers("vector") {
        found = (
          try SearchQuery(vector: vector, dimension: dimension), .vector(length: vector.count)
        )
      }
    } catch { fields.refuse(error) }
    if sources.count != 1 {
      fields.refuse(
        sources.first ?? "text",
        "found \(sources.isEmpty ? "none" : sources.joined(separator: " and ")), "
          + "expected exactly one of text, smiles and vector")
    }
    let target: SearchTarget? = fields.choice("target")
    let ranking: SearchRanking = fields.choice("ranking") ?? .embedding
    let diversity = fields.number("diversity") ?? 0
    let grouping: Grouping? = fields.choice("group_by")
    let filter = fields.document("filter").flatMap { document in
      var reader = FilterReader()
      let filter = reader.filter(document, at: "filter")
      for mistake in reader.mistakes {
        fields.refuse(mistake.field, offset: mistake.offset, mistake.detail)
      }
      return filter
    }
    var cursor: SearchCursor?
    do throws(SearchError) {
      cursor = try fields.string("cursor").map { text throws(SearchError) in
        try SearchCursor(text)
      }
    } catch { fields.refuse(error) }
    let count = fields.integer("k") ?? SearchRequest.defaultCount
    let corpus = fields.string("corpus")
    if !SearchRequest.counts.contains(count) {
      fields.refuse(.countOutOfRange(found: count, expected: SearchRequest.counts))
    }
    try fields.finish()
    guard let found else { preconditionFailure("a search without mistakes has a query") }
    do throws(SearchError) {
      request = try SearchRequest(
        found.query, target: target, count: count, corpus: corpus, filter: filter,
        ranking: ranking, diversity: Float(diversity), groupsByScaffold: grouping == .scaffold,
        cursor: cursor)
    } catch {
      guard let item = error.item else { preconditionFailure("\(error) is about no field") }
      throw .invalid([item])
    }
    source = found.source
  }

  func write(to json: inout JSONWriter) {
    json.object { json in
      switch source {
      case .text(let text):
        json.name("text")
        json.string(text)
      case .smiles(let smiles):
        json.name("smiles")
        json.string(smiles)
      case .vector(let length):
        json.name("vector_length")
        json.integer(length)
      }
      json.name("target")
      json.string(request.target.rawValue)
      json.name("k")
      json.integer(request.count)
      json.name("corpus")
      json.string(request.corpus)
      json.name("ranking")
      json.string(request.ranking.rawValue)
    }
  }
}

extension RequestFields {
  /// Adds a mistake that the search layer found.
  fileprivate mutating func refuse(_ error: SearchError) {
    guard let item = error.item else { preconditionFailure("\(error) is about no field") }
    refuse(item.field, offset: item.offset, item.detail)
  }
}

extension SearchResult {
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.name("rank")
      json.integer(rank)
      json.name("id")
      json.integer(id)
      json.name("source_id")
      json.string(sourceID)
      json.name("source_ids")
      json.array { json in
        for id in sourceIDs { json.string(id) }
      }
      json.name("corpus")
      json.string(corpus)
      json.name("score")
      json.number(score)
      json.name("smiles")
      json.string(smiles)
      json.name("text")
      json.string(text)
      json.name("properties")
      json.spelled(properties.text)
      if !ranks.isEmpty {
        json.name("ranks")
        json.object { json in
          for ranking in SearchRanking.allCases {
            guard let rank = ranks[ranking] else { continue }
            json.name(text: ranking.rawValue)
            json.integer(rank)
          }
        }
      }
      if let scaffold, let groupSize {
        json.name("scaffold")
        json.string(scaffold)
        json.name("group_size")
        json.integer(groupSize)
      }
    }
  }
}

extension IndexUse? {
  fileprivate func write(to json: inout JSONWriter) {
    guard let self else { return json.null() }
    json.object { json in
      json.name("kind")
      json.string(self.kind.rawValue)
      json.name("recall@10")
      if let recall = self.recall { json.number(recall) } else { json.null() }
    }
  }
}

extension SearchTimings {
  package func write(to json: inout JSONWriter) {
    json.object { json in
      json.name("queue")
      json.number(queue.milliseconds)
      json.name("encode")
      json.number(encode.milliseconds)
      if let filter {
        json.name("filter")
        json.number(filter.milliseconds)
      }
      json.name("search")
      json.number(search.milliseconds)
      json.name("database")
      json.number(database.milliseconds)
      if let rerank {
        json.name("rerank")
        json.number(rerank.milliseconds)
      }
    }
  }
}
