import Foundation
import HTTPDaemon
import LigatureClient
import Logging
import ModelTestSupport
import Testing

@testable import AlignAPI
@testable import HTTPAPI

/// The main calls against a live server on a database of its own.
@Suite struct ClientDatabaseTests {
  private func withClient(_ body: (Client) async throws -> Void) async throws {
    let fixture = try SearchFixture.shared()
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let service = SearchService(version: "1", log: log)
    let server = try HTTPServer(
      configuration: SearchService.configuration(host: "127.0.0.1", port: 0),
      immediate: service.respondImmediately, admission: service.admission,
      handler: service.handler())
    let engine = try SearchEngine(
      checkpoint: fixture.checkpoint, database: try fixture.makeDatabase(), follows: true)
    let model = SearchService.Model(checkpoint: fixture.checkpoint, engine: engine)
    service.begin(model)
    let address = try #require(URL(string: "http://127.0.0.1:\(server.port)"))
    let outcome: Result<Void, any Error>
    do {
      outcome = .success(try await body(Client(address, retries: .none)))
    } catch {
      outcome = .failure(error)
    }
    model.stop()
    await server.drain(deadline: .seconds(5))
    try outcome.get()
  }

  @Test func searchesAndEmbeddings() async throws {
    try await withClient { client in
      #expect(try await client.getReadiness() == "ready")
      let first = try await client.search(SearchRequest(.text("opioid"), k: 3))
      #expect(first.results.map(\.rank) == [1, 2, 3])
      var next = SearchRequest(.text("opioid"), k: 3)
      next.cursor = first.cursor
      #expect(try await client.search(next).results.map(\.rank) == [4, 5, 6])
      let answers = try await client.searchBatch([next, SearchRequest(.smiles("C1CC"))]).answers
      #expect(answers[0].answer?.results.count == 3)
      #expect(answers[1].problem?["status"]?.number == 422)
      let embeddings = try await client.createEmbeddings(EmbeddingsRequest(["a", "b"]))
      #expect(embeddings.data.count == 2 && embeddings.dimension == 16)
      let scores = try await client.getSimilarity([
        ThingPair(left: .text("pain"), right: .smiles("CCO"))
      ]).scores
      let ranking = try await client.rank([.smiles("CCO")], for: .text("pain"))
      #expect(abs(ranking.ranking[0].score - scores[0]) < 1e-5)
      #expect(try await client.getMetrics().contains("# TYPE"))
    }
  }

  @Test func wrongFieldsAreNamed() async throws {
    try await withClient { client in
      do {
        _ = try await client.search(SearchRequest(.smiles("C1CC"), k: 0))
        Issue.record("no error")
      } catch ClientError.problem(let problem) {
        #expect(problem.status == 422)
        #expect(Set(problem.errors.map(\.field)) == ["k", "smiles"])
        #expect(problem.requestID != nil)
      }
    }
  }

  @Test func molecules() async throws {
    try await withClient { client in
      #expect(try await !client.validateMolecule(.smiles("C1CC")).valid)
      #expect(try await client.canonicalizeMolecule(.smiles("OCC")).canonicalSmiles == "CCO")
      #expect(try await client.findSubstructure("O", in: .smiles("CCO")).atoms == [[2]])
      let picture = try await client.depictMolecule(.smiles("CCO"), PictureOptions(format: "png"))
      #expect(picture.value.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
  }

  @Test func itemsAreWrittenReadListedAndDeleted() async throws {
    try await withClient { client in
      let made = try await client.putItem(
        "new", "a/1", ItemContent(smiles: "CCO", properties: ["my_key": "x"]))
      #expect(made.value.status == "created" && made.status == 201)
      let item = try await client.getItem("new", "a/1")
      #expect(item.properties == ["my_key": "x"])
      #expect(try await client.getItemByNumber(item.id).sourceId == "a/1")
      let changed = try await client.putItem(
        "new", "a/1", ItemContent(text: "solvent"), ifMatch: item.etag, idempotencyKey: "k1")
      let again = try await client.putItem(
        "new", "a/1", ItemContent(text: "solvent"), ifMatch: item.etag, idempotencyKey: "k1")
      #expect(changed.value == again.value && again.isReplayed)
      var statuses: [String] = []
      for try await result in try await client.writeItems(
        "new", [.put("b", ItemContent(smiles: "CCC")), .put("c", ItemContent(smiles: "C1CC"))])
      {
        statuses.append(result.status)
      }
      #expect(statuses == ["created", "refused"])
      #expect(try await client.listItems("new").items.map(\.sourceId) == ["a/1", "b"])
      var export = Data()
      for try await piece in try await client.exportCorpus("new") { export.append(piece) }
      #expect(String(decoding: export, as: UTF8.self).split(separator: "\n").count == 2)
      #expect(try await client.deleteItem("new", "b").value.status == "deleted")
      #expect(try await client.deleteCorpus("new").deletedItems == 1)
    }
  }
}
