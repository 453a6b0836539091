import AlignAPI
import Molecule

extension MoleculeDescription {
  /// One JSON object; atoms count from 0 in the order of the SMILES that was given.
  var json: [UInt8] {
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
      writeAtoms(&writer)
      writeRings(&writer)
      writeDescriptors(&writer)
      writer.name("scaffold")
      writer.string(scaffold.isEmpty ? nil : scaffold)
    }
    return writer.bytes
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

  private func writeDescriptors(_ writer: inout JSONWriter) {
    writer.name("descriptors")
    writer.object { writer in
      writer.name("molecular_weight")
      writer.number(descriptors.molecularWeight)
      writer.name("exact_mass")
      writer.number(descriptors.exactMass)
      writer.name("heavy_atoms")
      writer.integer(descriptors.heavyAtomCount)
      writer.name("log_p")
      writer.number(descriptors.logP)
      writer.name("molar_refractivity")
      writer.number(descriptors.molarRefractivity)
      writer.name("polar_surface_area")
      writer.number(descriptors.polarSurfaceArea)
      writer.name("hydrogen_bond_donors")
      writer.integer(descriptors.hydrogenBondDonors)
      writer.name("hydrogen_bond_acceptors")
      writer.integer(descriptors.hydrogenBondAcceptors)
      writer.name("rotatable_bonds")
      writer.integer(descriptors.rotatableBonds)
      writer.name("fraction_sp3")
      writer.number(descriptors.fractionSP3)
      writer.name("rule_of_five_violations")
      writer.integer(descriptors.ruleOfFiveViolations)
    }
  }
}
