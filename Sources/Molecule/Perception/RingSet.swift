/// The smallest rings of a molecule, each an ordered cycle of atoms and bonds.
///
/// In ring systems of ordinary size these are the relevant cycles (Vismara 1997): every ring that
/// is no sum of shorter rings, except that of several shortest ways round a ring only some are
/// listed. They include a minimum cycle basis, marked by ``isInBasis(_:)``. In systems where
/// atoms × bonds exceeds ``workLimit`` only rings of at most ``largeSystemRingSize`` atoms are
/// found, and of those each that is a smallest ring of one of its bonds.
public struct RingSet: Sendable, Equatable {
  /// Ring systems of more atoms × bonds get bounded treatment.
  public static let workLimit = 300_000
  /// Largest ring listed for such systems.
  public static let largeSystemRingSize = 16

  private var start: [Int32] = [0]
  private var atomIndices: [Int32] = []
  private var bondIndices: [Int32] = []
  private var basis: [Bool] = []

  init() {}

  /// Number of rings listed; at least the number of independent cycles in ordinary systems.
  public var count: Int { start.count - 1 }

  /// The atoms of a ring in order around it.
  public func atoms(_ ring: Int) -> ArraySlice<Int32> {
    atomIndices[Int(start[ring])..<Int(start[ring + 1])]
  }

  /// The bonds of a ring; bond i joins atoms i and i + 1, the last one closes it.
  public func bonds(_ ring: Int) -> ArraySlice<Int32> {
    bondIndices[Int(start[ring])..<Int(start[ring + 1])]
  }

  /// Number of atoms in a ring.
  public func size(_ ring: Int) -> Int { Int(start[ring + 1] - start[ring]) }

  /// Whether the ring belongs to the chosen minimum cycle basis.
  public func isInBasis(_ ring: Int) -> Bool { basis[ring] }

  /// Number of rings in the basis.
  var basisCount: Int { basis.count { $0 } }

  mutating func append(atoms: some Sequence<Int32>, bonds: some Sequence<Int32>, inBasis: Bool) {
    atomIndices.append(contentsOf: atoms)
    bondIndices.append(contentsOf: bonds)
    precondition(atomIndices.count == bondIndices.count, "a ring has as many bonds as atoms")
    start.append(Int32(atomIndices.count))
    basis.append(inBasis)
  }
}

extension RingSet {
  /// Finds the rings of a graph whose ring bonds are marked.
  init(of graph: MolecularGraph) {
    self.init()
    var system = RingSystem(graph: graph)
    var seen = [Bool](repeating: false, count: graph.atoms.count)
    for root in graph.atoms.indices where graph.atoms[root].isInRing && !seen[root] {
      system.load(from: Int32(root), graph: graph, seen: &seen)
      switch system.cycleCount {
      case 1: system.walk(graph: graph, into: &self)
      case _ where system.atoms.count * system.bondCount <= Self.workLimit:
        system.findRelevantCycles(into: &self)
      default: system.findShortCycles(into: &self)
      }
    }
  }
}
