import Testing

@testable import Molecule

struct GraphFeaturesTests {
  private static func features(_ smiles: String) throws -> GraphFeatures {
    GraphFeatures(of: try SMILESReader.read(smiles))
  }

  /// Slots set by an atom, feature by feature.
  private static func slots(_ features: GraphFeatures, atom: Int) -> [Int] {
    zip(AtomFeatures.layout.columns(of: features.atoms[atom]), AtomFeatures.layout.starts)
      .map { Int($0) - $1 }
  }

  private static func bondSlots(_ features: GraphFeatures, slot: Int) -> [Int] {
    zip(BondFeatures.layout.columns(of: features.bonds[slot]), BondFeatures.layout.starts)
      .map { Int($0) - $1 }
  }

  @Test func everyFeatureEndsWithItsUnknownSlot() {
    for layout in [AtomFeatures.layout, BondFeatures.layout] {
      var code = FeatureLayout.Code(layout)
      for _ in layout.sizes { code.append(-1) }
      let last = zip(layout.starts, layout.sizes).map { Int32($0 + $1 - 1) }
      #expect(layout.columns(of: code.value) == last)
      #expect(last.last == Int32(layout.width - 1))
    }
  }

  @Test func atomsOfPyrrole() throws {
    let features = try Self.features("c1cc[nH]c1")
    // element, degree, charge, hydrogens, hybrid, aromatic, ring bonds, ring, hand, isotope
    #expect(Self.slots(features, atom: 3) == [7, 2, 3, 1, 3 - 1, 1, 2, 3, 0, 0])
    #expect(Self.bondSlots(features, slot: 0) == [6, 1, 3, 0])
  }

  @Test(arguments: [
    ("[Fe+3]", 2, 6), ("[U+5]", 2, 7), ("[13CH4]", 9, 5), ("[2H]C", 9, 5), ("[40CH4]", 9, 8),
    ("[CH3]", 3, 3), ("*", 0, 0), ("[Og]", 0, 118), ("C1CCCCCCCC1", 7, 7), ("C1CC1", 7, 1),
    ("F[U](F)(F)(F)(F)(F)F", 1, 1),
  ])
  func oneFeature(_ smiles: String, feature: Int, slot: Int) throws {
    #expect(Self.slots(try Self.features(smiles), atom: 0)[feature] == slot)
  }

  @Test func moreNeighboursThanListedAreUnknown() throws {
    let features = try Self.features("[U](F)(F)(F)(F)(F)(F)(F)F")
    #expect(Self.slots(features, atom: 0)[1] == 7)
  }

  @Test func bothEndsOfADativeBondSeeItsDirection() throws {
    let features = try Self.features("N->[Pt]")
    #expect(Self.bondSlots(features, slot: 0)[0] == 5)
    #expect(Self.bondSlots(features, slot: 1)[0] == 4)
    #expect(features.reverse == [1, 0])
  }

  @Test(arguments: [
    ("C=CC=C", [1, 1, 1]), ("C=CCC", [0, 0, 0]), ("CC(=O)N", [0, 1, 1]), ("CC#CC#C", [0, 1, 1, 1]),
  ])
  func conjugatedBonds(_ smiles: String, _ expected: [Int]) throws {
    let graph = try SMILESReader.read(smiles)
    let features = GraphFeatures(of: graph)
    var found = [Int](repeating: -1, count: graph.bonds.count)
    for slot in features.bonds.indices {
      found[Int(graph.neighborBonds[slot])] = Self.bondSlots(features, slot: slot)[1]
    }
    #expect(found == expected)
  }

  @Test func reverseSlotsPairUp() throws {
    let features = try Self.features("CC(=O)Oc1ccccc1C(=O)O")
    for slot in features.reverse.indices {
      #expect(features.reverse[Int(features.reverse[slot])] == Int32(slot))
      #expect(features.reverse[slot] != Int32(slot))
    }
  }

  @Test(arguments: [
    ["N[C@@H](C)C(=O)O", "N[C@H](C)C(=O)O", "NC(C)C(=O)O"], ["C/C=C/C", "C/C=C\\C", "CC=CC"],
    ["[13CH3]CO", "CCO"],
  ])
  func isomersDiffer(_ isomers: [String]) throws {
    let codes = try isomers.map { smiles in
      let features = try Self.features(smiles)
      return features.atoms.sorted() + features.bonds.sorted()
    }
    #expect(Set(codes).count == isomers.count)
  }

  @Test func spellingsHaveTheSameAtomsAndBonds() throws {
    for row in try Golden("spellings").rows {
      let expected = try Self.features(row[1])
      for spelling in row.dropFirst(2) {
        let features = try Self.features(spelling)
        #expect(features.atoms.sorted() == expected.atoms.sorted(), "\(row[0]): \(spelling)")
        #expect(features.bonds.sorted() == expected.bonds.sorted(), "\(row[0]): \(spelling)")
      }
    }
  }
}
