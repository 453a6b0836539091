/// Properties of an atom as bits, one set in each field, so that a set of allowed values is a mask.
struct AtomWord: Equatable, Sendable {
  var low: UInt64
  var high: UInt64

  static let none = AtomWord(low: 0, high: 0)

  static func | (left: AtomWord, right: AtomWord) -> AtomWord {
    AtomWord(low: left.low | right.low, high: left.high | right.high)
  }

  static func & (left: AtomWord, right: AtomWord) -> AtomWord {
    AtomWord(low: left.low & right.low, high: left.high & right.high)
  }

  /// The bits that `other` lacks.
  func without(_ other: AtomWord) -> AtomWord {
    AtomWord(low: low & ~other.low, high: high & ~other.high)
  }

  @inline(__always)
  func meets(_ mask: AtomWord) -> Bool { (low & mask.low) | (high & mask.high) != 0 }

  /// A run of bits for one property: values from 0 on, the last bit for all that are larger.
  struct Field {
    let start: Int
    let count: Int
    var isHigh = false

    func bit(_ value: Int) -> AtomWord {
      word(1 << UInt64(start + min(max(value, 0), count - 1)))
    }

    /// Whether a mask speaks of this property alone.
    func holds(_ mask: AtomWord) -> Bool { mask.without(self.mask) == .none }

    var mask: AtomWord { word(((1 << UInt64(count)) - 1) << UInt64(start)) }

    private func word(_ bits: UInt64) -> AtomWord {
      isHigh ? AtomWord(low: 0, high: bits) : AtomWord(low: bits, high: 0)
    }

    /// The mask of a range of values; nil when the last bit holds values in and out of it.
    func mask(_ range: ClosedRange<Int>) -> AtomWord? {
      let last = count - 1
      if range.upperBound >= last, range.upperBound != Int.max { return nil }
      if range.lowerBound > last { return nil }
      var mask = AtomWord.none
      for value in 0...last where range.contains(value) { mask = mask | bit(value) }
      return mask
    }
  }

  static let elements: [UInt8] = [
    0, 1, 5, 6, 7, 8, 9, 11, 14, 15, 16, 17, 19, 34, 35, 53, 33, 3, 12, 20, 30, 26, 29,
  ]
  /// Elements of the list above in their order, then all others.
  static let element = Field(start: 0, count: 24)
  static let aromatic = Field(start: 24, count: 2)
  /// −2 or less, −1, 0, 1, 2 or more.
  static let charge = Field(start: 26, count: 5)
  static let degree = Field(start: 31, count: 8)
  static let hydrogens = Field(start: 39, count: 6)
  static let ringBonds = Field(start: 45, count: 7)
  static let connections = Field(start: 52, count: 8)
  static let ringCount = Field(start: 0, count: 8, isHigh: true)
  static let smallestRing = Field(start: 8, count: 12, isHigh: true)
  static let valence = Field(start: 20, count: 9, isHigh: true)

  /// Every field: an atom has exactly one bit in each.
  static let fields = [
    element, aromatic, charge, degree, hydrogens, ringBonds, connections, ringCount, smallestRing,
    valence,
  ]

  /// Index of an element in its field.
  static let elementIndex: [UInt8] = (0...118).map { number in
    UInt8(elements.firstIndex(of: UInt8(number)) ?? elements.count)
  }

  /// The field that holds a property and its mask for a range, if a mask can say it exactly.
  static func mask(_ property: AtomProperty, _ range: ClosedRange<Int>) -> (AtomWord, Field)? {
    let field: Field
    switch property {
    case .degree: field = degree
    case .hydrogens: field = hydrogens
    case .ringBonds: field = ringBonds
    case .connections: field = connections
    case .ringCount: field = ringCount
    case .smallestRing: field = smallestRing
    case .valence: field = valence
    case .charge:
      guard range.lowerBound == range.upperBound, abs(range.lowerBound) <= 1 else { return nil }
      return (charge.bit(range.lowerBound + 2), charge)
    case .heavyDegree, .implicitHydrogens, .heteroNeighbors, .aliphaticHeteroNeighbors,
      .hybridization, .ringOfSize:
      return nil
    }
    return field.mask(range).map { ($0, field) }
  }
}

/// Tests of one query atom: masks that all have to be met, then what masks cannot say.
struct AtomTest: Sendable {
  var masks: [AtomWord] = []
  var rest: AtomExpression?
  /// A tetrahedral mark, true for `@`.
  var chirality: Bool?

  init(_ expression: AtomExpression) {
    var rest: [AtomExpression] = []
    add(expression, to: &rest)
    self.rest = rest.isEmpty ? nil : rest.count == 1 ? rest[0] : .all(rest)
  }

  private mutating func add(_ expression: AtomExpression, to rest: inout [AtomExpression]) {
    switch expression {
    case .any: break
    case .chirality(let isPositive): chirality = isPositive
    case .all(let parts): for part in parts { add(part, to: &rest) }
    case .either(let alternatives):
      if let mask = Self.mask(expression) {
        masks.append(mask)
      } else if let (common, union) = Self.factored(alternatives) {
        masks.append(common)
        masks.append(union)
      } else {
        rest.append(expression)
      }
    default:
      if let mask = Self.mask(expression) { masks.append(mask) } else { rest.append(expression) }
    }
  }

  /// `a&x, b&x, …` as x and the union of a, b, …, as in `[F,Cl]`: not aromatic, and F or Cl.
  private static func factored(_ alternatives: [AtomExpression]) -> (AtomWord, AtomWord)? {
    var common: AtomExpression?
    var union = AtomWord.none
    for alternative in alternatives {
      guard case .all(let parts) = alternative, parts.count == 2, let mask = mask(parts[0]),
        common == nil || common == parts[1]
      else { return nil }
      common = parts[1]
      union = union | mask
    }
    return common.flatMap(mask).map { ($0, union) }
  }

  /// One mask that says the expression exactly, if there is one.
  private static func mask(_ expression: AtomExpression) -> AtomWord? {
    switch expression {
    case .aromatic(let isAromatic): return AtomWord.aromatic.bit(isAromatic ? 1 : 0)
    case .element(let number):
      let index = Int(AtomWord.elementIndex[Int(number)])
      return index < AtomWord.elements.count ? AtomWord.element.bit(index) : nil
    case .number(let property, let range): return AtomWord.mask(property, range)?.0
    case .not(let inner): return complement(inner)
    case .either(let parts):
      var union = AtomWord.none
      for part in parts {
        guard let mask = mask(part) else { return nil }
        union = union | mask
      }
      return union
    case .all(let parts) where parts.count == 1: return mask(parts[0])
    case .any, .isotope, .recursive, .chirality, .all: return nil
    }
  }

  private static func complement(_ expression: AtomExpression) -> AtomWord? {
    switch expression {
    case .aromatic(let isAromatic): return AtomWord.aromatic.bit(isAromatic ? 0 : 1)
    case .element:
      guard let mask = mask(expression) else { return nil }
      return AtomWord(low: AtomWord.element.mask.low & ~mask.low, high: 0)
    case .number(let property, let range):
      guard let (mask, field) = AtomWord.mask(property, range) else { return nil }
      return AtomWord(low: field.mask.low & ~mask.low, high: field.mask.high & ~mask.high)
    case .not(let inner): return mask(inner)
    case .all(let parts):
      // Not (a and b) is not a or not b.
      var union = AtomWord.none
      for part in parts {
        guard let mask = complement(part) else { return nil }
        union = union | mask
      }
      return union
    case .any, .isotope, .recursive, .chirality, .either: return nil
    }
  }
}
