package import Molecule

/// A number that every molecule has, under the name of its column in `items`.
package enum Descriptor: String, CaseIterable, Sendable, Comparable {
  case molecularWeight = "molecular_weight"
  case logP = "logp"
  case polarSurfaceArea = "polar_surface_area"
  case fractionSP3 = "fraction_sp3"
  case hydrogenBondDonors = "hydrogen_bond_donors"
  case hydrogenBondAcceptors = "hydrogen_bond_acceptors"
  case rotatableBonds = "rotatable_bonds"
  case rings
  case aromaticRings = "aromatic_rings"
  case heavyAtoms = "heavy_atoms"
  case totalCharge = "total_charge"

  /// Whether the column holds integers; else 32-bit floats.
  package var isCount: Bool {
    switch self {
    case .molecularWeight, .logP, .polarSurfaceArea, .fractionSP3: false
    default: true
    }
  }

  /// The number of one molecule.
  package func value(in descriptors: MolecularDescriptors) -> Double {
    switch self {
    case .molecularWeight: descriptors.molecularWeight
    case .logP: descriptors.logP
    case .polarSurfaceArea: descriptors.polarSurfaceArea
    case .fractionSP3: descriptors.fractionSP3
    case .hydrogenBondDonors: Double(descriptors.hydrogenBondDonors)
    case .hydrogenBondAcceptors: Double(descriptors.hydrogenBondAcceptors)
    case .rotatableBonds: Double(descriptors.rotatableBonds)
    case .rings: Double(descriptors.rings.all)
    case .aromaticRings: Double(descriptors.rings.aromatic)
    case .heavyAtoms: Double(descriptors.heavyAtomCount)
    case .totalCharge: Double(descriptors.totalCharge)
    }
  }

  /// In the order of the cases, which is that of the columns.
  package static func < (left: Descriptor, right: Descriptor) -> Bool { left.place < right.place }

  /// Its place among all, from 0.
  var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
