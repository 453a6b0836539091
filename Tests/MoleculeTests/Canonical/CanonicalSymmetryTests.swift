import Molecule
import Tensor
import Testing

/// Molecules of much symmetry: alike fragments, cages, regular graphs.
struct CanonicalSymmetryTests {
  @Test(
    arguments: [
      fragments(["C1CCCCC1": 10, "C1CCCC1": 10]),
      // The complete bipartite graph of 3 and 3, and the prism: refinement cannot tell them apart.
      fragments(["C12C3C4C1C3C24": 10, "C12C3C1C1C2C31": 10]),
      fragments(["C[C@H](N)O": 4, "C[C@@H](N)O": 3, "O": 5]),
      torus(6, 7), projectivePlane(3), projectivePlane(5),
      // A cage of degree three, four phenyls round one atom.
      "C12C3C4C5C1C1C6C7C2C2C8C3C3C9C4C4C%10C5C1C1C6C5C7C2C2C8C3C3C9C4C4C%10C1C5C2C34",
      "c1ccccc1C(c1ccccc1)(c1ccccc1)c1ccccc1",
    ])
  func everyOrderGivesOneText(_ smiles: String) throws {
    let graph = try SMILESReader.read(smiles)
    let text = graph.canonicalSMILES()
    var random = RandomSource(seed: 11)
    for _ in 0..<6 {
      let spelling = graph.smiles(order: order(of: graph, &random))
      #expect(try SMILESReader.read(spelling).canonicalSMILES() == text)
    }
  }

  @Test func fragmentsOfOneDegreeStayApart() throws {
    let bipartite = try SMILESReader.read("C12C3C4C1C3C24")
    let prism = try SMILESReader.read("C12C3C1C1C2C31")
    #expect(bipartite.canonicalSMILES() != prism.canonicalSMILES())
  }

  @Test func manyAlikeFragmentsAndLongRingsAreRankedInTime() throws {
    let cubanes = Self.fragments(["C12C3C4C1C5C2C3C45": 200])
    #expect(try SMILESReader.read(cubanes).canonicalSMILES().utf8.count == 3_799)
    let ring = "C1" + String(repeating: "C", count: 4_998) + "C1"
    #expect(try SMILESReader.read(ring).canonicalSMILES().utf8.count == 5_002)
  }

  /// Expected are RDKit's texts: corners of three alike bridges have no handedness.
  @Test(
    arguments: [
      ["C1C[N@]2CC[C@@H]1CC2", "C1C[N@]2CC[C@H]1CC2", "C1CN2CCC1CC2"],
      ["C1C[C@H]2CC[C@@H]1CC2", "C1CC2CCC1CC2"], ["F[C@]12CC[C@H](CC1)CC2", "FC12CCC(CC1)CC2"],
      ["C1[C@@H]2C[C@@H]3C[C@H]1C[C@@H](C2)C3", "C1C2CC3CC1CC(C2)C3"],
      ["[C@H]12[C@@H]3[C@H]4[C@@H]1[C@H]5[C@@H]2[C@H]3[C@@H]45", "C12C3C4C1C1C2C3C41"],
      ["C1C[N@]2CC[N@@]1CC2", "C1CN2CCN1CC2"],
    ])
  func marksOnPlainCornersMeanNothing(_ spellings: [String]) throws {
    let keys = Set(try spellings.map { try SMILESReader.read($0).moleculeKey })
    #expect(keys.count == 1, "\(spellings)")
  }

  @Test(
    arguments: [
      ("C[C@H]1CC[C@@H](C)CC1", "C[C@H]1CC[C@H](C)CC1"),
      ("F[C@]12CC[C@@](Cl)(CC1)CC2", "F[C@]12CC[C@](Cl)(CC1)CC2"),
    ])
  func marksOfRingPartnersStay(_ cis: String, trans: String) throws {
    #expect(try SMILESReader.read(cis).moleculeKey != SMILESReader.read(trans).moleculeKey)
  }

  @Test func neutralAnionsDoNotDependOnTheOrderOfAtoms() throws {
    let graph = try SMILESReader.read(
      "C[N+](C)(C)Cc1cc(S(=O)(=O)[O-])ccc1CCc1ccc(S(=O)(=O)[O-])cc1")
    let text = try graph.normalized(.neutralize).canonicalSMILES()
    var random = RandomSource(seed: 3)
    for _ in 0..<8 {
      let other = try SMILESReader.read(graph.smiles(order: order(of: graph, &random)))
      #expect(try other.normalized(.neutralize).canonicalSMILES() == text)
    }
  }

  private func order(of graph: MolecularGraph, _ random: inout RandomSource) -> [Int32] {
    var order = graph.atoms.indices.map { Int32($0) }
    for index in order.indices.dropFirst() {
      order.swapAt(index, Int(random.next() % UInt64(index + 1)))
    }
    return order
  }

  private static func fragments(_ counts: KeyValuePairs<String, Int>) -> String {
    counts.flatMap { Array(repeating: $0.key, count: $0.value) }.joined(separator: ".")
  }

  /// Atoms as fragments that ring numbers join: bond k is number k at both ends.
  private static func graph(atoms: Int, bonds: [(Int, Int)]) -> String {
    var texts = [String](repeating: "[Fe]", count: atoms)
    for (number, bond) in bonds.enumerated() {
      texts[bond.0] += "%(\(number + 1))"
      texts[bond.1] += "%(\(number + 1))"
    }
    return texts.joined(separator: ".")
  }

  private static func torus(_ rows: Int, _ columns: Int) -> String {
    var bonds: [(Int, Int)] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let atom = row * columns + column
        bonds.append((atom, row * columns + (column + 1) % columns))
        bonds.append((atom, (row + 1) % rows * columns + column))
      }
    }
    return graph(atoms: rows * columns, bonds: bonds)
  }

  /// Points and lines of the projective plane over the integers modulo a prime.
  private static func projectivePlane(_ order: Int) -> String {
    var points: [[Int]] = [[0, 0, 1]]
    for a in 0..<order {
      points.append([0, 1, a])
      for b in 0..<order { points.append([1, a, b]) }
    }
    var bonds: [(Int, Int)] = []
    for (i, point) in points.enumerated() {
      for (j, line) in points.enumerated()
      where (point[0] * line[0] + point[1] * line[1] + point[2] * line[2]) % order == 0 {
        bonds.append((i, points.count + j))
      }
    }
    return graph(atoms: 2 * points.count, bonds: bonds)
  }
}
