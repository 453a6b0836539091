/// The edges that lead away from each node, ranked as far as it was asked for.
///
/// Ranks are kept because comparisons ask for those of one node again and again; without that the
/// work doubles with each sphere.
struct CIPOrders: ~Copyable {
  /// Which rules an order looks at.
  enum Kind: Int, BitwiseCopyable {
    /// 1a, 1b, 2.
    case constitution
    /// Those and 3, 4a.
    case stereo
    /// Those and 4b to 6.
    case full
    /// Only whether descriptors are like R, or like S.
    case likeRight, likeLeft

    /// The number of orders that depend on descriptors.
    static let stereoCount = 4

    init(_ rule: CIPRule) {
      switch rule {
      case .atomicNumber, .duplicateDistance, .mass: self = .constitution
      case .geometry, .standing: self = .stereo
      case .pairs, .pseudoAsymmetry, .hand, .chosenAtom: self = .full
      case .likeRight: self = .likeRight
      case .likeLeft: self = .likeLeft
      }
    }
  }

  /// Ranked edges, each with a bit whether it ties with the one before; parallel to the slots.
  private var constitution = GrowingArray<Int32>(capacity: 256)
  /// The same of the other orders, those of one order behind each other.
  private var stereo = GrowingArray<Int32>(capacity: 16)
  /// 16 × round + the number of rules applied, of each node.
  private var constitutionStates = GrowingArray<Int32>(capacity: 256)
  private var stereoStates = GrowingArray<Int32>(capacity: 16)
  private var slotCount = 0
  private var nodeCount = 0
  /// Goes up when descriptors change; states of earlier rounds are void.
  private var round: Int32 = 1

  init() {}

  mutating func removeAll() {
    constitution.removeAll()
    constitutionStates.removeAll()
    stereo.removeAll()
    stereoStates.removeAll()
    slotCount = 0
    nodeCount = 0
    round = 1
  }

  mutating func addNode() { constitutionStates.append(0) }

  mutating func addSlot() { constitution.append(0) }

  /// Makes room for the orders that depend on descriptors; no node may be added afterwards.
  mutating func prepareStereo() {
    slotCount = constitution.count
    nodeCount = constitutionStates.count
    for _ in 0..<Kind.stereoCount * slotCount { stereo.append(0) }
    for _ in 0..<Kind.stereoCount * nodeCount { stereoStates.append(0) }
  }

  /// Forgets what is known of one node.
  mutating func forget(_ node: Int32) {
    constitutionStates[Int(node)] = 0
    guard nodeCount > 0 else { return }
    for kind in 0..<Kind.stereoCount { stereoStates[kind * nodeCount + Int(node)] = 0 }
  }

  /// Forgets all orders that depend on descriptors.
  mutating func forgetStereo() { round += 1 }

  /// How many rules are applied at a node, -1 before its edges are listed.
  @inline(__always)
  func level(_ kind: Kind, _ node: Int32) -> Int {
    let state =
      kind == .constitution
      ? constitutionStates[Int(node)]
      : stereoStates[(kind.rawValue - 1) * nodeCount + Int(node)]
    let current = kind == .constitution ? 1 : round
    return state >> 4 == current ? Int(state & 15) : -1
  }

  @inline(__always)
  mutating func setLevel(_ kind: Kind, _ node: Int32, _ level: Int) {
    if kind == .constitution {
      constitutionStates[Int(node)] = 16 | Int32(level)
    } else {
      stereoStates[(kind.rawValue - 1) * nodeCount + Int(node)] = round << 4 | Int32(level)
    }
  }

  /// An edge and whether it ties with the one before it.
  @inline(__always)
  func edge(_ kind: Kind, _ slot: Int) -> (edge: Int32, isTied: Bool) {
    let value =
      kind == .constitution
      ? constitution[slot] : stereo[(kind.rawValue - 1) * slotCount + slot]
    return (value >> 1, value & 1 != 0)
  }

  @inline(__always)
  mutating func set(_ kind: Kind, _ slot: Int, _ edge: Int32, isTied: Bool) {
    let value = edge << 1 | (isTied ? 1 : 0)
    if kind == .constitution {
      constitution[slot] = value
    } else {
      stereo[(kind.rawValue - 1) * slotCount + slot] = value
    }
  }
}
