/// Ways to bring the forms of one compound to one molecule; none is applied unless asked for.
public struct MoleculeNormalization: OptionSet, Sendable {
  /// The options as bits.
  public let rawValue: UInt8

  /// Options from their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Keeps the largest connected part.
  ///
  /// Most atoms, hydrogens counted, then the greatest mass, then the canonical SMILES that comes
  /// first; drops salts and solvents (the rule of RDKit's
  /// LargestFragmentChooser).
  public static let largestFragment = MoleculeNormalization(rawValue: 1)
  /// Takes protons off cations and puts them on anions where that leaves a common valence.
  ///
  /// Charges next to an opposite charge stay (nitro, N-oxide), and so do as many anions as there are
  /// cations without a proton, such as quaternary ammonium: those of lowest canonical rank.
  public static let neutralize = MoleculeNormalization(rawValue: 2)
  /// Forgets isotopes.
  public static let stripIsotopes = MoleculeNormalization(rawValue: 4)
  /// Forgets stereo marks.
  public static let stripStereo = MoleculeNormalization(rawValue: 8)
  /// Forgets atom classes.
  public static let stripAtomClasses = MoleculeNormalization(rawValue: 16)
}

extension MolecularGraph {
  /// The molecule after the given normalisations, perceived anew, its atoms in canonical order.
  ///
  /// Throws if the result is no molecule, as it may be for exotic charged atoms.
  public func normalized(
    _ normalization: MoleculeNormalization
  ) throws(SMILESError) -> MolecularGraph {
    var options = SMILESOptions.isomeric
    if normalization.contains(.stripIsotopes) { options.remove(.isotopes) }
    if normalization.contains(.stripStereo) { options.remove(.stereo) }
    if normalization.contains(.stripAtomClasses) { options.remove(.atomClasses) }
    var graph = self
    if normalization.contains(.largestFragment) { graph = try graph.largestFragment() }
    if normalization.contains(.neutralize) { graph.neutralize(options) }
    // Plain hydrogens and stereo marks are read again by the rules for all molecules.
    return try SMILESReader.read(graph.canonicalText(options))
  }

  private func largestFragment() throws(SMILESError) -> MolecularGraph {
    guard fragmentCount > 1 else { return self }
    var best: (graph: MolecularGraph, atoms: Int, mass: Double, text: [UInt8])?
    for text in canonicalText(.isomeric).split(separator: UInt8(ascii: ".")) {
      let graph = try SMILESReader.read(Array(text))
      let atoms = graph.atoms.reduce(0) { $0 + 1 + $1.hydrogens }
      let candidate = (graph, atoms, graph.molecularWeight, Array(text))
      guard let known = best else {
        best = candidate
        continue
      }
      let isBetter =
        atoms != known.atoms
        ? atoms > known.atoms
        : candidate.2 != known.mass
          ? candidate.2 > known.mass : candidate.3.lexicographicallyPrecedes(known.text)
      if isBetter { best = candidate }
    }
    return best?.graph ?? self
  }

  /// `options` say what tells anions apart.
  private mutating func neutralize(_ options: SMILESOptions) {
    let cations = atoms.indices.filter { atoms[$0].charge > 0 && !touches($0, sign: -1) }
    var anions = atoms.indices.filter { isProtonAcceptor($0) && !touches($0, sign: 1) }
    if cations.count > 0, anions.count > 1 {
      let positions = canonicalPositions(options)
      anions.sort { positions[$0] < positions[$1] }
    }
    for index in cations {
      while atoms[index].charge > 0, atoms[index].hydrogens > 0 { addProton(-1, to: index) }
    }
    // What cannot lose its charge keeps as many anions as it needs.
    var unpaired = cations.reduce(0) { $0 + Int(atoms[$1].charge) }
    for index in anions {
      while atoms[index].charge < 0 {
        if unpaired > 0 {
          unpaired -= 1
          break
        }
        addProton(1, to: index)
      }
    }
  }

  private func touches(_ index: Int, sign: Int) -> Bool {
    neighborRange(index).contains { Int(atoms[Int(neighborAtoms[$0])].charge).signum() == sign }
  }

  /// Anions of carbon, nitrogen, oxygen, phosphorus, sulfur, selenium and the halogens.
  ///
  /// Halide ions become acids, as in RDKit's Uncharger.
  private func isProtonAcceptor(_ index: Int) -> Bool {
    guard atoms[index].charge < 0 else { return false }
    switch atoms[index].element.number {
    case 6, 7, 8, 9, 15, 16, 17, 34, 35, 53: return true
    default: return false
    }
  }

  private mutating func addProton(_ sign: Int, to index: Int) {
    let total = atoms[index].hydrogens + sign
    atoms[index].charge += Int8(sign)
    atoms[index].explicitHydrogens = UInt8(clamping: total)
    atoms[index].implicitHydrogens = 0
    atoms[index].isBracket = true
  }
}
