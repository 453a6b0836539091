import AlignAPI
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
  /// What is done to a molecule before it is written.
  var normalization: MoleculeNormalization = []
  /// Whether structures get coordinates where their source has none.
  var laysOut = true

  /// Reads one record and normalises the molecule as asked.
  func molecule(_ input: MoleculeInput) throws(MoleculeProblem) -> ReadMolecule {
    let (graph, positions) = try read(input)
    if normalization.isEmpty {
      return ReadMolecule(graph: graph, positions: positions, options: options)
    }
    do throws(SMILESError) {
      return ReadMolecule(
        graph: try graph.normalized(normalization), positions: nil, options: options)
    } catch {
      throw MoleculeProblem(found: "no molecule after normalisation: \(error)")
    }
  }

  private func read(
    _ input: MoleculeInput
  ) throws(MoleculeProblem) -> (MolecularGraph, [AtomPosition]?) {
    if let problem = input.problem {
      throw MoleculeProblem(found: problem.found, expected: problem.expected)
    }
    switch input.statement {
    case .smiles(let text):
      do throws(SMILESError) {
        return (try SMILESReader.read(line: text).graph, nil)
      } catch {
        throw MoleculeProblem(found: "\(error)", offset: error.offset)
      }
    case .molfile(let text):
      do throws(MolfileError) {
        let molfile = try MolfileReader.read(text)
        return (molfile.graph, molfile.statedPositions)
      } catch {
        let place = input.record.map { "record \($0), " } ?? ""
        let line = input.line + error.line - 1
        throw MoleculeProblem(
          found: place + "line \(line): \(error.found)", expected: error.expected)
      }
    }
  }
}
