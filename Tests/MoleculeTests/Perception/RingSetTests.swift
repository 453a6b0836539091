import Molecule
import Testing

struct RingSetTests {
  @Test(arguments: [
    ("CCC", []), ("C1CC1", [3]), ("C1CCC2CCCCC2C1", [6, 6]), ("C1CC2CCC1C2", [5, 5]),
    ("C1CC12CC2", [3, 3]), ("C12C3C4C1C5C2C3C45", [4, 4, 4, 4, 4]),
    ("C1C2CC3CC1CC(C2)C3", [6, 6, 6]), ("c1ccc2cccc2cc1", [5, 7]),
    ("C1CCCCCCCCCCC1.C1CC1", [3, 12]),
  ])
  func basisHasTheSizesOfAMinimumCycleBasis(_ smiles: String, _ sizes: [Int]) throws {
    let rings = try SMILESReader.read(smiles).rings
    let basis = (0..<rings.count).filter { rings.isInBasis($0) }
    #expect(basis.map { rings.size($0) }.sorted() == sizes)
  }

  @Test func ringsAreClosedWalks() throws {
    let graph = try SMILESReader.read("CN1CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5")
    for ring in 0..<graph.rings.count {
      let (atoms, bonds) = (Array(graph.rings.atoms(ring)), Array(graph.rings.bonds(ring)))
      for (index, bond) in bonds.enumerated() {
        let ends = Set([graph.bonds[Int(bond)].begin, graph.bonds[Int(bond)].end])
        #expect(ends == Set([atoms[index], atoms[(index + 1) % atoms.count]]))
      }
    }
  }

  @Test func allSixFacesOfCubaneAreListed() throws {
    let rings = try SMILESReader.read("C12C3C4C1C5C2C3C45").rings
    #expect((0..<rings.count).map { rings.size($0) } == [4, 4, 4, 4, 4, 4])
  }

  @Test func bridgesAreNotInRings() throws {
    let graph = try SMILESReader.read("C1CC1CC1CC1")
    #expect(graph.bonds.count { !$0.isInRing } == 2)
    #expect(graph.atoms.map(\.isInRing) == [true, true, true, false, true, true, true])
  }
}
