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

  /// Starts of the rings [count + 1], their atoms, their bonds, then 1 for each ring in the basis;
  /// empty without rings.
  private let storage: [Int32]

  /// Number of rings listed; at least the number of independent cycles in ordinary systems.
  public let count: Int

  init() {
    storage = []
    count = 0
  }

  /// The atoms of a ring in order around it.
  public func atoms(_ ring: Int) -> ArraySlice<Int32> {
    storage[count + 1 + Int(storage[ring])..<count + 1 + Int(storage[ring + 1])]
  }

  /// The bonds of a ring; bond i joins atoms i and i + 1, the last one closes it.
  public func bonds(_ ring: Int) -> ArraySlice<Int32> {
    let first = count + 1 + Int(storage[count])
    return storage[first + Int(storage[ring])..<first + Int(storage[ring + 1])]
  }

  /// Number of atoms in a ring.
  public func size(_ ring: Int) -> Int { Int(storage[ring + 1] - storage[ring]) }

  /// Whether the ring belongs to the chosen minimum cycle basis.
  public func isInBasis(_ ring: Int) -> Bool { storage[storage.count - count + ring] != 0 }

  /// Number of rings in the basis.
  var basisCount: Int { storage.suffix(count).count { $0 != 0 } }

  /// Rings as they are found.
  struct Builder: ~Copyable {
    private var starts = GrowingArray<Int32>(capacity: 16)
    private var atoms: GrowingArray<Int32>
    private var bonds: GrowingArray<Int32>
    private var basis = GrowingArray<Int32>(capacity: 16)

    init(capacity: Int) {
      atoms = GrowingArray(capacity: capacity)
      bonds = GrowingArray(capacity: capacity)
      starts.append(0)
    }

    @inline(__always)
    mutating func append(atom: Int32, bond: Int32) {
      atoms.append(atom)
      bonds.append(bond)
    }

    mutating func endRing(inBasis: Bool) {
      starts.append(Int32(atoms.count))
      basis.append(inBasis ? 1 : 0)
    }

    borrowing func finished() -> RingSet { RingSet(starts, atoms, bonds, basis) }
  }

  private init(
    _ starts: borrowing GrowingArray<Int32>, _ atoms: borrowing GrowingArray<Int32>,
    _ bonds: borrowing GrowingArray<Int32>, _ basis: borrowing GrowingArray<Int32>
  ) {
    count = basis.count
    var all: [Int32] = []
    if count > 0 {
      all.reserveCapacity(starts.count + atoms.count + bonds.count + basis.count)
      starts.copy(to: &all)
      atoms.copy(to: &all)
      bonds.copy(to: &all)
      basis.copy(to: &all)
    }
    storage = all
  }
}

extension RingSet {
  /// Finds the rings of a graph whose ring bonds are marked.
  init(of graph: MolecularGraph) {
    let ringBonds = graph.bonds.count { $0.isInRing }
    guard ringBonds > 0 else {
      self.init()
      return
    }
    var system = RingSystem(graph: graph, ringBonds: ringBonds)
    var rings = Builder(capacity: 2 * ringBonds)
    for root in graph.atoms.indices where graph.atoms[root].isInRing && !system.hasSeen(root) {
      system.load(from: Int32(root), graph: graph)
      switch system.cycleCount {
      case 1: system.walk(into: &rings)
      case _ where system.atomCount * system.bondCount <= Self.workLimit:
        system.findRelevantCycles(into: &rings)
      default: system.findShortCycles(into: &rings)
      }
    }
    self = rings.finished()
  }
}
