/// Which bonds of a pattern can only be met by bonds in rings.
enum PatternCycles {
  /// Patterns of more bonds are not looked at, which costs nothing but time of the search.
  private static let largest = 256

  /// Marks the bonds that lie on a cycle of the pattern; none when a bond may be met by a dative
  /// one, which lies on no ring by RDKit's model and ours.
  static func cyclicBonds(atomCount: Int, bonds: [SMARTSParser.Bond]) -> [Bool] {
    let dative = BondMask.dativeOut.bits | BondMask.dativeIn.bits
    guard bonds.count <= largest, bonds.allSatisfy({ $0.mask.bits & dative == 0 }) else {
      return [Bool](repeating: false, count: bonds.count)
    }
    return bonds.indices.map { staysConnected(without: $0, atomCount, bonds) }
  }

  private static func staysConnected(
    without left: Int, _ atomCount: Int, _ bonds: [SMARTSParser.Bond]
  ) -> Bool {
    var isReached = [Bool](repeating: false, count: atomCount)
    isReached[bonds[left].begin] = true
    var grows = true
    while grows {
      grows = false
      for index in bonds.indices where index != left {
        let (begin, end) = (bonds[index].begin, bonds[index].end)
        if isReached[begin] != isReached[end] {
          isReached[begin] = true
          isReached[end] = true
          grows = true
        }
      }
    }
    return isReached[bonds[left].end]
  }
}
