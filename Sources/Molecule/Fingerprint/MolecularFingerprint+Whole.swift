import Tensor

extension MolecularFingerprint {
  /// Element and charge of each atom, isotopes, heavy atoms in steps, total charge, fragments.
  static func addComposition(of graph: MolecularGraph, to sink: inout some FeatureSink) {
    for (index, atom) in graph.atoms.enumerated() {
      let element = Int(atom.element.number)
      sink.append(key(.chargedElement, element | (Int(atom.charge) + 128) << 8)) { [Int32(index)] }
      if atom.isotope > 0 {
        sink.append(key(.isotope, element | Int(atom.isotope) << 8)) { [Int32(index)] }
      }
    }
    sink.append(key(.heavyAtomCount, step(graph.heavyAtomCount))) { [] }
    sink.append(key(.totalCharge, graph.totalCharge)) { [] }
    sink.append(key(.fragmentCount, graph.fragmentCount)) { [] }
  }

  /// Half octaves: 0, 1, 2, 3, 4, 6, 8, 12, 16, … numbered from 0.
  private static func step(_ count: Int) -> Int {
    guard count > 1 else { return count }
    let octave = Int.bitWidth - 1 - count.leadingZeroBitCount
    return 2 * octave + ((count >> (octave - 1)) & 1)
  }

  /// Sizes of the rings of the cycle basis and their number.
  static func addRings(of graph: MolecularGraph, to sink: inout some FeatureSink) {
    for ring in 0..<graph.rings.count where graph.rings.isInBasis(ring) {
      let size = min(graph.rings.size(ring), 64)
      let atoms = graph.rings.atoms(ring)
      sink.append(key(.ringSize, size)) { Array(atoms) }
      if graph.rings.bonds(ring).allSatisfy({ graph.bonds[Int($0)].isAromatic }) {
        sink.append(key(.aromaticRingSize, size)) { Array(atoms) }
      }
    }
    sink.append(key(.ringCount, graph.ringCount)) { graph.ringAtoms }
  }

  /// Stereo counts, each centre in the whole molecule, and the molecule itself.
  static func addStereo(_ coloring: StereoColoring, to sink: inout some FeatureSink) {
    let bonds = coloring.elements.count { $0.isDoubleBond }
    sink.append(key(.stereocenterCount, coloring.elements.count - bonds)) {
      coloring.elements.filter { !$0.isDoubleBond }.map(\.first)
    }
    sink.append(key(.stereoBondCount, bonds)) {
      coloring.elements.filter(\.isDoubleBond).flatMap(\.ends)
    }
    for (element, descriptor) in zip(coloring.elements, coloring.descriptors)
    where descriptor != 0 {
      let first = coloring.plainColors[Int(element.first)]
      let second = element.second < 0 ? 0 : coloring.plainColors[Int(element.second)]
      var hash = FeatureHash(kind: FeatureKind.stereocenter.rawValue)
      hash.combine(min(first, second))
      hash.combine(max(first, second))
      hash.combine(descriptor)
      sink.append(hash.key) { element.ends }
    }
    if !coloring.outcomes.isEmpty {
      var hash = FeatureHash(kind: FeatureKind.tiedStereo.rawValue)
      for outcome in coloring.outcomes { hash.combine(outcome) }
      sink.append(hash.key) { [] }
    }
    sink.append(coloring.moleculeKey) { [] }
  }
}

extension MolecularGraph {
  /// Atoms on rings, ascending.
  var ringAtoms: [Int32] { atoms.indices.filter { atoms[$0].isInRing }.map { Int32($0) } }
}

extension StereoElement {
  /// The centre, or the two atoms of a double bond.
  var ends: [Int32] { second < 0 ? [first] : [first, second] }
}
