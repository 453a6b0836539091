import Molecule
import Records

/// Why a record gives no molecule.
struct MoleculeProblem: Error {
  /// What was found: a clause with its place.
  var found: String
  var expected = "a molecule"
  /// Where in the SMILES, UTF-8 bytes from 0; nil for other statements.
  var offset: Int?

  /// The problem as a clause; that of a SMILES says itself what it expected.
  var message: String { offset == nil ? "expected \(expected), found \(found)" : found }
}

/// How molecules are read and spelled.
struct MoleculeStyle: Sendable {
  /// What the SMILES say.
  var options: SMILESOptions = .isomeric

  /// Reads one record.
  func molecule(_ input: MoleculeInput) throws(MoleculeProblem) -> ReadMolecule {
    if let problem = input.problem {
      throw MoleculeProblem(found: problem.found, expected: problem.expected)
    }
    switch input.statement {
    case .smiles(let text):
      do throws(SMILESError) {
        return ReadMolecule(
          graph: try SMILESReader.read(text), positions: nil, options: options)
      } catch {
        throw MoleculeProblem(found: "\(error)", offset: error.offset)
      }
    case .molfile(let text):
      do throws(MolfileError) {
        let molfile = try MolfileReader.read(text)
        let isPlaced = Self.hasExtent(molfile.positions)
        return ReadMolecule(
          graph: molfile.graph, positions: isPlaced ? molfile.positions : nil,
          options: options)
      } catch {
        let place = input.record.map { "record \($0), " } ?? ""
        let line = input.line + error.line - 1
        throw MoleculeProblem(
          found: place + "line \(line): \(error.found)", expected: error.expected)
      }
    }
  }

  private static func hasExtent(_ positions: [AtomPosition]) -> Bool {
    positions.contains { $0 != positions[0] } || positions.count == 1
  }
}
