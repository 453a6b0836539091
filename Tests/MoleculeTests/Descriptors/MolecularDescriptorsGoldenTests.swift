import Molecule
import Testing

/// Descriptors equal RDKit's: numbers within 1e-5, counts exactly.
struct MolecularDescriptorsGoldenTests {
  @Test func valuesEqualRDKit() throws {
    for row in try Golden("descriptors").rows {
      let graph = try SMILESReader.read(row[1])
      let descriptors = MolecularDescriptors(of: graph)
      let found = [
        descriptors.molecularWeight, descriptors.exactMass, descriptors.polarSurfaceArea,
        graph.polarSurfaceArea(includingSulfurAndPhosphorus: true), descriptors.logP,
        descriptors.molarRefractivity, descriptors.fractionSP3,
      ]
      for (value, text) in zip(found, row[2..<9]) {
        let expected = try #require(Double(text))
        #expect(abs(value - expected) < 1e-5, "\(row[0]) \(row[1])")
      }
    }
  }

  @Test func countsEqualRDKit() throws {
    for row in try Golden("descriptors").rows {
      let descriptors = MolecularDescriptors(of: try SMILESReader.read(row[1]))
      let rings = descriptors.rings
      let found = [
        descriptors.heavyAtomCount, descriptors.heteroatomCount, descriptors.totalCharge,
        descriptors.hydrogenBondDonors, descriptors.hydrogenBondAcceptors,
        descriptors.lipinskiDonors, descriptors.lipinskiAcceptors, descriptors.rotatableBonds,
        rings.all, rings.heterocycles, rings.aromatic, rings.aromaticHeterocycles,
        rings.aromaticCarbocycles, rings.aliphatic, rings.aliphaticHeterocycles,
        rings.aliphaticCarbocycles, rings.saturated, rings.saturatedHeterocycles,
        rings.saturatedCarbocycles,
      ]
      #expect(found.map(String.init) == Array(row[9...]), "\(row[0]) \(row[1])")
    }
  }

  @Test func singleFunctionsGiveTheSameNumbers() throws {
    let graph = try SMILESReader.read("CC(=O)Nc1ccc(O)cc1")
    let descriptors = MolecularDescriptors(of: graph)
    #expect(graph.molecularWeight == descriptors.molecularWeight)
    #expect(graph.hydrogenBondDonorCount == descriptors.hydrogenBondDonors)
    #expect(graph.hydrogenBondAcceptorCount == descriptors.hydrogenBondAcceptors)
    #expect(graph.rotatableBondCount == descriptors.rotatableBonds)
    #expect(graph.polarSurfaceArea() == descriptors.polarSurfaceArea)
    #expect(graph.crippenLogP == descriptors.logP)
    #expect(graph.crippenRefractivity == descriptors.molarRefractivity)
  }

  @Test(arguments: [
    ("CC(=O)Oc1ccccc1C(=O)O", 0), (String(repeating: "C", count: 40), 2),
    ("OC1OC(COC2OC(COC3OC(CO)C(O)C(O)C3O)C(O)C(O)C2O)C(O)C(O)C1O", 3),
  ])
  func ruleOfFiveCountsBrokenRules(_ smiles: String, _ violations: Int) throws {
    let descriptors = MolecularDescriptors(of: try SMILESReader.read(smiles))
    #expect(descriptors.ruleOfFiveViolations == violations)
  }
}

struct MolecularDescriptorsPropertyTests {
  @Test func everySpellingGivesTheSameDescriptors() throws {
    for row in try Golden("spellings").rows {
      let graphs = try row.dropFirst().map { try SMILESReader.read($0) }
      let expected = MolecularDescriptors(of: graphs[0])
      for (graph, spelling) in zip(graphs, row.dropFirst()) {
        let found = MolecularDescriptors(of: graph)
        #expect(found.rings == expected.rings, "\(row[0]): \(spelling)")
        #expect(abs(found.logP - expected.logP) < 1e-9, "\(row[0]): \(spelling)")
        #expect(
          abs(found.polarSurfaceArea - expected.polarSurfaceArea) < 1e-9, "\(row[0]): \(spelling)")
        #expect(found.rotatableBonds == expected.rotatableBonds, "\(row[0]): \(spelling)")
        #expect(
          found.hydrogenBondAcceptors == expected.hydrogenBondAcceptors, "\(row[0]): \(spelling)")
      }
    }
  }

  @Test(arguments: [
    "[Fe]" + String(repeating: "(O)", count: 3_000),
    "[Fe]" + String(repeating: "(CC)", count: 3_000),
    "[Fe]" + String(repeating: "(C(=O)C)", count: 2_000), String(repeating: "CO", count: 3_000),
    "[Fe]" + String(repeating: "(=O)", count: 3_000), SMILESReaderTests.ladder(atoms: 1_000),
    "C1" + String(repeating: "C", count: 2_000) + "C12C" + String(repeating: "C", count: 2_000)
      + "C2",
  ])
  func largeMoleculesStayAffordable(_ smiles: String) throws {
    let graph = try SMILESReader.read(smiles)
    #expect(MolecularDescriptors(of: graph).heavyAtomCount == graph.atoms.count)
    #expect(graph.murckoScaffold().atoms.count <= graph.atoms.count)
  }
}
