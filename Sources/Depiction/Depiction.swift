public import Molecule

/// A two-dimensional picture of a molecule.
///
/// Carbon is a corner of bonds, other atoms are letters; rings are drawn with alternating double
/// bonds, stereocentres with wedges, dative bonds with arrows. Follows the IUPAC Recommendations
/// 2008 ("Graphical representation standards for chemical structure diagrams") where it can.
public struct Depiction: Sendable {
  /// The molecule.
  public let graph: MolecularGraph
  /// Where the atoms stand, in ångström, y upwards; [A].
  public let positions: [AtomPosition]
  /// Atoms with a coloured disc behind them; a bond between two of them is highlighted too, unless
  /// ``highlightedBonds`` says which are.
  public var highlightedAtoms: Set<Int32> = []
  /// Bonds with a coloured band behind them; nil for all between highlighted atoms.
  public var highlightedBonds: Set<Int32>?
  /// How much each atom counts for something or against it, of any unit; [A], or nil.
  ///
  /// Atoms get discs, blue for positive and orange for negative numbers, which colour-blind readers
  /// tell apart as well; the stronger, the larger the number is beside the largest of all.
  public var atomWeights: [Double]?
  /// Short texts beside atoms, such as `R` and `S`.
  public var annotations: [Int32: String] = [:]

  /// A picture with given places of the atoms, or laid out here when there are none.
  ///
  /// - Throws: ``LayoutError`` when the molecule has to be laid out and cannot be.
  public init(
    of graph: MolecularGraph, positions: [AtomPosition]? = nil
  ) throws(LayoutError) {
    if let positions {
      precondition(
        positions.count == graph.atoms.count,
        "\(positions.count) positions for \(graph.atoms.count) atoms")
    }
    self.graph = graph
    self.positions = if let positions { positions } else { try MoleculeLayout(of: graph).positions }
  }

  /// A picture with the atoms where a file has drawn them, or laid out where their places are in
  /// space or not stated.
  ///
  /// - Throws: ``LayoutError`` when the molecule has to be laid out and cannot be.
  public init(
    of graph: MolecularGraph, drawnAt positions: [AtomPosition]?
  ) throws(LayoutError) {
    let isFlat = positions?.allSatisfy { $0.z == 0 } ?? false
    try self.init(of: graph, positions: isFlat ? positions : nil)
  }

  /// What is drawn where, in units of the usual bond length.
  func scene() -> DepictionScene {
    let scale = 1 / medianBondLength
    let places = positions.map { Vector(x: $0.x * scale, y: -$0.y * scale) }
    let labels = graph.atoms.indices.map { index in
      AtomLabel.isShown(index, in: graph)
        ? AtomLabel(
          graph.atoms[index], radicals: graph.unpairedElectrons(index),
          side: AtomLabel.side(index, in: graph, at: places)) : nil
    }
    var scene = DepictionScene()
    for index in graph.atoms.indices {
      scene.include(places[index])
      guard let label = labels[index] else { continue }
      for run in label.runs {
        scene.include(places[index] + run.box.low)
        scene.include(places[index] + run.box.high)
        scene.glyphs.append(
          .init(
            text: run.text, origin: places[index] + run.origin, anchor: run.anchor,
            size: run.size, atom: index))
      }
    }
    highlight(places, in: &scene)
    weigh(places, in: &scene)
    BondDrawing(
      graph: graph, places: places, labels: labels, wedges: graph.wedges(at: positions)
    ).draw(into: &scene)
    annotate(places, labels, in: &scene)
    return scene
  }

  /// In ångström; files come with any unit.
  private var medianBondLength: Double {
    let lengths = graph.bonds.map { bond in
      let (begin, end) = (positions[Int(bond.begin)], positions[Int(bond.end)])
      return Vector(x: begin.x - end.x, y: begin.y - end.y).length
    }.filter { $0 > 1e-6 }.sorted()
    return lengths.isEmpty ? MoleculeLayout.bondLength : lengths[lengths.count / 2]
  }

  private func highlight(_ places: [Vector], in scene: inout DepictionScene) {
    for atom in highlightedAtoms.sorted() {
      scene.halos.append(places[Int(atom)])
      let reach = Vector(x: DepictionScene.haloRadius, y: DepictionScene.haloRadius)
      scene.include(places[Int(atom)] - reach)
      scene.include(places[Int(atom)] + reach)
    }
    for (index, bond) in graph.bonds.enumerated() {
      let isLit =
        highlightedBonds?.contains(Int32(index))
        ?? (highlightedAtoms.contains(bond.begin) && highlightedAtoms.contains(bond.end))
      if isLit {
        scene.bands.append(.init(begin: places[Int(bond.begin)], end: places[Int(bond.end)]))
      }
    }
  }

  /// The strongest last, so that none is covered by a weaker one.
  private func weigh(_ places: [Vector], in scene: inout DepictionScene) {
    guard let atomWeights else { return }
    precondition(
      atomWeights.count == graph.atoms.count,
      "\(atomWeights.count) weights for \(graph.atoms.count) atoms")
    let largest = atomWeights.map(abs).max() ?? 0
    guard largest > 0 else { return }
    let order = atomWeights.indices.sorted {
      (abs(atomWeights[$0]), $0) < (abs(atomWeights[$1]), $1)
    }
    let reach = Vector(x: DepictionScene.weightRadius, y: DepictionScene.weightRadius)
    for atom in order {
      scene.include(places[atom] - reach)
      scene.include(places[atom] + reach)
      scene.weights.append(
        .init(place: places[atom], share: atomWeights[atom] / largest, atom: atom))
    }
  }

  /// Sets each annotation where the bonds of its atom leave the most room.
  private func annotate(
    _ places: [Vector], _ labels: [AtomLabel?], in scene: inout DepictionScene
  ) {
    let size = 0.3
    for (atom, text) in annotations.sorted(by: { $0.key < $1.key }) {
      let index = Int(atom)
      let arms = graph.neighborRange(index).map {
        (places[Int(graph.neighborAtoms[$0])] - places[index]).direction
      }
      let ways = AnnotationPlace.ways.min {
        AnnotationPlace.crowd($0, arms) < AnnotationPlace.crowd($1, arms)
      }
      let way = ways ?? Vector(x: 0, y: -1)
      let width = AtomLabel.width(text, size)
      let reach = (labels[index]?.clearance(way) ?? 0.08) + 0.14 + abs(way.x) * width / 2
      let middle = places[index] + way * reach
      let origin = Vector(x: middle.x, y: middle.y + 0.358 * size)
      scene.glyphs.append(
        .init(text: text, origin: origin, anchor: .middle, size: size, atom: -1))
      scene.include(middle - Vector(x: width / 2, y: size / 2))
      scene.include(middle + Vector(x: width / 2, y: size / 2))
    }
  }
}

/// Where an annotation may stand around an atom.
private enum AnnotationPlace {
  /// Sixteen directions, upwards first.
  static let ways: [Vector] = {
    let (half, sine, cosine) = (0.5.squareRoot(), 0.382_683_432_365_09, 0.923_879_532_511_287)
    let quarter = [
      Vector(x: 0, y: -1), Vector(x: sine, y: -cosine), Vector(x: half, y: -half),
      Vector(x: cosine, y: -sine),
    ]
    let right = quarter + quarter.map(\.perpendicular)
    return right + right.map { $0 * -1 }
  }()

  /// How near the nearest bond is, as a cosine.
  static func crowd(_ way: Vector, _ arms: [Vector]) -> Double {
    arms.map { $0.dot(way) }.max() ?? -1
  }
}
