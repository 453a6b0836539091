/// The search for sets of fused rings that hold 4n + 2 electrons.
struct RingFusion {
  /// Rings larger than this are looked at alone, never fused.
  static let largestFusedRing = 24
  /// Rings combined at a time.
  static let mostRings = 6
  /// Above this many rings in one system only pairs are combined.
  static let fullSearchLimit = 300
  /// Ring combinations looked at in one system.
  static let combinationLimit = 20_000

  private(set) var isAromaticAtom: [Bool]
  private(set) var isAromaticBond: [Bool]
  private let rings: RingSet
  private let candidates: [Int]
  private let donors: [ElectronDonor]
  /// Candidates that share exactly one bond, both small enough to fuse; [candidates].
  private var fused: [[Int32]]
  /// Scratch: how many rings of a combination hold an atom or bond; all 0 between uses.
  private var atomUse: [UInt8]
  private var bondUse: [UInt8]

  init(graph: MolecularGraph, candidates: [Int], donors: [ElectronDonor]) {
    isAromaticAtom = [Bool](repeating: false, count: graph.atoms.count)
    isAromaticBond = [Bool](repeating: false, count: graph.bonds.count)
    rings = graph.rings
    self.candidates = candidates
    self.donors = donors
    atomUse = [UInt8](repeating: 0, count: graph.atoms.count)
    bondUse = [UInt8](repeating: 0, count: graph.bonds.count)
    fused = Self.neighbors(of: candidates, in: graph.rings, bondCount: graph.bonds.count)
  }

  private static func neighbors(
    of candidates: [Int], in rings: RingSet, bondCount: Int
  ) -> [[Int32]] {
    var fused = [[Int32]](repeating: [], count: candidates.count)
    guard candidates.count > 1 else { return fused }
    var holders = [[Int32]](repeating: [], count: bondCount)
    for (position, ring) in candidates.enumerated() where rings.size(ring) <= largestFusedRing {
      var shared: [Int32: Int] = [:]
      for bond in rings.bonds(ring) {
        for other in holders[Int(bond)] { shared[other, default: 0] += 1 }
        holders[Int(bond)].append(Int32(position))
      }
      for (other, count) in shared where count == 1 {
        fused[position].append(other)
        fused[Int(other)].append(Int32(position))
      }
    }
    return fused
  }

  /// Tries every fused system; single rings first, then pairs, up to six.
  mutating func search() {
    var seen = [Bool](repeating: false, count: candidates.count)
    for root in candidates.indices where !seen[root] {
      var system = [Int32(root)]
      seen[root] = true
      var next = 0
      while next < system.count {
        for other in fused[Int(system[next])] where !seen[Int(other)] {
          seen[Int(other)] = true
          system.append(other)
        }
        next += 1
      }
      search(system)
    }
  }

  private mutating func search(_ system: [Int32]) {
    var combinations = system.map { [$0] }
    for size in 1...Self.mostRings {
      for combination in combinations where isHuckel(combination) { mark(combination) }
      guard size < system.count, size < Self.mostRings else { return }
      if system.count > Self.fullSearchLimit, size == 2 { return }
      if system.allSatisfy({ isMarked(candidates[Int($0)]) }) { return }
      combinations = grow(combinations)
      if combinations.isEmpty || combinations.count > Self.combinationLimit { return }
    }
  }

  private func isMarked(_ ring: Int) -> Bool {
    rings.bonds(ring).allSatisfy { isAromaticBond[Int($0)] }
  }

  /// All connected combinations of one more ring.
  private func grow(_ combinations: [[Int32]]) -> [[Int32]] {
    var grown = Set<[Int32]>()
    for combination in combinations {
      for member in combination {
        for other in fused[Int(member)] where !combination.contains(other) {
          var larger = combination
          larger.insert(other, at: larger.firstIndex { $0 > other } ?? larger.endIndex)
          grown.insert(larger)
        }
      }
      if grown.count > Self.combinationLimit { break }
    }
    return Array(grown)
  }

  /// Atoms of three or more of the rings lie inside and do not count.
  private mutating func isHuckel(_ combination: [Int32]) -> Bool {
    var (low, high, wildcards) = (0, 0, 0)
    for position in combination {
      for atom in rings.atoms(candidates[Int(position)]) { atomUse[Int(atom)] += 1 }
    }
    for position in combination {
      for atom in rings.atoms(candidates[Int(position)]) {
        let uses = atomUse[Int(atom)]
        atomUse[Int(atom)] = 0
        guard uses == 1 || uses == 2 else { continue }
        let donor = donors[Int(atom)]
        if donor == .any { wildcards += 1 }
        low += donor.range.low
        high += donor.range.high
      }
    }
    if wildcards > 1 { return false }
    if high < 6 { return high == 2 }
    return (low...high).contains { ($0 - 2) % 4 == 0 }
  }

  private mutating func mark(_ combination: [Int32]) {
    for position in combination {
      for bond in rings.bonds(candidates[Int(position)]) { bondUse[Int(bond)] += 1 }
      for atom in rings.atoms(candidates[Int(position)]) { isAromaticAtom[Int(atom)] = true }
    }
    for position in combination {
      for bond in rings.bonds(candidates[Int(position)]) {
        if bondUse[Int(bond)] == 1 { isAromaticBond[Int(bond)] = true }
        bondUse[Int(bond)] = 0
      }
    }
  }
}
