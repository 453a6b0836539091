import Molecule
import Testing

struct PerceptionGoldenTests {
  @Test func hydrogensAromaticAtomsRingsAndFormulaAgreeWithRDKit() throws {
    let rows = try Golden("perception").rows
    #expect(rows.count >= 300)
    for row in rows {
      let (name, smiles) = (row[0], row[1])
      let graph = try SMILESReader.read(smiles)
      let hydrogens = graph.atoms.map { String($0.hydrogens) }.joined(separator: ",")
      let aromatic = graph.atoms.indices.filter { graph.atoms[$0].isAromatic }
      #expect(hydrogens == row[2], "hydrogens of \(name)")
      #expect(aromatic.map(String.init).joined(separator: ",") == row[3], "aromatic of \(name)")
      #expect(String(graph.ringCount) == row[4], "rings of \(name)")
      #expect(graph.formula == row[5], "formula of \(name)")
    }
  }
}
