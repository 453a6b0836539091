import Molecule

extension MoleculeDescription {
  /// One JSON object; atoms count from 0 in the order of the SMILES that was given.
  package var json: [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.name("smiles")
      writer.string(canonical)
      writer.name("kekule")
      writer.string(kekule)
      writer.name("key")
      writer.string(molecule.key)
      writer.name("formula")
      writer.string(molecule.graph.formula)
      writer.name("charge")
      writer.integer(molecule.graph.totalCharge)
      writer.name("fragments")
      writer.integer(molecule.graph.fragmentCount)
      writer.name("stereocentres")
      writer.integer(molecule.stereocentreCount)
      writer.name("stereo_bonds")
      writer.integer(molecule.graph.stereoBonds.count)
      writer.name("cip")
      labels.write(of: molecule.graph, to: &writer)
      writeAtoms(&writer)
      writeRings(&writer)
      writer.name("descriptors")
      descriptors.write(to: &writer)
      writer.name("scaffold")
      writer.string(scaffold.isEmpty ? nil : scaffold)
      writeFeatures(&writer)
      if let matches { write(matches, to: &writer) }
    }
    return writer.bytes
  }

  private func writeFeatures(_ writer: inout JSONWriter) {
    let graph = molecule.graph
    writer.name("hybridisation")
    writer.array { writer in
      for index in graph.atoms.indices { writer.string("\(graph.hybridization(index))") }
    }
    writer.groups(try? groups())
    var fingerprints = MoleculeFingerprints()
    fingerprints.write(graph, isSparse: hasSparseFingerprints, to: &writer)
    if let reference {
      fingerprints.write(graph, against: reference, to: &writer)
    }
  }

  private func write(_ matches: [[Int]], to writer: inout JSONWriter) {
    writer.name("matches")
    writer.array { writer in
      for match in matches {
        writer.array { writer in
          for atom in match { writer.integer(atom) }
        }
      }
    }
  }

  private func writeAtoms(_ writer: inout JSONWriter) {
    writer.name("hydrogens")
    writer.array { writer in
      for atom in molecule.graph.atoms { writer.integer(atom.hydrogens) }
    }
    writer.name("aromatic_atoms")
    writer.array { writer in
      for index in aromaticAtoms { writer.integer(index) }
    }
  }

  private func writeRings(_ writer: inout JSONWriter) {
    writer.name("rings")
    writer.array { writer in
      for ring in rings {
        writer.object { writer in
          writer.name("atoms")
          writer.array { writer in
            for atom in ring.atoms { writer.integer(atom) }
          }
          writer.name("aromatic")
          writer.spelled(ring.isAromatic ? "true" : "false")
        }
      }
    }
  }
}
