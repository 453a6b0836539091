import Digest
import Molecule
import Postgres
import Records

/// What makes an item the item that it is, in 128 bits: its canonical molecule and its text.
struct ContentKey: Sendable, Hashable, Comparable {
  /// The first 16 bytes of SHA-256 over canonical SMILES, a zero byte and the text.
  let bytes: [UInt8]

  init(canonical: [UInt8], text: String?) {
    bytes = Array(SHA256Digest.of(bytes: canonical + [0] + (text ?? "").utf8).bytes.prefix(16))
  }

  /// A key as it is stored.
  init(stored bytes: [UInt8]) { self.bytes = bytes }

  /// As PostgreSQL compares them.
  static func < (a: ContentKey, b: ContentKey) -> Bool {
    a.bytes.lexicographicallyPrecedes(b.bytes)
  }
}

/// What `items` says of a molecule beside its SMILES.
struct MoleculeColumns: Sendable {
  /// `MolecularGraph.moleculeKey`, bit by bit.
  let key: Int64
  let descriptors: MolecularDescriptors
  /// Morgan fingerprint of radius 2 in 256 bytes, the lowest bit first.
  let fingerprint: [UInt8]
  /// Substructure screen in 64 bytes.
  let screen: [UInt8]

  init(_ graph: MolecularGraph, canonical: [UInt8], generator: inout MorganGenerator) {
    key = Int64(bitPattern: MolecularGraph.moleculeKey(of: canonical))
    descriptors = MolecularDescriptors(of: graph)
    fingerprint = generator.bits(of: graph, size: StoredItem.fingerprintBits).littleEndianBytes
    screen = SubstructureScreen.bits(of: graph).littleEndianBytes
  }

  /// The columns' names, in the order in which ``append(_:to:)`` writes them.
  static let names =
    ["molecule_key"] + Descriptor.allCases.map(\.rawValue) + ["fingerprint", "screen"]

  /// Writes the columns of a row; NULL in each without a molecule.
  static func append(_ columns: MoleculeColumns?, to writer: inout CopyWriter) {
    guard let columns else {
      for _ in names { writer.append(Int64?.none) }
      return
    }
    writer.append(columns.key)
    for descriptor in Descriptor.allCases {
      let value = descriptor.value(in: columns.descriptors)
      if descriptor.isCount { writer.append(Int32(value)) } else { writer.append(Float(value)) }
    }
    writer.append(columns.fingerprint)
    writer.append(columns.screen)
  }

  /// `name = value, …` for an update.
  var assignments: SQLStatement {
    var list: SQLStatement = "molecule_key = \(key)"
    for descriptor in Descriptor.allCases {
      let value = descriptor.value(in: descriptors)
      let bound: SQLStatement = descriptor.isCount ? "\(Int32(value))" : "\(Float(value))"
      list = "\(fragment: list), \(identifier: descriptor.rawValue) = \(fragment: bound)"
    }
    return "\(fragment: list), fingerprint = \(fingerprint), screen = \(screen)"
  }
}

extension BitFingerprint {
  /// The words one behind the other, the lowest byte of each first.
  fileprivate var littleEndianBytes: [UInt8] {
    words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
  }
}

/// A molecule, a text or both, as an item holds them.
package struct ItemContent: Sendable {
  let key: ContentKey
  /// As first written; our own spelling where the file has a molfile or an extended SMILES.
  let smiles: String?
  let text: String?
  let graph: MolecularGraph?
  let molecule: MoleculeColumns?
  /// Of the first row.
  let properties: JSONText
  /// The first row's line.
  let line: Int

  /// The same with another key, as if its molecule were another one.
  package func rekeyed(_ number: Int) -> ItemContent {
    ItemContent(
      key: ContentKey(canonical: key.bytes, text: String(number)), smiles: smiles, text: text,
      graph: graph, molecule: molecule, properties: properties, line: line)
  }
}
