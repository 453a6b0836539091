public import Tensor

/// What a text would say of a structure: exact numbers, chains, and named groups.
///
/// Substructure counts tell octadecanoate from icosanoate hardly at all; a text tells them apart by
/// a word. Here every number is a feature of its own, so that the word can be learned: atoms of
/// each element, formula, charges, rings, double bonds, chain lengths, stereo labels, and the groups
/// of a ``FunctionalGroupCatalog`` with their numbers.
///
/// Keys do not depend on atom order or spelling, and their meaning never changes: checkpoints hold
/// them. That of a group is made of its pattern, so that a changed pattern is a new feature.
public struct StructureWords: Sendable {
  /// Matches of one group that are counted; more count as so many.
  public static let mostMatches = 60
  /// Steps of the search for one group before it counts as absent; time has no say, so that
  /// features do not depend on the machine.
  private static let stepLimit = 200_000

  /// The groups that are looked for.
  public let catalog: FunctionalGroupCatalog
  private let groupKeys: [UInt64]

  /// Looks for the groups of a catalogue.
  public init(catalog: FunctionalGroupCatalog) {
    self.catalog = catalog
    groupKeys = catalog.groups.map { group in
      var hash = FeatureHash(kind: FeatureKind.group.rawValue)
      hash.combine(group.pattern.smarts)
      return hash.key
    }
  }

  /// Counts the words of a molecule; close to linear in its size.
  public func counts(of graph: MolecularGraph) -> FeatureCounts {
    var sink = FeatureKeys(capacity: 64)
    find(in: graph, for: &sink)
    return FeatureCounts(sorting: &sink.keys)
  }

  /// The same words with the atoms that each is about.
  public func occurrences(in graph: MolecularGraph) -> FeatureOccurrences {
    var sink = FeatureOccurrences()
    find(in: graph, for: &sink)
    return sink
  }

  private func find(in graph: MolecularGraph, for sink: inout some FeatureSink) {
    Self.addNumbers(of: graph, to: &sink)
    Self.addChains(of: graph, to: &sink)
    Self.addStereoLabels(of: graph, to: &sink)
    addGroups(of: graph, to: &sink)
  }

  static func key(_ kind: FeatureKind, _ first: Int, _ second: Int = 0) -> UInt64 {
    var hash = FeatureHash(kind: kind.rawValue)
    hash.combine(first)
    hash.combine(second)
    return hash.key
  }

  private static func addNumbers(of graph: MolecularGraph, to sink: inout some FeatureSink) {
    var elements = [Int](repeating: 0, count: Element.symbols.count)
    var (positive, negative) = (0, 0)
    for atom in graph.atoms {
      elements[Int(atom.element.number)] += 1
      elements[Int(Element.hydrogen.number)] += atom.hydrogens
      positive += atom.charge > 0 ? 1 : 0
      negative += atom.charge < 0 ? 1 : 0
    }
    for (number, count) in elements.enumerated() where count > 0 {
      sink.append(key(.elementCount, number, count)) {
        graph.atoms(where: { atom in
          Int(atom.element.number) == number
            || number == Int(Element.hydrogen.number) && atom.hydrogens > 0
        })
      }
    }
    var formula = FeatureHash(kind: FeatureKind.formula.rawValue)
    for byte in graph.formula.utf8 { formula.combine(UInt64(byte)) }
    sink.append(formula.key) { [] }
    let rings = (0..<graph.rings.count).filter { graph.rings.isInBasis($0) }
    let aromatic = rings.count { ring in
      graph.rings.bonds(ring).allSatisfy { graph.bonds[Int($0)].isAromatic }
    }
    let doubleBonds = graph.bonds.count { bond in
      bond.order == .double && !bond.isAromatic
        && graph.atoms[Int(bond.begin)].element == .carbon
        && graph.atoms[Int(bond.end)].element == .carbon
    }
    sink.append(key(.exactHeavyAtomCount, graph.heavyAtomCount)) { [] }
    sink.append(key(.exactCharge, graph.totalCharge)) { graph.atoms(where: { $0.charge != 0 }) }
    sink.append(key(.ionCounts, 1, positive)) { graph.atoms(where: { $0.charge > 0 }) }
    sink.append(key(.ionCounts, -1, negative)) { graph.atoms(where: { $0.charge < 0 }) }
    sink.append(key(.exactRingCount, graph.ringCount)) { graph.ringAtoms }
    sink.append(key(.exactAromaticRingCount, aromatic)) { graph.atoms(where: \.isAromatic) }
    sink.append(key(.carbonDoubleBondCount, doubleBonds)) { [] }
    if graph.atoms.contains(where: { $0.isotope > 0 }) {
      sink.append(key(.hasIsotopes, 1)) { graph.atoms(where: { $0.isotope > 0 }) }
    }
  }

  private func addGroups(of graph: MolecularGraph, to sink: inout some FeatureSink) {
    let target = MatchTarget(graph)
    let limits = MatchLimits(matches: Self.mostMatches, steps: Self.stepLimit, time: nil)
    for (index, group) in catalog.groups.enumerated() {
      let matches: [[Int]]
      do throws(MatchError) {
        matches = try group.pattern.matches(in: target, limits: limits)
      } catch {
        guard case .tooManyMatches = error else { continue }
        // Where so many are is not told.
        matches = [[Int]](repeating: [], count: Self.mostMatches)
      }
      let count = matches.count
      guard count > 0 else { continue }
      for match in matches { sink.append(groupKeys[index]) { match.map { Int32($0) } } }
      var exact = FeatureHash(kind: FeatureKind.groupCount.rawValue)
      exact.combine(groupKeys[index])
      exact.combine(count)
      sink.append(exact.key) { Set(matches.joined()).sorted().map { Int32($0) } }
    }
  }
}

extension MolecularGraph {
  /// The atoms that meet a condition, ascending.
  fileprivate func atoms(where condition: (Atom) -> Bool) -> [Int32] {
    atoms.indices.filter { condition(atoms[$0]) }.map { Int32($0) }
  }
}
