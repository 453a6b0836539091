import AlignAPI
import HTTPDaemon
import PrometheusText

extension SearchService {
  static let metricOperations = [
    Operation(
      id: "getMetrics", method: "GET", path: "/metrics", tag: "health",
      summary: "What is measured, as Prometheus reads it", scope: .read,
      answers: [
        Operation.Answer(
          status: .ok, text: "Prometheus text format 0.0.4; docs/metrics.md names the metrics.",
          contents: [(ExpositionWriter.contentType, .string)])
      ]
    ) { service, _ in
      HTTPResponse(
        contentType: ExpositionWriter.contentType, body: await service.metricsText())
    }
  ]

  /// Everything that is measured; without a model, what there is.
  func metricsText() async -> [UInt8] {
    var collector = FamilyCollector(registry)
    collector.add("ligature_http_requests_in_flight", requests.inFlightCount)
    let model = try? model()
    collector.add("ligature_ready", model == nil || isDraining ? 0 : 1)
    if let model {
      collector.add(
        model.engine, ages: KnowledgeAges.kept(in: ages, of: model.engine.corpora))
    }
    collector.add(
      "ligature_build_info", 1,
      [
        .init("version", version), .init("model", model?.name ?? ""),
        .init("checksum", String(model?.checksum.prefix(12) ?? "")),
      ])
    collector.addProcess()
    return collector.encoded()
  }
}
