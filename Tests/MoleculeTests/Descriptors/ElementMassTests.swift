import Molecule
import Testing

struct ElementMassTests {
  @Test func massesOfCommonElements() {
    #expect(Element(number: 6).averageMass == 12.011)
    #expect(Element(number: 6).monoisotopicMass == 12)
    #expect(Element(number: 17).monoisotopicMass == 34.968_852_68)
    #expect(Element(number: 0).averageMass == 0)
  }

  @Test func isotopesHaveTheirOwnMass() {
    #expect(Element(number: 6).isotopeMass(13) == 13.003_354_84)
    #expect(Element(number: 1).isotopeMass(2) == 2.014_101_778)
    #expect(Element(number: 6).isotopeMass(99) == nil)
    #expect(Element(number: 0).isotopeMass(1) == nil)
    #expect(Element(number: 118).isotopeMass(294) != nil)
  }

  @Test(arguments: [
    ("[13CH4]", 17.035_354_84, 17.034_654_968), ("[99CH4]", 103.032, 103.031_300_128),
    ("[7*]C", 15.035, 15.023_475_096), ("[NH4+]", 18.039, 18.033_825_548),
  ])
  func moleculesUseTheStatedIsotope(_ smiles: String, _ weight: Double, _ exact: Double) throws {
    let graph = try SMILESReader.read(smiles)
    #expect(abs(graph.molecularWeight - weight) < 1e-8)
    #expect(abs(graph.exactMass - exact) < 1e-8)
  }
}
