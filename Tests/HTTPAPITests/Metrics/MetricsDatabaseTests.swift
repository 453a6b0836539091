import Foundation
import HTTPDaemon
import ModelTestSupport
import PrometheusText
import TestSupport
import Testing

@testable import AlignAPI
@testable import HTTPAPI

/// What `/metrics` tells is what docs/metrics.md promises, as promtool reads it.
struct MetricsDatabaseTests {
  let fixture: SearchFixture

  init() throws { fixture = try SearchFixture.shared() }

  /// The samples of a text, without histograms' buckets.
  private func samples(_ text: String) -> [String: Double] {
    var samples: [String: Double] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: " ")
      samples[parts.dropLast().joined(separator: " ")] = parts.last.flatMap { Double($0) }
    }
    return samples
  }

  /// Gives a text to promtool; returns what it complains of.
  private func complaints(_ text: String) throws -> String {
    let path = NSTemporaryDirectory() + "ligature-metrics-\(UUID().uuidString)"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["promtool", "check", "metrics"]
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    let output = Pipe()
    process.standardError = output
    process.standardOutput = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let words = String(decoding: said, as: UTF8.self)
    return process.terminationStatus == 0 ? words : "failed: \(words)"
  }

  @Test func promtoolHasNothingToSay() async throws {
    try await APIClient.withServer(try APIClient(fixture, database: try fixture.makeDatabase())) {
      client in
      for _ in 0..<3 { _ = try await client.search(#""text": "a beta blocker""#) }
      _ = try await client.search(#""text": 1"#)
      _ = try await client.get("/nothing")
      let answer = try await client.get("/metrics")
      #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      #expect(try complaints(answer.text) == "")
      let samples = samples(answer.text)
      func requests(_ route: String, _ method: String, _ status: String) -> Double? {
        let labels = "route=\"\(route)\",method=\"\(method)\",status=\"\(status)\""
        return samples["ligature_http_requests_total{\(labels)}"]
      }
      #expect(requests("/v1/search", "POST", "2xx") == 3)
      #expect(requests("/v1/search", "POST", "4xx") == 1)
      #expect(requests("other", "other", "4xx") == 1)
      #expect(samples["ligature_http_requests_in_flight"] == 1)
      #expect(samples["ligature_ready"] == 1)
      #expect(samples["ligature_stage_duration_seconds_count{stage=\"batch\"}"] == 3)
      #expect(samples["ligature_cache_hits_total{cache=\"embeddings\"}"] == 2)
      #expect(samples["ligature_cache_misses_total{cache=\"embeddings\"}"] == 1)
      #expect(
        samples["ligature_index_rows{corpus=\"pairs\",side=\"texts\",kind=\"exact\"}"] == 40)
      #expect(samples["ligature_items"] == 60)
      #expect(samples["ligature_database_up"] == 1)
      #expect(samples["process_resident_memory_bytes"] ?? 0 > 1e6)
      let now = Date().timeIntervalSince1970
      let started = samples["process_start_time_seconds"] ?? 0
      #expect(started <= now && now - started < 7_200)
      #expect(samples["process_open_fds"] ?? 0 > 3)
    }
  }

  @Test func serverWithoutAModelTellsThatItIsNotReady() async throws {
    try await APIClient.withServer(try APIClient()) { client in
      _ = try await client.search(#""text": "a""#)
      let text = try await client.get("/metrics").text
      #expect(try complaints(text) == "")
      #expect(samples(text)["ligature_ready"] == 0)
      #expect(samples(text)["ligature_requests_refused_total{reason=\"loading\"}"] == 1)
    }
  }

  @Test func drainingServerRefusesNewWorkAndTellsSo() async throws {
    try await APIClient.withServer(try APIClient(fixture, database: try fixture.makeDatabase())) {
      client in
      client.service.drain()
      let refused = try await client.search(#""text": "a""#)
      #expect(refused.status == 503 && refused.headers["retry-after"] == "1")
      #expect(try await client.get("/livez").status == 200)
      #expect(try await client.get("/readyz").status == 503)
      let found = samples(try await client.get("/metrics").text)
      #expect(found["ligature_ready"] == 0)
      #expect(found["ligature_requests_refused_total{reason=\"draining\"}"] == 2)
    }
  }

  /// The names, types and labels of docs/metrics.md are those of the code.
  @Test func documentNamesEveryMetric() throws {
    let document = try String(contentsOfFile: TinyModel.root + "/docs/metrics.md", encoding: .utf8)
    var documented: [String: String] = [:]
    for line in document.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count >= 3, ["counter", "gauge", "histogram"].contains(cells[1]) else { continue }
      documented[cells[0].trimmingCharacters(in: ["`"])] = cells[1]
    }
    let described = MetricDescription.service.map { description in
      switch description.kind {
      case .counter: (description.name, "counter")
      case .gauge: (description.name, "gauge")
      case .histogram: (description.name, "histogram")
      }
    }
    #expect(documented == Dictionary(uniqueKeysWithValues: described))
  }

  @Test func modelWithoutABackboneHasNoLayers() async throws {
    try await APIClient.withServer(try APIClient(fixture, database: try fixture.makeDatabase())) {
      client in
      let text = try await client.get("/v1/experts").text
      #expect(text == "{\"model\":\"tiny\",\"layers\":[]}")
    }
  }
}
