import Molecule
import Testing

/// Stereocentres, marks that survive reading, and hybridisation, against RDKit.
struct StereocentersGoldenTests {
  @Test func stereocentresAndMarksAgree() throws {
    for row in try Golden("stereo").rows {
      let graph = try SMILESReader.read(row[0])
      #expect(graph.stereocenters().count == Int(row[1]), "stereocentres of \(row[0])")
      let marked = graph.atoms.count { $0.chirality.shape != .none }
      #expect(marked == Int(row[2]), "marked centres of \(row[0])")
      #expect(graph.stereoBonds.count == Int(row[3]), "marked double bonds of \(row[0])")
    }
  }

  /// A bond in which the atom gives both electrons is no neighbour; counts of RDKit 2026.09.1.
  @Test(arguments: [
    ("CCCCOC<-1NC(=O)NC(=O)C1(F)C(=O)OCC", 2), ("C1CN->[Fe]2<-NCCN->2C1", 0),
    ("[Fe]<-N(C)(CC)CCC", 0), ("[Fe]<-[N@](C)(CC)CCC", 0), ("[Fe]<-P(C)(CC)CCC", 1),
    ("[Fe]<-[P@](C)(CC)CCC", 1), ("C[C@H](F)->[Fe]", 0), ("C[S@@](=O)(CC)->[Fe]", 1),
  ])
  func donatedBondsDoNotMakeCentres(_ smiles: String, _ count: Int) throws {
    #expect(try SMILESReader.read(smiles).stereocenters().count == count)
  }

  @Test func hybridizationAgrees() throws {
    for row in try Golden("stereo").rows {
      let graph = try SMILESReader.read(row[0])
      // RDKit says nothing (`?`) of some metals.
      for (index, expected) in row[4].enumerated() where expected != "?" {
        let found = graph.hybridization(index).rawValue
        #expect(found == expected.wholeNumberValue, "atom \(index) of \(row[0])")
      }
    }
  }

  @Test(arguments: [
    ("C(C)(C)(C)(C)C", 0, 5), ("FF=C", 1, 3), ("CN(C)(C)C", 1, 4), ("C[O](C)C", 1, 3),
    ("[CH5]", 0, 5), ("C[Cl]C", 1, 2), ("[NH5]", 0, 5),
  ])
  func exceededValencesNameTheAtom(_ smiles: String, offset: Int, bonds: Int) {
    let error = #expect(throws: SMILESError.self) { try SMILESReader.read(smiles) }
    guard case .exceededValence(_, _, let found) = error?.reason else {
      Issue.record("\(smiles): \(String(describing: error))")
      return
    }
    #expect(error?.offset == offset)
    #expect(found == bonds)
  }
}
