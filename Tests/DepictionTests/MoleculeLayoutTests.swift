import Depiction
import Molecule
import Testing

struct MoleculeLayoutTests {
  private func layout(_ smiles: String) throws -> (graph: MolecularGraph, places: [AtomPosition]) {
    let graph = try SMILESReader.read(smiles)
    return (graph, try MoleculeLayout(of: graph).positions)
  }

  private func distance(_ left: AtomPosition, _ right: AtomPosition) -> Double {
    ((left.x - right.x) * (left.x - right.x) + (left.y - right.y) * (left.y - right.y))
      .squareRoot()
  }

  @Test(arguments: [
    "CC(=O)Oc1ccccc1C(=O)O", "C1CCCCC1", "Cn1cnc2c1c(=O)n(C)c(=O)n2C",
    "C[C@]12CC[C@H]3[C@@H](CCc4cc(O)ccc34)[C@@H]1CC[C@@H]2O",
  ])
  func bondsHaveTheUsualLength(_ smiles: String) throws {
    let (graph, places) = try layout(smiles)
    for bond in graph.bonds {
      let length = distance(places[Int(bond.begin)], places[Int(bond.end)])
      #expect(abs(length - MoleculeLayout.bondLength) < 0.15, "\(smiles): \(length)")
    }
  }

  @Test func piecesDoNotTouch() throws {
    let (graph, places) = try layout("[Na+].[Na+].[O-]C(=O)c1ccccc1C([O-])=O.O.O.CCO.c1ccccc1")
    var piece = [Int](repeating: -1, count: graph.atoms.count)
    for (number, atoms) in graph.pieces.enumerated() {
      for atom in atoms { piece[atom] = number }
    }
    for high in places.indices {
      for low in 0..<high where piece[low] != piece[high] {
        #expect(distance(places[low], places[high]) > MoleculeLayout.bondLength)
      }
    }
    let order = graph.pieces.map { $0.map { places[$0].x }.min() ?? 0 }
    #expect(places.allSatisfy { $0.y.magnitude < 20 })
    #expect(order.first == order.min())
  }

  @Test func longMoleculesLieDown() throws {
    let (_, places) = try layout("CCCCCCCCCCCCCCCC(=O)O")
    let (x, y) = (places.map(\.x), places.map(\.y))
    let width = (x.max() ?? 0) - (x.min() ?? 0)
    let height = (y.max() ?? 0) - (y.min() ?? 0)
    #expect(width > 3 * height)
  }

  @Test func sameTextLooksTheSame() throws {
    let smiles = "CC(C)C[C@@H]1NC(=O)[C@H](Cc2ccccc2)NC(=O)CNC(=O)[C@H](C)NC1=O"
    #expect(try layout(smiles).places == layout(smiles).places)
  }

  @Test func singleAtomsAndNothingAreLaidOut() throws {
    #expect(try layout("[He]").places == [AtomPosition(x: 0, y: 0)])
    #expect(try MoleculeLayout(of: SMILESReader.read("C.C")).positions.count == 2)
  }

  @Test func largePiecesAreRefused() throws {
    let chain = try SMILESReader.read(String(repeating: "C", count: 501))
    #expect(throws: LayoutError.tooManyAtoms(501)) { try MoleculeLayout(of: chain) }
    var ladder = "C1C2"
    for rung in 0..<60 { ladder += "C\(rung % 2 == 0 ? 1 : 2)C\(rung % 2 == 0 ? 1 : 2)" }
    let cycles = try SMILESReader.read(ladder + "C1C2")
    #expect(throws: LayoutError.tooManyCycles(cycles.ringCount)) {
      try MoleculeLayout(of: cycles)
    }
  }

  @Test func largeRingsAreOpenedAndClosedAgain() throws {
    let (graph, places) = try layout("C1" + String(repeating: "C", count: 48) + "1")
    for bond in graph.bonds {
      let length = distance(places[Int(bond.begin)], places[Int(bond.end)])
      #expect(abs(length - MoleculeLayout.bondLength) < 0.5, "\(length)")
    }
    let larger = try SMILESReader.read("C1" + String(repeating: "C", count: 119) + "1")
    #expect(throws: LayoutError.tooLargeRing(120)) { try MoleculeLayout(of: larger) }
  }

  /// A drawing states what the molecule states: read back from a molfile it is the same molecule.
  @Test(arguments: [
    "C/C=C/C=C\\C(=O)N/N=C/c1ccc(Cl)cc1",
    "OC[C@H]1O[C@H](O[C@]2(CO)O[C@H](CO)[C@@H](O)[C@@H]2O)[C@H](O)[C@@H](O)[C@@H]1O",
    "CN1CC[C@]23c4c5ccc(O)c4O[C@H]2[C@@H](O)C=C[C@H]3[C@H]1C5",
    "CC1(C)S[C@@H]2[C@H](NC(=O)Cc3ccccc3)C(=O)N2[C@H]1C(=O)[O-].[K+]",
    "C[S@](=O)c1ccccc1", "C1CCCCCCC/C=C/CCCCCC1", "C1CCCCCCC/C=C\\CCCCCC1",
    "F/C(Cl)=C(/Br)I", "[2H][C@](C)(O)F", "C[C@H](F)[C@@H](Cl)[C@H](Br)I",
    "[O-][n+]1ccccc1", "[NH3]->[Pt](<-[NH3])(Cl)Cl", "C[P@@](=O)(O)c1ccccc1",
    "CC[C@H]1OC(=O)[C@H](C)[C@@H](O[C@H]2C[C@@](C)(OC)[C@@H](O)[C@H](C)O2)[C@H](C)[C@@H](O[C@@H]2O[C@H](C)C[C@@H]([C@H]2O)N(C)C)[C@](C)(O)C[C@@H](C)C(=O)[C@H](C)[C@@H](O)[C@]1(C)O",
  ])
  func drawingStatesTheStereo(_ smiles: String) throws {
    let (graph, places) = try layout(smiles)
    var text: [UInt8] = []
    try MolfileWriter().write(graph, positions: places, to: &text)
    let read = try MolfileReader.read(text).graph
    #expect(read.canonicalSMILES(.isomeric) == graph.canonicalSMILES(.isomeric))
  }
}

extension MolecularGraph {
  /// The atoms of each connected piece.
  fileprivate var pieces: [[Int]] {
    var piece = [Int](repeating: -1, count: atoms.count)
    var all: [[Int]] = []
    for root in atoms.indices where piece[root] < 0 {
      var pending = [root]
      piece[root] = all.count
      all.append([])
      while let atom = pending.popLast() {
        all[all.count - 1].append(atom)
        for slot in neighborRange(atom) where piece[Int(neighborAtoms[slot])] < 0 {
          piece[Int(neighborAtoms[slot])] = all.count - 1
          pending.append(Int(neighborAtoms[slot]))
        }
      }
    }
    return all
  }
}
