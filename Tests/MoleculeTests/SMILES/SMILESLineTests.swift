import Molecule
import Testing

struct SMILESLineTests {
  @Test(arguments: [
    ("CCO", "CCO", nil), ("CCO ethanol", "CCO", "ethanol"),
    ("CCO\tethyl alcohol", "CCO", "ethyl alcohol"),
    ("CCO \t x\r\n", "CCO", "x"), ("CCO\n", "CCO", nil), ("CCO ", "CCO", nil), ("", "", nil),
    (" name", "", "name"),
  ])
  func splitsAtTheFirstBlank(_ line: String, _ smiles: String, _ name: String?) {
    let split = SMILESLine(line)
    #expect(split.smiles == smiles)
    #expect(split.name.map(String.init) == name)
  }
}
