import AlignAPI
import Alignment
import HTTPDaemon
import MoEBackbone

extension SearchService {
  /// Columns of an expert's heat map.
  private static let heatmapSlots = 64

  static let expertOperations = [
    Operation(
      id: "getExperts", method: "GET", path: "/v1/experts", tag: "info",
      summary: "What the model's experts have done since it was loaded",
      text: "One layer for each block of the backbone; none for a model without one.",
      scope: .read, answers: [.json(.reference("Experts"))]
    ) { service, request in try service.experts().unlessKnown(to: request) }
  ]

  static let expertSchemas: [(name: String, schema: JSONSchema)] = [
    (
      "Experts",
      .object([
        .required("model", .string),
        .required(
          "layers",
          .array(
            of: .object([
              .required("experts", .integer), .required("tokens", .integer),
              .required(
                "utilization",
                .array(of: .number(0...1)).described("Each expert's share of the layer's work.")),
              .required(
                "routing_entropy",
                .number.nullable.described("Mean entropy over ln E; null before the first token.")
              ),
              .required("temperature", .number),
              .required(
                "heatmap",
                .object([
                  .required("slots", .integer),
                  .required(
                    "counts",
                    .array(of: .array(of: .integer)).described(
                      "Tokens of each expert by the entropy of their hidden state.")),
                ])),
            ]))),
      ])
    )
  ]

  private func experts() throws(APIError) -> HTTPResponse {
    let model = try model()
    let aligned = model.engine.model
    let temperatures = aligned.routerTemperatures
    var json = JSONWriter()
    json.object { json in
      json.name("model")
      json.string(model.name)
      json.name("layers")
      json.array { json in
        for (place, counts) in (aligned.expertActivity?.counts ?? []).enumerated() {
          counts.write(temperature: temperatures[place], slots: Self.heatmapSlots, to: &json)
        }
      }
    }
    return HTTPResponse(contentType: "application/json", body: json.bytes)
  }
}

extension ExpertActivity.Counts {
  fileprivate func write(temperature: Float, slots: Int, to json: inout JSONWriter) {
    json.object { json in
      json.name("experts")
      json.integer(capacity.experts)
      json.name("tokens")
      json.integer(capacity.tokens)
      json.name("utilization")
      json.array { json in
        for share in capacity.utilization { json.number(share) }
      }
      json.name("routing_entropy")
      if let entropy { json.number(entropy) } else { json.null() }
      json.name("temperature")
      json.number(temperature)
      json.name("heatmap")
      json.object { json in
        json.name("slots")
        json.integer(slots)
        json.name("counts")
        json.array { json in
          for row in capacity.grouped(slots: slots) {
            json.array { json in
              for count in row { json.integer(count) }
            }
          }
        }
      }
    }
  }
}
