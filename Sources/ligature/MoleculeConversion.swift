import AlignAPI
import Depiction
import Molecule
import Records

/// What happens to every molecule of a file between reading and writing.
struct MoleculeConversion: Sendable {
  /// A piece of output and the records that are missing in it, in the order of the input.
  struct Piece: Sendable {
    var bytes: [UInt8] = []
    var rejects: [RejectedRecord] = []
    var molecules = 0
    /// Molecules without coordinates, where a molfile cannot hold cis and trans arrangements.
    var unplaced = 0
  }

  let path: String
  let format: MoleculeFormat
  let style: MoleculeStyle
  /// What lines of NDJSON carry beside the structure.
  var features = MoleculeFeatures()
  /// Names of the columns of a table and the place of its SMILES.
  var columns: (names: [String], smiles: Int)?

  /// The line before all others, of tables.
  var header: [UInt8] {
    guard format == .tsv else { return [] }
    let names = columns?.names ?? ["id", "smiles"]
    return Array((names.joined(separator: "\t") + "\n").utf8)
  }

  /// Converts one piece of the input.
  func convert(_ inputs: ArraySlice<MoleculeInput>) -> Piece {
    var piece = Piece()
    var fingerprints = MoleculeFingerprints()
    for input in inputs {
      do throws(MoleculeProblem) {
        let molecule = try style.molecule(input)
        try append(molecule, of: input, with: &fingerprints, to: &piece)
        piece.molecules += 1
      } catch {
        if format == .ndjson {
          Self.appendLine(error, of: input, to: &piece.bytes)
        } else {
          piece.rejects.append(reject(input, error))
        }
      }
    }
    return piece
  }

  /// Where the atoms stand: as the file says, else as they are laid out here, if that is asked for
  /// and can be done.
  private func positions(_ molecule: ReadMolecule) -> [AtomPosition]? {
    if let positions = molecule.positions { return positions }
    return style.laysOut ? try? MoleculeLayout(of: molecule.graph).positions : nil
  }

  private func append(
    _ molecule: ReadMolecule, of input: MoleculeInput,
    with fingerprints: inout MoleculeFingerprints, to piece: inout Piece
  ) throws(MoleculeProblem) {
    switch format {
    case .smi:
      piece.bytes += molecule.smiles.utf8
      if !input.name.isEmpty {
        piece.bytes.append(UInt8(ascii: "\t"))
        piece.bytes += input.name
      }
      piece.bytes.append(UInt8(ascii: "\n"))
    case .tsv: appendRow(molecule, of: input, to: &piece.bytes)
    case .ndjson: appendLine(molecule, of: input, with: &fingerprints, to: &piece.bytes)
    case .sdf:
      let positions = positions(molecule)
      try appendStructure(molecule, at: positions, of: input, to: &piece.bytes)
      if positions == nil, !molecule.graph.stereoBonds.isEmpty { piece.unplaced += 1 }
    }
  }

  private func appendRow(
    _ molecule: ReadMolecule, of input: MoleculeInput, to output: inout [UInt8]
  ) {
    let smiles = molecule.smiles.utf8
    if let columns {
      for (place, column) in input.columns.enumerated() {
        if place > 0 { output.append(UInt8(ascii: "\t")) }
        if place == columns.smiles { output += smiles } else { output += column }
      }
    } else {
      output +=
        input.name.isEmpty
        ? Array(String(input.line).utf8)
        : input.name.map { $0 == UInt8(ascii: "\t") ? UInt8(ascii: " ") : $0 }
      output.append(UInt8(ascii: "\t"))
      output += smiles
    }
    output.append(UInt8(ascii: "\n"))
  }

  private func appendStructure(
    _ molecule: ReadMolecule, at positions: [AtomPosition]?, of input: MoleculeInput,
    to output: inout [UInt8]
  ) throws(MoleculeProblem) {
    do throws(UnwritableBond) {
      try MolfileWriter().write(
        molecule.graph, positions: positions,
        title: String(decoding: input.name, as: UTF8.self), to: &output)
    } catch {
      throw MoleculeProblem(found: "\(error)")
    }
    var items = input.items
    if let columns {
      for (place, name) in columns.names.enumerated()
      where place != columns.smiles && !input.columns[place].isEmpty {
        items.append(
          .init(name: name, value: String(decoding: input.columns[place], as: UTF8.self)))
      }
    }
    for item in items { item.write(to: &output) }
    output += StructureRecord.end
  }

  private func reject(_ input: MoleculeInput, _ problem: MoleculeProblem) -> RejectedRecord {
    RejectedRecord(
      file: path, line: input.line, byteOffset: input.byteOffset,
      field: columns == nil ? nil : "smiles", found: problem.found, expected: problem.expected,
      raw: input.raw)
  }
}
