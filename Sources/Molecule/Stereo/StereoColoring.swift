import Tensor

/// Colours atoms so that equal colours mean equal surroundings, stereo marks included.
///
/// Colours are keys, so they do not depend on atom order or spelling. First plain refinement, then
/// in turns: marks whose neighbours all differ become part of their atoms' colour, and refinement
/// runs again (this settles pseudo-asymmetric centres). What stays tied, such as the centres of
/// 1,4-dimethylcyclohexane, is settled by individualisation: each member of the smallest tied class
/// is singled out in turn, and the multiset of outcomes describes the molecule.
struct StereoColoring {
  let graph: MolecularGraph
  private(set) var elements: [StereoElement]
  /// Handedness of each element, 0 while its neighbours tie; parallel to `elements`.
  private(set) var descriptors: [UInt64]
  /// Colour of each atom; [A].
  private(set) var colors: [UInt64]
  /// Colours before any stereo mark was looked at; [A].
  let plainColors: [UInt64]
  /// Outcomes of individualisation, ascending; empty when nothing was tied.
  private(set) var outcomes: [UInt64] = []

  /// Refinements spent on individualisation are at most this, and fewer for large molecules.
  static let individualizationLimit = 128
  /// Atoms × refinements spent on one stage.
  static let workLimit = 20_000

  init(graph: MolecularGraph) {
    self.graph = graph
    var refinement = ColorRefinement(graph: graph)
    plainColors = refinement.colors
    elements = graph.stereoElements()
    descriptors = [UInt64](repeating: 0, count: elements.count)
    colors = plainColors
    guard !elements.isEmpty else { return }
    Self.resolve(elements, &descriptors, &refinement)
    colors = refinement.colors
    dropMeaninglessMarks()
    settleTies()
  }

  /// Adds every mark that the colours can read, until no more become readable or the work limit
  /// is reached.
  private static func resolve(
    _ elements: [StereoElement], _ descriptors: inout [UInt64], _ refinement: inout ColorRefinement
  ) {
    for _ in 0..<max(4, workLimit / (refinement.colors.count + 1)) {
      var found: [(Int, UInt64)] = []
      for (index, element) in elements.enumerated() where descriptors[index] == 0 {
        let descriptor = element.descriptor(refinement.colors)
        if descriptor != 0 { found.append((index, descriptor)) }
      }
      if found.isEmpty { return }
      for (index, descriptor) in found {
        descriptors[index] = descriptor
        refinement.mark(elements[index].first, descriptor)
        if elements[index].second >= 0 { refinement.mark(elements[index].second, descriptor) }
      }
      refinement.refine()
    }
  }

  /// Removes marks between neighbours that tie and are not joined through a ring: such marks
  /// distinguish nothing.
  private mutating func dropMeaninglessMarks() {
    let kept = elements.indices.filter { index in
      if descriptors[index] != 0 { return true }
      if case .coordination = elements[index].kind { return true }
      return elements[index].pairs.allSatisfy { low, high in
        let (left, right) = (elements[index].places[low], elements[index].places[high])
        let isTied =
          StereoElement.color(left, colors) == StereoElement.color(right, colors)
        return !isTied
          || (isRingNeighbor(left, elements[index]) && isRingNeighbor(right, elements[index]))
      }
    }
    guard kept.count < elements.count else { return }
    elements = kept.map { elements[$0] }
    descriptors = kept.map { descriptors[$0] }
  }

  private func isRingNeighbor(_ place: Int32, _ element: StereoElement) -> Bool {
    [element.first, element.second].contains { end in
      end >= 0
        && graph.neighborRange(Int(end)).contains {
          graph.neighborAtoms[$0] == place && graph.bonds[Int(graph.neighborBonds[$0])].isInRing
        }
    }
  }

  private mutating func settleTies() {
    let tied = elements.indices.filter { descriptors[$0] == 0 }
    guard !tied.isEmpty else { return }
    outcomes = individualize(elements)
    guard tied.count == 1 else { return }
    // A lone tied mark means something only if its mirror image comes out differently.
    var mirrored = elements
    mirrored[tied[0]].isPositive.toggle()
    if case .coordination = elements[tied[0]].kind { return }
    if individualize(mirrored) == outcomes {
      elements.remove(at: tied[0])
      descriptors.remove(at: tied[0])
      outcomes = []
    }
  }

  /// Every way to break the ties, within the limit; the keys of the colourings reached.
  private func individualize(_ elements: [StereoElement]) -> [UInt64] {
    let limit = min(Self.individualizationLimit, Self.workLimit / (graph.atoms.count + 1))
    var reached: [UInt64] = []
    var pending: [(refinement: ColorRefinement, descriptors: [UInt64], branches: Int)] = [
      (ColorRefinement(graph: graph, colors: colors), descriptors, 1)
    ]
    while let (refinement, descriptors, branches) = pending.popLast() {
      let members = smallestTiedClass(elements, descriptors, refinement.colors)
      if members.isEmpty || branches * members.count > limit {
        reached.append(Self.summary(elements, refinement.colors))
        continue
      }
      for member in members {
        var next = refinement
        var nextDescriptors = descriptors
        next.mark(member, FeatureKind.individualized.rawValue)
        next.refine()
        Self.resolve(elements, &nextDescriptors, &next)
        pending.append((next, nextDescriptors, branches * members.count))
      }
    }
    return reached.sorted()
  }

  /// The atoms of one colour that some unread mark cannot tell apart: the smallest such class.
  private func smallestTiedClass(
    _ elements: [StereoElement], _ descriptors: [UInt64], _ colors: [UInt64]
  ) -> [Int32] {
    var tied: [(color: UInt64, atom: Int32)] = []
    for (index, element) in elements.enumerated() where descriptors[index] == 0 {
      for (low, high) in element.pairs {
        let (left, right) = (element.places[low], element.places[high])
        guard left >= 0, right >= 0, colors[Int(left)] == colors[Int(right)] else { continue }
        tied.append((colors[Int(left)], left))
        tied.append((colors[Int(right)], right))
      }
    }
    tied.sort { ($0.color, $0.atom) < ($1.color, $1.atom) }
    var best: [Int32] = []
    var position = 0
    while position < tied.count {
      var members: [Int32] = []
      let color = tied[position].color
      while position < tied.count, tied[position].color == color {
        if members.last != tied[position].atom { members.append(tied[position].atom) }
        position += 1
      }
      if best.isEmpty || members.count < best.count { best = members }
    }
    return best
  }

  private static func summary(_ elements: [StereoElement], _ colors: [UInt64]) -> UInt64 {
    var sum: UInt64 = 0
    for color in colors { sum &+= color }
    for element in elements { sum &+= element.arrangement(colors) }
    return sum
  }

  /// A key of the whole molecule: equal for all spellings, different for stereoisomers,
  /// isotopologues and, ring systems of equal local surroundings aside, constitutional isomers.
  var moleculeKey: UInt64 {
    var hash = FeatureHash(kind: FeatureKind.molecule.rawValue)
    hash.combine(graph.atoms.count)
    hash.combine(graph.bonds.count)
    hash.combine(Self.summary(elements, colors))
    for outcome in outcomes { hash.combine(outcome) }
    return hash.key
  }
}
