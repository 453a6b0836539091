/// The search for sets of fused rings that hold 4n + 2 electrons.
struct RingFusion: ~Copyable {
  /// Rings larger than this are looked at alone, never fused.
  static let largestFusedRing = 24
  /// Rings combined at a time.
  static let mostRings = 6
  /// Above this many rings in one system only pairs are combined.
  static let fullSearchLimit = 300
  /// Ring combinations looked at in one system.
  static let combinationLimit = 20_000

  /// Up to six candidates, ascending, then ``absent``.
  private typealias Combination = SIMD8<Int32>
  private static let absent = Int32.max

  let isAromaticAtom: FixedArray<Bool>
  let isAromaticBond: FixedArray<Bool>
  private let rings: RingSet
  private let candidates: [Int32]
  private let donors: FixedArray<ElectronDonor>
  /// Scratch: how many rings of a combination hold an atom or bond; all 0 between uses.
  private let atomUse: FixedArray<UInt8>
  private let bondUse: FixedArray<UInt8>

  init(graph: MolecularGraph, candidates: [Int32], donors: consuming FixedArray<ElectronDonor>) {
    isAromaticAtom = FixedArray(repeating: false, count: graph.atoms.count)
    isAromaticBond = FixedArray(repeating: false, count: graph.bonds.count)
    rings = graph.rings
    self.candidates = candidates
    self.donors = donors
    atomUse = FixedArray(repeating: 0, count: graph.atoms.count)
    bondUse = FixedArray(repeating: 0, count: graph.bonds.count)
  }

  /// Tries every fused system; single rings first, then pairs, up to six.
  func search() {
    for position in candidates.indices {
      let alone = Self.combination(of: position)
      if isHuckel(alone) { mark(alone) }
    }
    if candidates.allSatisfy({ isMarked($0) }) { return }
    let fused = neighbors()
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
      searchCombinations(of: system, fused)
    }
  }

  /// Candidates that share exactly one bond, both small enough to fuse; [candidates].
  private func neighbors() -> [[Int32]] {
    var fused = [[Int32]](repeating: [], count: candidates.count)
    // The candidates that hold a bond so far form a chain of entries that starts at the bond.
    let head = FixedArray<Int32>(repeating: -1, count: isAromaticBond.count)
    var holder = GrowingArray<Int32>(capacity: 64)
    var next = GrowingArray<Int32>(capacity: 64)
    let shared = FixedArray<Int32>(repeating: 0, count: candidates.count)
    var touched = GrowingArray<Int32>(capacity: 16)
    for position in candidates.indices {
      let ring = Int(candidates[position])
      guard rings.size(ring) <= Self.largestFusedRing else { continue }
      for bond in rings.bonds(ring) {
        var entry = head[Int(bond)]
        while entry >= 0 {
          let other = holder[Int(entry)]
          if shared[Int(other)] == 0 { touched.append(other) }
          shared[Int(other)] += 1
          entry = next[Int(entry)]
        }
        next.append(head[Int(bond)])
        head[Int(bond)] = Int32(truncatingIfNeeded: holder.count)
        holder.append(Int32(truncatingIfNeeded: position))
      }
      while !touched.isEmpty {
        let other = touched.removeLast()
        if shared[Int(other)] == 1 {
          fused[position].append(other)
          fused[Int(other)].append(Int32(truncatingIfNeeded: position))
        }
        shared[Int(other)] = 0
      }
    }
    return fused
  }

  private func searchCombinations(of system: [Int32], _ fused: [[Int32]]) {
    guard system.count > 1 else { return }
    var combinations = system.map { Self.combination(of: Int($0)) }
    for size in 2...Self.mostRings {
      if size > system.count || (system.count > Self.fullSearchLimit && size > 2) { return }
      if system.allSatisfy({ isMarked(candidates[Int($0)]) }) { return }
      combinations = grow(combinations, fused)
      if combinations.isEmpty || combinations.count > Self.combinationLimit { return }
      for combination in combinations where isHuckel(combination) { mark(combination) }
    }
  }

  private func isMarked(_ ring: Int32) -> Bool {
    rings.bonds(Int(ring)).allSatisfy { isAromaticBond[Int($0)] }
  }

  private static func combination(of position: Int) -> Combination {
    var alone = Combination(repeating: absent)
    alone[0] = Int32(truncatingIfNeeded: position)
    return alone
  }

  /// All connected combinations of one more ring.
  private func grow(_ combinations: [Combination], _ fused: [[Int32]]) -> [Combination] {
    var grown = Set<Combination>()
    for combination in combinations {
      for place in 0..<Self.mostRings where combination[place] != Self.absent {
        for other in fused[Int(combination[place])]
        where !any(combination .== Combination(repeating: other)) {
          grown.insert(Self.inserting(other, into: combination))
        }
      }
      if grown.count > Self.combinationLimit { break }
    }
    return Array(grown)
  }

  private static func inserting(_ ring: Int32, into combination: Combination) -> Combination {
    var larger = combination
    var place = 0
    while larger[place] < ring { place += 1 }
    var moved = ring
    while moved != absent {
      (larger[place], moved) = (moved, larger[place])
      place += 1
    }
    return larger
  }

  /// Atoms of three or more of the rings lie inside and do not count.
  private func isHuckel(_ combination: Combination) -> Bool {
    var (low, high, wildcards) = (0, 0, 0)
    if combination[1] != Self.absent {
      for place in 0..<Self.mostRings where combination[place] != Self.absent {
        for atom in atoms(combination[place]) { atomUse[Int(atom)] += 1 }
      }
    }
    for place in 0..<Self.mostRings where combination[place] != Self.absent {
      for atom in atoms(combination[place]) {
        let uses = combination[1] == Self.absent ? 1 : atomUse[Int(atom)]
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

  private func mark(_ combination: Combination) {
    for place in 0..<Self.mostRings where combination[place] != Self.absent {
      for bond in bonds(combination[place]) { bondUse[Int(bond)] += 1 }
      for atom in atoms(combination[place]) { isAromaticAtom[Int(atom)] = true }
    }
    for place in 0..<Self.mostRings where combination[place] != Self.absent {
      for bond in bonds(combination[place]) {
        if bondUse[Int(bond)] == 1 { isAromaticBond[Int(bond)] = true }
        bondUse[Int(bond)] = 0
      }
    }
  }

  private func atoms(_ position: Int32) -> ArraySlice<Int32> {
    rings.atoms(Int(candidates[Int(position)]))
  }

  private func bonds(_ position: Int32) -> ArraySlice<Int32> {
    rings.bonds(Int(candidates[Int(position)]))
  }
}
