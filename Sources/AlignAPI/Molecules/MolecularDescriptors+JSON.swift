package import Molecule

extension MolecularDescriptors {
  /// One JSON object; masses in daltons, area in square ångström.
  package func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.name("molecular_weight")
      writer.number(molecularWeight)
      writer.name("exact_mass")
      writer.number(exactMass)
      writer.name("heavy_atoms")
      writer.integer(heavyAtomCount)
      writer.name("log_p")
      writer.number(logP)
      writer.name("molar_refractivity")
      writer.number(molarRefractivity)
      writer.name("polar_surface_area")
      writer.number(polarSurfaceArea)
      writer.name("hydrogen_bond_donors")
      writer.integer(hydrogenBondDonors)
      writer.name("hydrogen_bond_acceptors")
      writer.integer(hydrogenBondAcceptors)
      writer.name("rotatable_bonds")
      writer.integer(rotatableBonds)
      writer.name("fraction_sp3")
      writer.number(fractionSP3)
      writer.name("rule_of_five_violations")
      writer.integer(ruleOfFiveViolations)
    }
  }
}
