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
    return HTTPResponse(contentType: "application/json", body: search.answer(from: model, answer))
  }
}

/// The body of a search, checked.
struct SearchBody {
  let request: SearchRequest
  private let stated: StatedQuery

  private enum Grouping: String, CaseIterable { case scaffold }

  /// Takes the fields; throws ``APIError`` that names every wrong one.
  init(_ fields: inout RequestFields, dimension: Int) throws(APIError) {
    let stated = StatedQuery(&fields, dimension: dimension)
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
    guard let stated else { preconditionFailure("a search without mistakes has a query") }
    do throws(SearchError) {
      request = try SearchRequest(
        stated.query, target: target, count: count, corpus: corpus, filter: filter,
        ranking: ranking, diversity: Float(diversity), groupsByScaffold: grouping == .scaffold,
        cursor: cursor)
    } catch {
      guard let item = error.item else { preconditionFailure("\(error) is about no field") }
      throw .invalid([item])
    }
    self.stated = stated
  }

  /// An answer with what it repeats of the question, as JSON.
  func answer(from model: SearchService.Model, _ answer: SearchAnswer) -> [UInt8] {
    var json = JSONWriter(capacity: 256 + 1024 * answer.results.count)
    json.object { json in
      json.name("model")
      json.string(model.name)
      json.name("query")
      write(to: &json)
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
    return json.bytes
  }

  private func write(to json: inout JSONWriter) {
    json.object { json in
      stated.writeMembers(to: &json)
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
