/// What substructure definitions ask of each atom, in flat arrays over a molecule.
///
/// Hydrogens that are atoms of the graph count as hydrogens here, as SMARTS counts them.
struct AtomSurroundings {
  /// How a bond looks to a substructure definition.
  enum Kind: UInt8 {
    case single = 1
    case double = 2
    case triple = 3
    case quadruple = 4
    case aromatic = 12
    case dative = 17

    /// Whether a bond without a symbol in a definition means this bond.
    var isPlain: Bool { self == .single || self == .aromatic }
  }

  /// Atoms of more neighbours are taken to have no double bonds when a neighbour asks, so that the
  /// work stays linear.
  static let hubDegree = 64

  let graph: MolecularGraph
  /// Hydrogens of each atom, in or outside the graph.
  private(set) var hydrogens: [UInt8] = []
  /// Sum of bond orders of each atom with its hydrogens.
  private(set) var valences: [UInt8] = []
  /// Kind of each bond.
  private(set) var kinds: [Kind] = []

  init(_ graph: MolecularGraph) {
    self.graph = graph
    kinds.reserveCapacity(graph.bonds.count)
    for bond in graph.bonds { kinds.append(Self.kind(bond)) }
    hydrogens.reserveCapacity(graph.atoms.count)
    valences.reserveCapacity(graph.atoms.count)
    for index in graph.atoms.indices {
      var count = graph.atoms[index].hydrogens
      var valence = count
      for slot in graph.neighborRange(index) {
        if graph.atoms[Int(graph.neighborAtoms[slot])].element == .hydrogen { count += 1 }
        valence += graph.bonds[Int(graph.neighborBonds[slot])].valence(at: Int32(index))
      }
      hydrogens.append(UInt8(min(count, 255)))
      valences.append(UInt8(min(valence, 255)))
    }
  }

  private static func kind(_ bond: Bond) -> Kind {
    if bond.isAromatic { return .aromatic }
    return switch bond.order {
    case .single: .single
    case .double: .double
    case .triple: .triple
    case .quadruple: .quadruple
    case .dative: .dative
    }
  }

  /// Atomic number.
  @inline(__always)
  func number(_ atom: Int) -> Int { Int(graph.atoms[atom].element.number) }

  /// Atomic number of an aliphatic atom, -1 for an aromatic one.
  @inline(__always)
  func aliphatic(_ atom: Int) -> Int { graph.atoms[atom].isAromatic ? -1 : number(atom) }

  @inline(__always)
  func isAromatic(_ atom: Int) -> Bool { graph.atoms[atom].isAromatic }

  @inline(__always)
  func charge(_ atom: Int) -> Int { Int(graph.atoms[atom].charge) }

  /// Neighbours with all hydrogens.
  @inline(__always)
  func connections(_ atom: Int) -> Int { graph.degree(atom) + graph.atoms[atom].hydrogens }

  /// Whether a neighbour in `slot` other than `excluded` meets a condition.
  @inline(__always)
  func contains(
    around atom: Int, except excluded: Int = -1, _ condition: (_ neighbor: Int, Kind) -> Bool
  ) -> Bool {
    for slot in graph.neighborRange(atom) {
      let neighbor = Int(graph.neighborAtoms[slot])
      if neighbor != excluded, condition(neighbor, kinds[Int(graph.neighborBonds[slot])]) {
        return true
      }
    }
    return false
  }

  /// How many neighbours meet a condition.
  @inline(__always)
  func count(around atom: Int, _ condition: (_ neighbor: Int, Kind) -> Bool) -> Int {
    var count = 0
    for slot in graph.neighborRange(atom)
    where condition(Int(graph.neighborAtoms[slot]), kinds[Int(graph.neighborBonds[slot])]) {
      count += 1
    }
    return count
  }

  /// Whether an atom has a double bond to an aliphatic atom of one of four elements, such as the
  /// oxygen of a carbonyl group.
  @inline(__always)
  func hasDoubleBond(_ atom: Int, to elements: ElementSet, except excluded: Int = -1) -> Bool {
    graph.degree(atom) <= Self.hubDegree
      && contains(around: atom, except: excluded) { neighbor, kind in
        kind == .double && elements.contains(aliphatic(neighbor))
      }
  }
}

/// A set of atomic numbers below 64.
struct ElementSet: ExpressibleByArrayLiteral {
  private var bits: UInt64 = 0

  init(arrayLiteral elements: Int...) { for element in elements { bits |= 1 << UInt64(element) } }

  func contains(_ number: Int) -> Bool {
    number >= 0 && number < 64 && bits >> UInt64(number) & 1 == 1
  }

  static let carbon: ElementSet = [6]
  static let oxygen: ElementSet = [8]
  static let oxygenSulfur: ElementSet = [8, 16]
  static let nitrogenOxygenSulfur: ElementSet = [7, 8, 16]
  static let chalcogenPnictogen: ElementSet = [7, 8, 15, 16]
  static let oxygenSulfurPhosphorus: ElementSet = [8, 15, 16]
  static let halogens: ElementSet = [9, 17, 35, 53]
}
