import Alignment
import Molecule
package import Postgres
package import Records
import Retrieval
package import Tensor

/// A chunk whose molecules are read, rows of one content put together, and what lacks a vector
/// encoded.
package struct PreparedChunk: Sendable {
  /// One row of the file, good and alone with its id in the chunk.
  package struct Row: Sendable {
    let id: String
    let line: Int
    let properties: JSONText
    /// Its content's place in ``PreparedChunk/contents``.
    let content: Int

    package init(id: String, line: Int, properties: JSONText, content: Int) {
      self.id = id
      self.line = line
      self.properties = properties
      self.content = content
    }
  }

  /// Good rows in the file's order.
  private(set) var rows: [Row] = []
  /// Each content once, in the order of their first rows.
  package private(set) var contents: [ItemContent] = []
  /// Bad rows.
  private(set) var rejected: [RejectedRecord] = []
  var vectors = ContentVectors.none
  /// Whether the corpus had none of the contents when vectors were made.
  var isUnknown = false

  /// The same without the rows at these places; their contents are of no effect.
  func without(_ places: Set<Int>) -> PreparedChunk {
    var chunk = self
    chunk.rows = rows.indices.filter { !places.contains($0) }.map { rows[$0] }
    return chunk
  }

  /// Reads the rows of a payload.
  package init(_ outcomes: [RecordOutcome], path: String) {
    var records: [Record] = []
    for outcome in outcomes {
      switch outcome {
      case .record(let record): records.append(record)
      case .rejected(let row): rejected.append(row)
      }
    }
    // By bytes, as PostgreSQL compares: Swift's strings are equal across Unicode's spellings.
    var lines: [[UInt8]: Int] = [:]
    var places: [ContentKey: Int] = [:]
    for (record, result) in zip(records, RowReading.read(records, path: path)) {
      switch result {
      case .failure(let refusal): rejected.append(refusal.row)
      case .success(let row):
        let id = Array(row.id.utf8)
        if let line = lines[id] {
          rejected.append(.duplicate(record, path: path, firstLine: line))
          continue
        }
        lines[id] = row.line
        let place = places[row.content.key] ?? contents.count
        if place == contents.count {
          places[row.content.key] = place
          contents.append(row.content)
        }
        rows.append(
          Row(
            id: row.id, line: row.line, properties: row.content.properties, content: place))
      }
    }
  }

  /// Rows that are read and encoded already, of contents that the corpus has not.
  package init(contents: [ItemContent], rows: [Row], vectors: ContentVectors) {
    self.contents = contents
    self.rows = rows
    self.vectors = vectors
    isUnknown = true
  }
}

/// Vectors of contents, as they are stored.
package struct ContentVectors: Sendable {
  /// The row of ``moleculeVectors`` for a content's place.
  var moleculeRows: [Int: Int] = [:]
  var textRows: [Int: Int] = [:]
  private(set) var moleculeVectors: HalfMatrix
  private(set) var textVectors: HalfMatrix
  /// `embeddings.code` of each row, one behind the other.
  private var moleculeCodes: [UInt8] = []
  private var textCodes: [UInt8] = []

  /// Vectors of the molecules of contents, one row for each.
  package init(molecules: HalfMatrix) {
    self.init(
      moleculeVectors: molecules, textVectors: HalfMatrix(rows: 0, columns: 1, bits: []))
    for row in 0..<molecules.rows { moleculeRows[row] = row }
  }

  init(moleculeVectors: HalfMatrix, textVectors: HalfMatrix) {
    self.moleculeVectors = moleculeVectors
    self.textVectors = textVectors
    makeCodes()
  }

  /// The one place where codes come from.
  private mutating func makeCodes() {
    moleculeCodes = BinaryCodes.codes(of: moleculeVectors)
    textCodes = BinaryCodes.codes(of: textVectors)
  }

  static let none = ContentVectors(
    moleculeVectors: HalfMatrix(rows: 0, columns: 1, bits: []),
    textVectors: HalfMatrix(rows: 0, columns: 1, bits: []))

  /// Encodes the sides of contents that are not known; `known` is what the corpus has of each.
  ///
  /// Throws ``IndexError/vectorNotFinite(path:line:)`` for a model that cannot.
  static func encode(
    _ contents: [ItemContent], known: [KnownItem?], model: AlignmentModel, path: String
  ) throws(IndexError) -> ContentVectors {
    let demand = VectorDemand(contents, known: known)
    return try ContentVectors(
      of: demand,
      molecules: demand.molecules.isEmpty ? nil : model.encodeStored(demand.molecules),
      texts: demand.texts.isEmpty ? nil : model.encodeStored(demand.texts), path: path)
  }

  /// Takes the vectors that were asked for, [molecules.count, storedDimension] and likewise for
  /// texts; nil for none.
  ///
  /// Throws ``IndexError/vectorNotFinite(path:line:)``.
  init(
    of demand: VectorDemand, molecules: Matrix?, texts: Matrix?, path: String
  ) throws(IndexError) {
    self = .none
    for (row, place) in demand.moleculePlaces.enumerated() { moleculeRows[place] = row }
    for (row, place) in demand.textPlaces.enumerated() { textRows[place] = row }
    if let molecules { moleculeVectors = HalfMatrix(rounding: molecules) }
    if let texts { textVectors = HalfMatrix(rounding: texts) }
    for (places, vectors) in [
      (demand.moleculePlaces, moleculeVectors), (demand.textPlaces, textVectors),
    ] {
      guard let row = vectors.firstRowNotFinite else { continue }
      throw .vectorNotFinite(path: path, line: demand.contents[places[row]].line)
    }
    makeCodes()
  }

  /// The vector of one side of a content, as the row of a matrix, and its code.
  func vector(
    of place: Int, _ modality: Modality
  ) -> (matrix: HalfMatrix, row: Int, code: ArraySlice<UInt8>)? {
    let (rows, matrix, codes) =
      switch modality {
      case .molecule: (moleculeRows, moleculeVectors, moleculeCodes)
      case .text: (textRows, textVectors, textCodes)
      }
    guard let row = rows[place] else { return nil }
    let size = BinaryCodes.bytes(dimension: matrix.columns)
    return (matrix, row, codes[row * size..<(row + 1) * size])
  }
}

/// Which sides of contents are to be encoded.
struct VectorDemand: Sendable {
  let contents: [ItemContent]
  /// Places of contents whose molecule lacks a vector.
  let moleculePlaces: [Int]
  /// Places of contents whose text lacks a vector.
  let textPlaces: [Int]

  /// What is missing of contents; `known` is what the corpus has of each.
  init(_ contents: [ItemContent], known: [KnownItem?]) {
    self.contents = contents
    moleculePlaces = contents.indices.filter {
      contents[$0].graph != nil && known[$0]?.hasMolecule != true
    }
    textPlaces = contents.indices.filter {
      contents[$0].text != nil && known[$0]?.hasText != true
    }
  }

  var molecules: [MolecularGraph] { moleculePlaces.compactMap { contents[$0].graph } }
  var texts: [String] { textPlaces.compactMap { contents[$0].text } }
}

extension HalfMatrix {
  /// The first row with an infinity or a NaN: all exponent bits set (IEEE 754, binary16).
  fileprivate var firstRowNotFinite: Int? {
    bits.firstIndex { $0 & 0x7c00 == 0x7c00 }.map { $0 / columns }
  }
}
