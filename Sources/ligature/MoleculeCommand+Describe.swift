import AlignAPI
import Foundation
import Molecule

extension MoleculeCommand {
  /// Prints what one SMILES means.
  func describe(_ smiles: String) throws {
    let style = spelling.style
    let pattern = try search.pattern()
    let molecule = try read(smiles, style)
    var description = MoleculeDescription(molecule)
    let asked = try features.features()
    description.hasSparseFingerprints = asked.hasFingerprints
    description.reference = asked.reference
    if let pattern { description.matches = try search.matches(of: pattern, in: molecule.graph) }
    try draw(molecule, matches: description.matches ?? [])
    if json {
      print(String(decoding: description.json, as: UTF8.self))
    } else {
      print(description.table(width: TerminalWidth.of(STDOUT_FILENO)))
    }
  }

  /// Reads it as a line of a file: an extension and a name may follow.
  ///
  /// A bad SMILES is shown with a mark under the place of the mistake.
  private func read(_ smiles: String, _ style: MoleculeStyle) throws -> ReadMolecule {
    do throws(MoleculeProblem) {
      return try style.molecule(
        MoleculeInput(
          statement: .smiles(Array(smiles.utf8)), line: 1, byteOffset: 0, problem: nil))
    } catch {
      guard let offset = error.offset else { throw error }
      throw MarkedTextError(text: smiles, offset: offset, message: error.message, source: "SMILES")
    }
  }
}
