import Alignment
import Digest
import Foundation
import ModelTestSupport
import Postgres
import TestSupport
import Testing

@testable import AlignAPI
@testable import HTTPAPI

/// What is told of the experts of a model with a backbone, while it encodes.
struct ExpertsDatabaseTests {
  private struct Experts: Decodable {
    struct Layer: Decodable {
      struct Heatmap: Decodable {
        let slots: Int
        let counts: [[Int]]
      }
      let experts: Int
      let tokens: Int
      let utilization: [Double]
      let routingEntropy: Double?
      let temperature: Double
      let heatmap: Heatmap
    }
    let layers: [Layer]
  }

  /// A server with a model of 16 experts in two blocks, and an empty database.
  private func withServer(_ body: (APIClient) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "ligature-experts-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let checkpoint = try TinyModel(
      compounds: 24, batchSize: 12, seed: 5, experts: 16, in: folder
    ).checkpoint
    let database = try TemporaryCluster.shared().makeDatabase()
    let connection = try Connection(database)
    try Migrator(folder: TinyModel.root + "/migrations").migrate(connection)
    try connection.execute(
      """
      insert into models (name, checksum, dimension, config)
      values ('experts', \(checkpoint.checksum.hexadecimal), 16::integer, '{}')
      """)
    try connection.execute("select add_embedding_partitions(id) from models")
    try await APIClient.withServer(try APIClient()) { client in
      let engine = try SearchEngine(
        checkpoint: checkpoint, database: database, metrics: client.service.engineMetrics)
      client.service.begin(SearchService.Model(checkpoint: checkpoint, engine: engine))
      try await body(client)
    }
  }

  @Test func workOfTheExpertsIsCounted() async throws {
    try await withServer { client in
      let before: Experts = try await client.get("/v1/experts").decoded()
      #expect(before.layers.map(\.tokens) == [0, 0])
      #expect(before.layers.allSatisfy { $0.routingEntropy == nil })
      let texts = (0..<40).map { "\"text number \($0)\"" }.joined(separator: ",")
      #expect(try await client.post("/v1/embeddings", "{\"input\": [\(texts)]}").status == 200)
      let after: Experts = try await client.get("/v1/experts").decoded()
      #expect(after.layers.count == 2)
      for layer in after.layers {
        #expect(layer.experts == 16 && layer.utilization.count == 16)
        // One view of each text is one token.
        #expect(layer.tokens == 40)
        #expect(abs(layer.utilization.reduce(0, +) - 1) < 1e-9)
        #expect((0...1).contains(layer.routingEntropy ?? -1) && layer.temperature > 0)
        #expect(layer.heatmap.counts.count == 16)
        #expect(layer.heatmap.counts.allSatisfy { $0.count == layer.heatmap.slots })
        // Each token works with three experts.
        #expect(layer.heatmap.counts.flatMap(\.self).reduce(0, +) == 120)
      }
      let lines = try await client.get("/metrics").text.split(separator: "\n")
      func sum(_ prefix: String) -> Double {
        lines.filter { $0.hasPrefix(prefix) }
          .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
      }
      for layer in 0..<2 {
        #expect(sum("ligature_expert_tokens_total{layer=\"\(layer)\"") == 120)
        #expect(sum("ligature_expert_slot_tokens_total{layer=\"\(layer)\"") == 120)
        #expect(abs(sum("ligature_expert_utilization_ratio{layer=\"\(layer)\"") - 1) < 1e-9)
        #expect((0...1).contains(sum("ligature_routing_entropy_ratio{layer=\"\(layer)\"")))
        #expect(sum("ligature_router_temperature{layer=\"\(layer)\"") > 0)
      }
    }
  }
}
