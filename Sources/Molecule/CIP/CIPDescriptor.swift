/// What a node of the digraph knows of its configuration (an auxiliary descriptor).
enum CIPDescriptor: UInt8, BitwiseCopyable {
  /// No stated configuration.
  case none
  /// A stated configuration whose substituents rank alike, seen from here.
  case undecided
  case rectus, sinister, pseudoRectus, pseudoSinister
  case zusammen, entgegen, sequenceCis, sequenceTrans

  /// The label a person reads.
  var label: CIPLabel? {
    switch self {
    case .none, .undecided: nil
    case .rectus: .rectus
    case .sinister: .sinister
    case .pseudoRectus: .pseudoRectus
    case .pseudoSinister: .pseudoSinister
    case .zusammen: .zusammen
    case .entgegen: .entgegen
    case .sequenceCis: .sequenceCis
    case .sequenceTrans: .sequenceTrans
    }
  }

  /// Rule 3: Z before E.
  var geometry: Int {
    switch self {
    case .zusammen: 2
    case .entgegen: 1
    default: 0
    }
  }

  /// Rule 4a: chiral before pseudo-asymmetric before nonstereogenic.
  var standing: Int {
    switch self {
    case .none, .undecided: 0
    case .pseudoRectus, .pseudoSinister, .zusammen, .entgegen: 1
    case .rectus, .sinister, .sequenceCis, .sequenceTrans: 2
    }
  }

  /// Rule 4c: r before s.
  var pseudoAsymmetry: Int {
    switch self {
    case .pseudoRectus: 2
    case .pseudoSinister: 1
    default: 0
    }
  }

  /// The side that like and unlike refer to (Rules 4b and 5): R with seqCis, S with seqTrans.
  var hand: Hand? {
    switch self {
    case .rectus, .sequenceCis: .right
    case .sinister, .sequenceTrans: .left
    default: nil
    }
  }

  /// One of two sides.
  enum Hand: UInt8, BitwiseCopyable {
    case right, left
  }
}

/// A sequence rule; its number is its place in the order in which rules are tried.
enum CIPRule: Int, CaseIterable, BitwiseCopyable {
  /// 1a: higher atomic number first.
  case atomicNumber
  /// 1b: a duplicate of a nearer atom first.
  case duplicateDistance
  /// 2: higher mass first.
  case mass
  /// 3: Z before E.
  case geometry
  /// 4a: chiral, then pseudo-asymmetric, then nonstereogenic.
  case standing
  /// 4b: like pairs of descriptors before unlike ones.
  case pairs
  /// 4c: r before s.
  case pseudoAsymmetry
  /// 5: R before S.
  case hand
  /// 6: the branch with the chosen atom first.
  case chosenAtom
  /// Descriptors like R first: what Rules 4b and 5 explore branches with.
  case likeRight
  /// Descriptors like S first.
  case likeLeft

  /// How many rules look at the constitution only: 1a, 1b, 2.
  static let constitutionalCount = 3
  /// How many rules there are: 1a to 6.
  static let count = 9

  static func like(_ hand: CIPDescriptor.Hand) -> CIPRule {
    hand == .right ? .likeRight : .likeLeft
  }
}
