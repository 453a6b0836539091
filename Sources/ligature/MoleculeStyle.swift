import Molecule

/// Why a record gives no molecule.
struct MoleculeProblem: Error {
  var message: String
  /// Where in the SMILES, UTF-8 bytes from 0; nil for other statements.
  var offset: Int?
}

/// How molecules are read, normalised and spelled.
struct MoleculeStyle: Sendable {
  /// What the SMILES say.
  var options: SMILESOptions = .isomeric
  var keepsLargestFragment = false
  var neutralizes = false
  var stripsIsotopes = false
  var stripsStereo = false

  var changesMolecules: Bool {
    keepsLargestFragment || neutralizes || stripsIsotopes || stripsStereo
  }

  /// Reads and normalises one record.
  func molecule(_ input: MoleculeInput) throws(MoleculeProblem) -> ReadMolecule {
    if let problem = input.problem { throw MoleculeProblem(message: problem) }
    switch input.statement {
    case .smiles(let text):
      do throws(SMILESError) {
        return ReadMolecule(
          graph: normalized(try SMILESReader.read(text)), positions: nil, options: options)
      } catch {
        throw MoleculeProblem(message: "\(error)", offset: error.offset)
      }
    case .molfile(let text):
      do throws(MolfileError) {
        let molfile = try MolfileReader.read(text)
        let isPlaced = Self.hasExtent(molfile.positions) && !changesMolecules
        return ReadMolecule(
          graph: normalized(molfile.graph), positions: isPlaced ? molfile.positions : nil,
          options: options)
      } catch {
        throw MoleculeProblem(message: "\(error)")
      }
    }
  }

  private static func hasExtent(_ positions: [AtomPosition]) -> Bool {
    positions.contains { $0 != positions[0] } || positions.count == 1
  }

  private func normalized(_ graph: MolecularGraph) -> MolecularGraph {
    graph
  }
}
