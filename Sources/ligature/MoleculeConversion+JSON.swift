import AlignAPI
import Molecule

extension MoleculeConversion {
  /// `{"line", "smiles", "canonical", "key", "formula", "rings", "aromatic_atoms", "hydrogens",
  /// "stereocentres"}`, on request with `"descriptors"`, `"scaffold"` and `"cip"`, `"groups"`,
  /// `"fingerprints"` and `"similarity"`, and a line break.
  func appendLine(
    _ molecule: ReadMolecule, of input: MoleculeInput,
    with fingerprints: inout MoleculeFingerprints, to output: inout [UInt8]
  ) {
    let graph = molecule.graph
    let canonical = molecule.smiles
    var writer = JSONWriter(capacity: 256 + 8 * graph.atoms.count)
    writer.object { writer in
      writer.name("line")
      writer.integer(input.line)
      writer.name("smiles")
      if case .smiles(let text) = input.statement {
        writer.string(String(decoding: text, as: UTF8.self))
      } else {
        writer.string(canonical)
      }
      writer.name("canonical")
      writer.string(canonical)
      writer.name("key")
      writer.string(molecule.key)
      writer.name("formula")
      writer.string(graph.formula)
      writer.name("rings")
      writer.integer(graph.ringCount)
      writer.name("aromatic_atoms")
      writer.array { writer in
        for index in graph.atoms.indices where graph.atoms[index].isAromatic {
          writer.integer(index)
        }
      }
      writer.name("hydrogens")
      writer.array { writer in
        for atom in graph.atoms { writer.integer(atom.hydrogens) }
      }
      writer.name("stereocentres")
      writer.integer(molecule.stereocentreCount)
      if features.hasDescriptors {
        writer.name("descriptors")
        MolecularDescriptors(of: graph).write(to: &writer)
        writer.name("scaffold")
        writer.string(graph.murckoScaffold().canonicalSMILES())
        writer.name("cip")
        graph.cipLabels().write(of: graph, to: &writer)
      }
      if features.hasGroups { writer.groups(try? MoleculeDescription.groups(of: graph)) }
      if features.hasFingerprints { fingerprints.write(graph, isSparse: true, to: &writer) }
      if let reference = features.reference {
        fingerprints.write(graph, against: reference, to: &writer)
      }
    }
    output += writer.bytes
    output.append(UInt8(ascii: "\n"))
  }

  /// `{"line", "smiles", "error", "offset"}` and a line break.
  static func appendLine(
    _ problem: MoleculeProblem, of input: MoleculeInput, to output: inout [UInt8]
  ) {
    var writer = JSONWriter()
    writer.object { writer in
      writer.name("line")
      writer.integer(input.line)
      writer.name("smiles")
      if case .smiles(let text) = input.statement {
        writer.string(String(decoding: text, as: UTF8.self))
      } else {
        writer.null()
      }
      writer.name("error")
      writer.string(problem.message)
      writer.name("offset")
      // Problems without a place in the SMILES are problems of all of it.
      writer.integer(problem.offset ?? 0)
    }
    output += writer.bytes
    output.append(UInt8(ascii: "\n"))
  }
}
