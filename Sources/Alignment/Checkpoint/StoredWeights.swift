import Foundation
import MoEBackbone
import Tensor

/// The weights of a network as tensors under their names, with the routers' state as JSON among
/// the metadata.
enum StoredWeights {
  private static let routersKey = "routers"

  static func write(
    _ weights: NetworkWeights, storage: CheckpointStorage, to path: String
  ) throws(CheckpointError) {
    var tensors: [String: StoredTensor] = [:]
    for parameter in weights.parameters.parameters {
      tensors.add(parameter.value, named: parameter.name, storage: storage)
    }
    var metadata: [String: String] = [:]
    if let state = weights.state {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      guard let json = try? encoder.encode(state) else {
        preconditionFailure("biases and temperatures are finite")
      }
      metadata[routersKey] = String(decoding: json, as: UTF8.self)
    }
    try CheckpointFile.write(tensors, metadata: metadata, to: path)
  }

  /// Reads what a network needs.
  ///
  /// - Throws: `SafetensorsError` for a tensor that is missing or has another shape
  ///   or precision, and for
  ///   routers that do not belong to the network.
  static func read(
    _ path: String, of network: AlignmentNetwork, storage: CheckpointStorage
  ) throws(SafetensorsError) -> NetworkWeights {
    let reader = try SafetensorsReader(path: path)
    var parameters: [ParameterSet.Parameter] = []
    for shape in network.parameterShapes {
      parameters.append(
        try shape.parameter(
          reader.weights(shape.name, rows: shape.rows, storage: storage), path: path))
    }
    var state: BackboneState?
    if let expected = network.initialState {
      do throws(JSONProblem) {
        let found = try JSONDecoder().decodeDescribed(
          BackboneState.self, from: Data((reader.metadata[routersKey] ?? "").utf8))
        guard expected.fits(found) else {
          throw JSONProblem(field: "blocks", words: "routers of another shape")
        }
        state = found
      } catch {
        throw SafetensorsError(path: path, reason: .malformedHeader("routers: \(error.clause)"))
      }
    }
    return NetworkWeights(parameters: ParameterSet(parameters), state: state)
  }
}
