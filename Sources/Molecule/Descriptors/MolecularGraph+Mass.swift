extension MolecularGraph {
  /// Molecular weight in g/mol: mean masses, stated isotopes by their own mass.
  public var molecularWeight: Double {
    let hydrogen = Element.hydrogen.averageMass
    return atoms.reduce(0) { $0 + $1.mass + Double($1.hydrogens) * hydrogen }
  }

  /// Exact mass in u: of the most abundant isotope of each element, or of the one stated, less the
  /// electrons that a positive charge lacks.
  public var exactMass: Double {
    let hydrogen = Element.hydrogen.monoisotopicMass
    return atoms.reduce(-Double(totalCharge) * Self.electronMass) {
      $0 + $1.exactMass + Double($1.hydrogens) * hydrogen
    }
  }

  /// Mass of the electron in u (CODATA 2018).
  private static let electronMass = 5.485_799_090_65e-4

  /// The part of the carbon atoms that have four neighbours, 0 without carbon.
  public var fractionSP3: Double {
    var (carbons, tetrahedral) = (0, 0)
    for (index, atom) in atoms.enumerated() where atom.element == .carbon {
      carbons += 1
      if degree(index) + atom.hydrogens == 4 { tetrahedral += 1 }
    }
    return carbons == 0 ? 0 : Double(tetrahedral) / Double(carbons)
  }
}
