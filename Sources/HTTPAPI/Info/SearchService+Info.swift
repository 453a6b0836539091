import AlignAPI
import Alignment
import HTTPDaemon
import Molecule
import Retrieval

extension SearchService {
  static let infoOperations = [
    Operation(
      id: "getInfo", method: "GET", path: "/v1/info", tag: "info",
      summary: "The version, the model, the corpora and the limits", scope: .read,
      answers: [.json(.reference("Info"))]
    ) { service, request in try service.info().unlessKnown(to: request) }
  ]

  static let infoSchemas: [(name: String, schema: JSONSchema)] = [
    (
      "RankingMetrics",
      .object([
        .required("mrr", .number(0...1)), .required("hits@1", .number(0...1)),
        .required("hits@5", .number(0...1)), .required("hits@10", .number(0...1)),
        .required("mean_rank", .number), .required("median_rank", .number),
      ])
    ),
    (
      "Evaluation",
      JSONSchema.object([
        .required("queries", .integer), .required("candidates", .integer),
        .required("text_to_molecule", .reference("RankingMetrics")),
        .required("molecule_to_text", .reference("RankingMetrics")),
      ]).described("How it ranked held-out pairs when it was trained.")
    ),
    (
      "Model",
      .object([
        .required("name", .string),
        .required("checksum", .string.described("SHA-256 of the checkpoint.")),
        .required("dimension", .integer),
        .required("dev", .reference("Evaluation")),
      ])
    ),
    (
      "ServedCorpus",
      .object([
        .required("name", .string), .required("version", .integer),
        .required("molecules", .integer), .required("texts", .integer),
        .required(
          "index", .object([.required("molecules", .string), .required("texts", .string)])),
      ])
    ),
    (
      "Info",
      .object([
        .required("name", .string), .required("version", .string),
        .required("model", .reference("Model")),
        .required("corpora", .array(of: .reference("ServedCorpus"))),
        .required("limits", .map(of: .integer)),
      ])
    ),
  ]

  /// `GET /v1/info`.
  func info() throws(APIError) -> HTTPResponse {
    let model = try model()
    var json = JSONWriter()
    json.object { json in
      json.name("name")
      json.string("ligature")
      json.name("version")
      json.string(version)
      json.name("model")
      model.write(to: &json)
      json.name("corpora")
      json.array { json in model.engine.writeCorpora(to: &json) }
      json.name("limits")
      Self.writeLimits(to: &json)
    }
    return HTTPResponse(contentType: "application/json", body: json.bytes)
  }

  private static func writeLimits(to json: inout JSONWriter) {
    let limits: [(name: String, value: Int)] = [
      ("results", SearchRequest.counts.upperBound), ("text_bytes", SearchQuery.longestText),
      ("smiles_bytes", SearchQuery.longestSMILES),
      ("molfile_bytes", StatedMolecule.longestMolfile), ("smarts_bytes", SearchFilter.textLimit),
      ("embedding_inputs", embeddingInputs.upperBound),
      ("batch_searches", batchSearches.upperBound),
      ("similarity_pairs", similarityPairs.upperBound),
      ("rank_candidates", rankCandidates.upperBound), ("pattern_steps", patternSteps),
      ("pattern_matches", patternMatches), ("described_atoms", describedAtoms),
      ("picture_atoms", MolecularGraph.drawnAtoms),
      ("picture_pixels", PictureFrameFields.sides.upperBound),
      ("left_out_parts", Explanation.leaveOneOutLimit),
      ("results_depth", SearchRequest.depthLimit), ("filter_conditions", SearchFilter.leafLimit),
      ("filter_depth", SearchFilter.depthLimit),
      ("header_bytes", DaemonConfiguration().headerMemoryBytes),
      ("body_bytes", DaemonConfiguration().maximumBodyBytes),
      ("item_smiles_bytes", InputLimits.item.smilesBytes),
      ("item_text_bytes", InputLimits.item.textBytes),
      ("item_properties", ItemBody.propertyLimit), ("source_id_bytes", ItemBody.longestName),
      ("item_line_bytes", BodyLines.longestLine), ("page_items", ItemCursor.limits.upperBound),
      ("page_jobs", jobLimits.upperBound), ("map_points", mapPoints.upperBound),
      ("file_structures", writtenStructures.upperBound),
      ("idempotency_key_bytes", WriteContext.longestKey),
      ("item_bytes", ItemBody.longestBody), ("items_bytes", ItemBody.longestBatch),
      ("upload_bytes", longestUpload),
    ]
    json.object { json in
      for (name, value) in limits {
        json.name(text: name)
        json.integer(value)
      }
    }
  }
}

extension SearchService.Model {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.name("name")
      json.string(name)
      json.name("checksum")
      json.string(checksum)
      json.name("dimension")
      json.integer(engine.model.dimension)
      json.name("dev")
      writeEvaluation(to: &json)
    }
  }

  func writeEvaluation(to json: inout JSONWriter) {
    json.object { json in
      json.name("queries")
      json.integer(evaluation.queries)
      json.name("candidates")
      json.integer(evaluation.candidates)
      json.name("text_to_molecule")
      evaluation.textToMolecule.write(to: &json)
      json.name("molecule_to_text")
      evaluation.moleculeToText.write(to: &json)
    }
  }
}

extension SearchEngine {
  fileprivate func writeCorpora(to json: inout JSONWriter) {
    for corpus in corpora.corpora {
      json.object { json in
        json.name("name")
        json.string(corpus.name)
        json.name("version")
        json.integer(corpus.version)
        json.name("molecules")
        json.integer(corpus.molecules.liveCount)
        json.name("texts")
        json.integer(corpus.texts.liveCount)
        json.name("index")
        json.object { json in
          json.name("molecules")
          json.string(corpus.molecules.kind.rawValue)
          json.name("texts")
          json.string(corpus.texts.kind.rawValue)
        }
      }
    }
  }
}

extension RankingMetrics {
  fileprivate func write(to json: inout JSONWriter) {
    json.object { json in
      json.name("mrr")
      json.number(mrr)
      json.name("hits@1")
      json.number(hitsAt1)
      json.name("hits@5")
      json.number(hitsAt5)
      json.name("hits@10")
      json.number(hitsAt10)
      json.name("mean_rank")
      json.number(meanRank)
      json.name("median_rank")
      json.number(medianRank)
    }
  }
}
