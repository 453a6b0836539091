import Molecule

/// The letters at an atom: element, isotope, hydrogens, charge, unpaired electrons, atom class.
struct AtomLabel {
  /// Where the hydrogens stand beside the element.
  enum Side: CaseIterable {
    case right, left, below, above
  }

  /// A run of letters of one size, relative to the atom.
  struct Run {
    var text: String
    var origin: Vector
    var anchor: DepictionScene.Glyphs.Anchor
    var size: Double
    /// The box around the letters.
    var box: (low: Vector, high: Vector)
  }

  /// Height of the letters' em square, in bond lengths.
  static let size = 0.44
  private static let small = 0.29
  /// From the middle of a capital letter down to its base line, in em.
  private static let halfCapital = 0.358

  private(set) var runs: [Run] = []

  init(_ atom: Atom, radicals: Int, side: Side) {
    let symbol = atom.element.symbol
    let half = Self.width(symbol, Self.size) / 2
    let base = Self.halfCapital * Self.size
    add(symbol, at: Vector(x: 0, y: base), .middle, Self.size)
    var left = -half
    var right = half
    if atom.isotope > 0 {
      left = add(String(atom.isotope), at: Vector(x: left, y: base - 0.17), .end, Self.small)
    }
    let count = atom.hydrogens
    if count > 0 {
      let width = Self.width("H", Self.size)
      let tail = count > 1 ? Self.width(String(count), Self.small) : 0
      switch side {
      case .right:
        let edge = add("H", at: Vector(x: right, y: base), .start, Self.size)
        right = addCount(count, at: Vector(x: edge, y: base))
      case .left:
        addCount(count, at: Vector(x: left - tail, y: base))
        left = add("H", at: Vector(x: left - tail, y: base), .end, Self.size)
      case .below, .above:
        let line = base + (side == .below ? 0.4 : -0.4)
        add("H", at: Vector(x: 0, y: line), .middle, Self.size)
        addCount(count, at: Vector(x: width / 2, y: line))
      }
    }
    let marks =
      Self.chargeText(Int(atom.charge)) + String(repeating: "•", count: max(radicals, 0))
    // A charge stays above the element's own line, even where the hydrogens stand left.
    if !marks.isEmpty {
      right = add(marks, at: Vector(x: right, y: base - 0.19), .start, Self.small)
    }
    if atom.atomClass > 0 {
      add(":\(atom.atomClass)", at: Vector(x: right, y: base), .start, Self.small)
    }
  }

  /// Whether an atom is drawn with letters rather than as a corner of bonds.
  static func isShown(_ index: Int, in graph: MolecularGraph) -> Bool {
    let atom = graph.atoms[index]
    if atom.element.number != 6 || atom.charge != 0 || atom.isotope != 0 || atom.atomClass != 0 {
      return true
    }
    let range = graph.neighborRange(index)
    if range.isEmpty || graph.unpairedElectrons(index) > 0 { return true }
    let isCumulated =
      range.count == 2
      && range.allSatisfy { graph.bonds[Int(graph.neighborBonds[$0])].order == .double }
    return isCumulated && !atom.isInRing
  }

  /// The side with the most room; hydrogens stand left and right where bonds allow it.
  static func side(
    _ index: Int, in graph: MolecularGraph, at places: [Vector]
  ) -> Side {
    let range = graph.neighborRange(index)
    if range.isEmpty {
      // H2O and HCl, but NH3 and CH4.
      let number = graph.atoms[index].element.number
      return [8, 9, 16, 17, 34, 35, 52, 53].contains(number) ? .left : .right
    }
    let arms = range.map { (places[Int(graph.neighborAtoms[$0])] - places[index]).direction }
    func crowd(_ way: Vector) -> Double { arms.map { $0.dot(way) }.max() ?? 0 }
    let right = crowd(Vector(x: 1, y: 0))
    let left = crowd(Vector(x: -1, y: 0)) + 0.05
    if min(right, left) < 0.6 { return right <= left ? .right : .left }
    let below = crowd(Vector(x: 0, y: 1))
    let above = crowd(Vector(x: 0, y: -1)) + 0.05
    if min(below, above) < min(right, left) { return below <= above ? .below : .above }
    return right <= left ? .right : .left
  }

  /// How far a bond that leaves the atom in a direction stays behind the letters.
  func clearance(_ way: Vector) -> Double {
    let margin = 0.06
    var distance = 0.0
    for run in runs {
      let low = Vector(x: run.box.low.x - margin, y: run.box.low.y - margin)
      let high = Vector(x: run.box.high.x + margin, y: run.box.high.y + margin)
      var enter = 0.0
      var leave = Double.infinity
      for (from, to, step) in [(low.x, high.x, way.x), (low.y, high.y, way.y)] {
        if abs(step) < 1e-9 {
          if from > 0 || to < 0 { leave = -1 }
        } else {
          enter = max(enter, min(from / step, to / step))
          leave = min(leave, max(from / step, to / step))
        }
      }
      if leave >= enter { distance = max(distance, leave) }
    }
    return distance
  }

  @discardableResult
  private mutating func addCount(_ count: Int, at origin: Vector) -> Double {
    guard count > 1 else { return origin.x }
    return add(String(count), at: Vector(x: origin.x, y: origin.y + 0.08), .start, Self.small)
  }

  /// Adds letters; returns the edge away from the anchor.
  @discardableResult
  private mutating func add(
    _ text: String, at origin: Vector, _ anchor: DepictionScene.Glyphs.Anchor, _ size: Double
  ) -> Double {
    let width = Self.width(text, size)
    let left =
      switch anchor {
      case .start: origin.x
      case .middle: origin.x - width / 2
      case .end: origin.x - width
      }
    let box = (
      low: Vector(x: left, y: origin.y - 2 * Self.halfCapital * size),
      high: Vector(x: left + width, y: origin.y)
    )
    runs.append(Run(text: text, origin: origin, anchor: anchor, size: size, box: box))
    return anchor == .end ? left : left + width
  }

  private static func chargeText(_ charge: Int) -> String {
    if charge == 0 { return "" }
    let sign = charge > 0 ? "+" : "\u{2212}"
    return abs(charge) == 1 ? sign : "\(abs(charge))\(sign)"
  }

  /// The width of letters in a sans serif face of Arial's metrics, in bond lengths.
  static func width(_ text: String, _ size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + advance($1) } * size / 1000
  }

  private static func advance(_ letter: Unicode.Scalar) -> Double {
    switch letter {
    case "I", ":", "t", "f": 278
    case "i", "j", "l": 222
    case "r": 333
    case "•": 350
    case "*": 389
    case "J", "c", "k", "s", "v", "x", "y", "z": 500
    case "F", "T", "Z": 611
    case "C", "D", "H", "N", "R", "U", "w": 722
    case "G", "O", "Q": 778
    case "M", "m": 833
    case "W": 944
    case "+", "\u{2212}": 584
    case "A", "B", "E", "K", "P", "S", "V", "X", "Y": 667
    default: 556
    }
  }
}
