import Alignment
import Foundation
import Molecule
import Postgres
import Records
import Tensor

/// Rows of a corpus file that are stored together.
struct CorpusChunk: Sendable {
  /// The good rows in the file's order.
  var rows: [Row]
  /// The bad rows.
  var rejected: [RejectedRecord]
  /// Lines read so far, the header included.
  var linesDone: Int
  /// Share of the file read so far, 0...1.
  var share: Double
  var isLast: Bool

  /// One item, ready to be stored.
  struct Row: Sendable {
    let record: Record
    let properties: JSONText
    let molecule: MolecularGraph?
  }
}

/// The vectors of a chunk's rows, as they are stored.
struct CorpusChunkVectors: Sendable {
  /// Rows with a molecule, by their place in the chunk, and one vector for each.
  let molecules: (places: [Int], vectors: HalfMatrix)
  /// Rows with a text, likewise.
  let texts: (places: [Int], vectors: HalfMatrix)

  /// Encodes a chunk; throws ``IndexError/vectorNotFinite(path:line:)`` for a model that cannot.
  init(_ chunk: CorpusChunk, model: AlignmentModel, path: String) throws(IndexError) {
    var places: (molecules: [Int], texts: [Int]) = ([], [])
    var graphs: [MolecularGraph] = []
    var texts: [String] = []
    for (place, row) in chunk.rows.enumerated() {
      if let graph = row.molecule {
        places.molecules.append(place)
        graphs.append(graph)
      }
      if let text = row.record.text {
        places.texts.append(place)
        texts.append(text)
      }
    }
    let empty = HalfMatrix(rows: 0, columns: model.storedDimension, bits: [])
    molecules = (
      places.molecules, graphs.isEmpty ? empty : HalfMatrix(rounding: model.encodeStored(graphs))
    )
    self.texts = (
      places.texts, texts.isEmpty ? empty : HalfMatrix(rounding: model.encodeStored(texts))
    )
    for (places, vectors) in [molecules, self.texts] {
      guard let row = vectors.firstRowNotFinite else { continue }
      throw .vectorNotFinite(path: path, line: chunk.rows[places[row]].record.line)
    }
  }
}

extension HalfMatrix {
  /// The first row with an infinity or a NaN: all exponent bits set (IEEE 754, binary16).
  fileprivate var firstRowNotFinite: Int? {
    bits.firstIndex { $0 & 0x7c00 == 0x7c00 }.map { $0 / columns }
  }
}
