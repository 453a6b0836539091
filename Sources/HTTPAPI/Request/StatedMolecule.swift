import AlignAPI
import HTTPDaemon
import Molecule

/// A molecule as a request states it: by `smiles` or by `molfile`.
struct StatedMolecule: Sendable {
  let graph: MolecularGraph
  /// Where its molfile puts the atoms; [A], or nil.
  let positions: [AtomPosition]?
  /// The field that states it.
  let field: String

  /// Longest molfile, in bytes.
  static let longestMolfile = 256 << 10

  /// Reads a SMILES; throws ``SearchError``.
  init(smiles: String) throws(SearchError) {
    guard case .molecule(let graph) = try SearchQuery(smiles: smiles) else {
      preconditionFailure("a SMILES is a molecule")
    }
    (self.graph, positions, field) = (graph, nil, "smiles")
  }

  /// Reads a molfile; throws ``Problem``.
  init(molfile text: String) throws(Problem) {
    guard text.utf8.count <= Self.longestMolfile else {
      throw Problem(
        offset: nil,
        detail: "found \(text.utf8.count) bytes, expected at most "
          + "\(Self.longestMolfile)", isLimit: true)
    }
    do throws(MolfileError) {
      let molfile = try MolfileReader.read(text)
      (graph, positions, field) = (molfile.graph, molfile.statedPositions, "molfile")
    } catch {
      throw Problem(offset: Self.offset(of: error, in: text), detail: "\(error)")
    }
  }

  /// What is wrong with a statement, and where.
  struct Problem: Error {
    /// UTF-8 bytes from the start.
    let offset: Int?
    let detail: String
    /// Whether it was not looked at because of its length.
    var isLimit = false
  }

  private static func offset(of error: MolfileError, in text: String) -> Int {
    let bytes = Array(text.utf8)
    var start = 0
    for _ in 1..<max(1, error.line) {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { break }
      start = end + 1
    }
    return min(bytes.count, start + (error.column ?? 1) - 1)
  }
}

extension RequestFields {
  /// The molecule that `smiles` or `molfile` states; nil when there is a mistake.
  mutating func molecule() -> StatedMolecule? {
    let stated = ["smiles", "molfile"].filter(has)
    var found: StatedMolecule?
    do throws(SearchError) {
      if let text = string("smiles") { found = try StatedMolecule(smiles: text) }
    } catch { refuse(error) }
    do throws(StatedMolecule.Problem) {
      if let text = string("molfile") { found = try StatedMolecule(molfile: text) }
    } catch { refuse("molfile", offset: error.offset, error.detail) }
    if stated.count != 1 {
      refuse(
        stated.first ?? "smiles",
        "found \(stated.isEmpty ? "none" : "both"), expected exactly one of smiles and molfile")
    }
    return stated.count == 1 ? found : nil
  }

  /// Adds a mistake that the search layer found.
  mutating func refuse(_ error: SearchError) {
    guard let item = error.item else { preconditionFailure("\(error) is about no field") }
    refuse(item.field, offset: item.offset, item.detail)
  }
}

extension JSONSchema {
  /// The members by which a molecule is stated; exactly one of them is given.
  static let moleculeMembers: [Member] = [
    .optional("smiles", .string(1...SearchQuery.longestSMILES).nullable),
    .optional("molfile", .string(1...StatedMolecule.longestMolfile).nullable),
  ]
}
