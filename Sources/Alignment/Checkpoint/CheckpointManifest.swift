import Foundation

/// config.json of a checkpoint.
struct CheckpointManifest: Encodable {
  var format: Int
  var name: String
  var dimension: Int
  var configuration: TrainingConfiguration
  var evaluation: Evaluation
  /// SHA-256 of every other file, in hexadecimal.
  var files: [String: String]
}

extension CheckpointManifest {
  private struct Version: Decodable { let format: Int }

  private struct Fields: Decodable {
    let name: String
    let dimension: Int
    let evaluation: Evaluation
    let files: [String: String]
  }

  /// Reads and checks a manifest; fields that its configuration leaves out have their defaults.
  init(json: Data, folder: String) throws(CheckpointError) {
    do throws(JSONProblem) {
      format = try JSONDecoder().decodeDescribed(Version.self, from: json).format
      if format == Checkpoint.format {
        let fields = try JSONDecoder().decodeDescribed(Fields.self, from: json)
        configuration = try TrainingConfiguration(underKey: "configuration", of: json)
        (name, dimension) = (fields.name, fields.dimension)
        (evaluation, files) = (fields.evaluation, fields.files)
        if dimension != configuration.outputWidth {
          throw JSONProblem(
            field: "dimension",
            words: "\(dimension) found, \(configuration.outputWidth) (outputWidth) expected")
        }
        return
      }
    } catch {
      throw CheckpointError(path: folder, reason: .malformedConfiguration(error.clause))
    }
    if format > Checkpoint.format {
      throw CheckpointError(
        path: folder, reason: .newerFormat(found: format, supported: Checkpoint.format))
    }
    if format >= 1 {
      throw CheckpointError(
        path: folder, reason: .olderFormat(found: format, supported: Checkpoint.format))
    }
    throw CheckpointError(
      path: folder,
      reason: .malformedConfiguration("field 'format': \(format) found, 1 or more expected"))
  }
}
