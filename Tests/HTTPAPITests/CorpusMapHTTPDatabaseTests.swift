import Foundation
import HTTPDaemon
import ModelTestSupport
import Testing

@testable import HTTPAPI

/// `GET /v1/corpora/{corpus}/map` and `POST /v1/molecules/sdf` on a live server.
struct CorpusMapHTTPDatabaseTests {
  private struct Map: Decodable {
    let corpus: String
    let dimension: Int
    let molecules: Int
    let points: [[Double]]
    let values: [Double?]?
  }

  private func withServer(_ body: (APIClient) async throws -> Void) async throws {
    let fixture = try SearchFixture.shared()
    try await APIClient.withServer(
      APIClient(fixture, database: fixture.makeDatabase()), body)
  }

  @Test func pointsAreItemsAndAPrefixIsASample() async throws {
    try await withServer { client in
      let all = try await client.get("/v1/corpora/pairs/map?descriptor=logp")
        .decoded(as: Map.self)
      #expect(all.corpus == "pairs" && all.dimension == 2 && all.molecules == 40)
      #expect(all.points.count == 40 && all.values?.count == 40)
      let some = try await client.get("/v1/corpora/pairs/map?points=7").decoded(as: Map.self)
      #expect(some.points == Array(all.points.prefix(7)))
      #expect(some.values == nil)
    }
  }

  @Test func wrongParametersAreNamedAndAnUnknownCorpusIsNotFound() async throws {
    try await withServer { client in
      let answer = try await client.get("/v1/corpora/pairs/map?points=0&descriptor=x&y=1")
      #expect(answer.status == 422)
      #expect(try answer.wrongFields() == ["points", "descriptor", "y"])
      #expect(try await client.get("/v1/corpora/none/map").status == 404)
    }
  }

  @Test func aStructureFileHasTitlesCoordinatesAndDataItems() async throws {
    try await withServer { client in
      let answer = try await client.post(
        "/v1/molecules/sdf",
        #"{"molecules": [{"smiles": "CCO", "name": "ethanol", "fields": {"id": "7"}}, {"smiles": "C"}]}"#
      )
      #expect(answer.headers["content-type"] == "chemical/x-mdl-sdfile")
      let records = answer.text.components(separatedBy: "$$$$\n").dropLast()
      #expect(records.count == 2)
      #expect(records[0].hasPrefix("ethanol\n"))
      #expect(records[0].contains(">  <id>\n7\n"))
      #expect(records[0].contains("  3  2"))
    }
  }

  @Test func everyWrongMoleculeOfAStructureFileIsNamed() async throws {
    try await withServer { client in
      let answer = try await client.post(
        "/v1/molecules/sdf",
        #"{"molecules": [{"smiles": "C("}, {"smiles": "C", "fields": {"a": 1}}]}"#)
      #expect(answer.status == 422)
      #expect(
        try answer.wrongFields() == ["molecules[0].smiles", "molecules[1].fields.a"])
    }
  }
}
