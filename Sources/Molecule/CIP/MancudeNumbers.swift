/// Atomic numbers of the duplicate atoms in mancude rings: means over the Kekulé structures.
///
/// Rings with the maximum number of noncumulative double bonds have several Kekulé structures; so
/// that labels do not depend on the one at hand, a duplicate atom counts the mean of the atoms
/// that share a double bond with its neighbour in one of them (IUPAC 2013, P-92.1.4.4; Hanson et
/// al. 2018, "mancude rings"). Atom types and means are those of RDKit.
struct MancudeNumbers {
  /// The number of duplicates at each atom, 0 where the ordinary atomic number holds; [A], or
  /// empty when it does for all.
  private var means: [Double] = []

  /// The mean at an atom unless it is a whole number or the atom is in no such ring.
  func mean(_ atom: Int32) -> Double? {
    guard !means.isEmpty, means[Int(atom)] > 0 else { return nil }
    return means[Int(atom)]
  }

  private enum AtomType {
    case other, carbon, neutral, cation, anion
  }

  init(_ graph: MolecularGraph) {
    var types = graph.atoms.indices.map { Self.type(of: $0, graph) }
    // Without another element and without a charge all atoms are carbons: their mean is 6.
    guard types.contains(where: { $0 != .other && $0 != .carbon }) else { return }
    Self.keepCycles(&types, graph)
    let parts = Self.parts(types, graph)
    guard let count = parts.max(), count > 0 else { return }
    means = [Double](repeating: 0, count: graph.atoms.count)
    var sums = [(numerator: Int, atoms: Int, isAnionic: Bool)](
      repeating: (0, 0, false), count: count + 1)
    for index in graph.atoms.indices where parts[index] > 0 {
      let part = parts[index]
      if types[index] == .anion { sums[part].isAnionic = true }
      sums[part].atoms += 1
      var numerator = 0
      var denominator = 0
      for slot in graph.neighborRange(index) {
        let neighbor = Int(graph.neighborAtoms[slot])
        guard parts[neighbor] == part else { continue }
        let number = Int(graph.atoms[neighbor].element.number)
        numerator += number
        denominator += 1
        sums[part].numerator +=
          (Self.order(graph.bonds[Int(graph.neighborBonds[slot])]) - 1) * number
      }
      set(index, numerator, denominator)
    }
    // A negative charge is spread over its whole part.
    for index in graph.atoms.indices where sums[parts[index]].isAnionic {
      set(index, sums[parts[index]].numerator, sums[parts[index]].atoms)
    }
  }

  private mutating func set(_ index: Int, _ numerator: Int, _ denominator: Int) {
    let isFraction = denominator > 0 && numerator % denominator != 0
    means[index] = isFraction ? Double(numerator) / Double(denominator) : 0
  }

  /// The order as far as duplicates go; a dative bond has none.
  static func order(_ bond: Bond) -> Int { bond.order == .dative ? 1 : Int(bond.order.rawValue) }

  private static func type(of index: Int, _ graph: MolecularGraph) -> AtomType {
    let atom = graph.atoms[index]
    guard atom.isInRing else { return .other }
    var singles = atom.hydrogens
    var doubles = 0
    for slot in graph.neighborRange(index) {
      switch graph.bonds[Int(graph.neighborBonds[slot])].order {
      case .single: singles += 1
      case .double: doubles += 1
      case .triple, .quadruple, .dative: return .other
      }
    }
    switch (atom.element.number, atom.charge, singles, doubles) {
    case (6, 0, 2, 1), (14, 0, 2, 1), (32, 0, 2, 1): return .carbon
    case (6, -1, 3, 0), (14, -1, 3, 0), (32, -1, 3, 0): return .anion
    case (7, 0, 1, 1), (15, 0, 1, 1), (33, 0, 1, 1): return .neutral
    case (7, -1, 2, 0), (15, -1, 2, 0), (33, -1, 2, 0): return .anion
    case (7, 1, 2, 1), (15, 1, 2, 1), (33, 1, 2, 1), (8, 1, 1, 1): return .cation
    default: return .other
    }
  }

  /// Takes the type from atoms with fewer than two typed ring neighbours until none is left.
  private static func keepCycles(_ types: inout [AtomType], _ graph: MolecularGraph) {
    var counts = [Int](repeating: 0, count: types.count)
    var pending: [Int] = []
    for index in types.indices where types[index] != .other {
      counts[index] = graph.neighborRange(index).count {
        graph.bonds[Int(graph.neighborBonds[$0])].isInRing
          && types[Int(graph.neighborAtoms[$0])] != .other
      }
      if counts[index] <= 1 { pending.append(index) }
    }
    while let index = pending.popLast() {
      types[index] = .other
      for slot in graph.neighborRange(index)
      where graph.bonds[Int(graph.neighborBonds[slot])].isInRing {
        let neighbor = Int(graph.neighborAtoms[slot])
        guard types[neighbor] != .other else { continue }
        counts[neighbor] -= 1
        if counts[neighbor] == 1 { pending.append(neighbor) }
      }
    }
  }

  /// Numbers the typed atoms from 1 by the connected part they are in, along ring bonds.
  private static func parts(_ types: [AtomType], _ graph: MolecularGraph) -> [Int] {
    var parts = [Int](repeating: 0, count: types.count)
    var count = 0
    for root in types.indices where types[root] != .other && parts[root] == 0 {
      count += 1
      parts[root] = count
      var pending = [root]
      while let index = pending.popLast() {
        for slot in graph.neighborRange(index)
        where graph.bonds[Int(graph.neighborBonds[slot])].isInRing {
          let neighbor = Int(graph.neighborAtoms[slot])
          guard types[neighbor] != .other, parts[neighbor] == 0 else { continue }
          parts[neighbor] = count
          pending.append(neighbor)
        }
      }
    }
    return parts
  }
}
