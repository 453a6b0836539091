/// Topological path fingerprints: unbranched chains of bonds with their atoms and bond orders.
///
/// Chains pass through distinct atoms; those of the greatest length may also end on one of their
/// own atoms and so close a ring. Branched subgraphs, which RDKit's path fingerprint has by
/// default, are not listed: identifiers and counts are those of RDKit's generator with branched
/// paths off and one bit for each feature.
///
/// Chains do not pass through atoms of more than ``hubDegree`` neighbours, and molecules with more
/// than ``stepsPerAtom`` chains an atom get shorter ones.
public struct PathGenerator: FingerprintGenerator {
  /// Most neighbours of an atom inside a chain.
  public static let hubDegree = 32
  /// Chains an atom above which the greatest length is reduced.
  public static let stepsPerAtom = 5_000
  /// Chains that any molecule may have on top.
  static let allowance = 200_000

  /// Lengths that count, in bonds.
  public let lengths: ClosedRange<Int>

  var chain: [Int32] = []
  var chainBonds: [Int32] = []
  var slots: [Int32] = []
  var onChain: [Bool] = []
  var kinds: [UInt32] = []
  var bondHashes: [UInt64] = []
  var occurrences: [UInt64] = []
  var sorter = IdentifierSort()

  /// A generator of chains of the given numbers of bonds, within 1...16.
  public init(lengths: ClosedRange<Int> = 1...7) {
    precondition(lengths.lowerBound >= 1 && lengths.upperBound <= 16, "lengths \(lengths)")
    self.lengths = lengths
  }

  /// Identifiers below 2³² with their counts; linear in the number of chains.
  public mutating func counts(of graph: MolecularGraph) -> CountFingerprint {
    collect(graph)
    sorter.sortHashes(&occurrences)
    return CountFingerprint(sorted: occurrences.span)
  }

  /// One bit for each chain at the remainder of its identifier by `size`.
  public mutating func bits(of graph: MolecularGraph, size: Int) -> BitFingerprint {
    collect(graph)
    return BitFingerprint(size: size, folding: occurrences)
  }
}
