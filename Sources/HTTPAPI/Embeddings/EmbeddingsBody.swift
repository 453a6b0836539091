import AlignAPI
import Alignment
import FoundationEssentials
import HTTPDaemon
import Molecule
import Tensor

/// The body of a request for embeddings, checked.
struct EmbeddingsBody {
  let inputs: [SearchQuery]
  private let format: SearchService.EncodingFormat
  private let dimension: Int

  /// Takes the fields; throws ``APIError`` that names every wrong one.
  init(_ fields: inout RequestFields, _ model: SearchService.Model) throws(APIError) {
    let type: SearchService.InputType = fields.choice("input_type") ?? .text
    if !fields.has("input") {
      fields.refuse("input", "found none, expected a string or an array of strings")
    }
    let spellings = fields.strings("input")
    inputs = Self.inputs(spellings, type, &fields)
    if let name = fields.string("model"), name != model.name {
      fields.refuse(
        "model", "found '\(name.echoed)', expected '\(model.name)', the model that is served")
    }
    format = fields.choice("encoding_format") ?? .float
    let whole = model.engine.model.dimension
    dimension = fields.integer("dimensions") ?? whole
    if !(1...whole).contains(dimension) {
      fields.refuse("dimensions", "found \(dimension), expected 1 to \(whole)")
    }
    _ = fields.string("user")
    try fields.finish()
  }

  private static func inputs(
    _ spellings: [String]?, _ type: SearchService.InputType, _ fields: inout RequestFields
  ) -> [SearchQuery] {
    guard let spellings else { return [] }
    let counts = SearchService.embeddingInputs
    guard counts.contains(spellings.count) else {
      fields.refuse(
        "input",
        "found \(spellings.count) inputs, expected \(counts.lowerBound) to \(counts.upperBound)")
      return []
    }
    var inputs: [SearchQuery] = []
    for (place, spelling) in spellings.enumerated() {
      if fields.isFull { break }
      do throws(SearchError) {
        inputs.append(
          type == .text ? try SearchQuery(text: spelling) : try SearchQuery(smiles: spelling))
      } catch {
        fields.refuse("input", offset: error.item?.offset, "input \(place): \(error)")
      }
    }
    return inputs
  }

  /// The first numbers of each vector, brought to unit length again.
  func shortened(_ vectors: Matrix) -> Matrix {
    if dimension == vectors.columns { return vectors }
    var values: [Float] = []
    values.reserveCapacity(vectors.rows * dimension)
    for row in 0..<vectors.rows {
      let head = vectors.row(row).prefix(dimension)
      let length = head.reduce(0) { $0 + $1 * $1 }.squareRoot()
      values += head.map { length > 0 ? $0 / length : 0 }
    }
    return Matrix(rows: vectors.rows, columns: dimension, values: values)
  }

  /// One embedding in the format that is asked for.
  func write(_ vector: ArraySlice<Float>, to json: inout JSONWriter) {
    switch format {
    case .float:
      json.array { json in
        for value in vector { json.number(value) }
      }
    case .base64:
      var bytes = Data(capacity: 4 * vector.count)
      for value in vector {
        for shift in [0, 8, 16, 24] {
          bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
        }
      }
      json.string(bytes.base64EncodedString())
    }
  }

  /// Words and symbols of texts, atoms of molecules.
  var tokenCount: Int {
    inputs.reduce(0) { count, input in
      switch input {
      case .text(let text): count + TextFeatures.tokenCount(of: text)
      case .molecule(let graph): count + graph.atoms.count
      case .vector: count
      }
    }
  }
}
