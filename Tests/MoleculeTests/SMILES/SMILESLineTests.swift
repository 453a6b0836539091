import Molecule
import Testing

struct SMILESLineTests {
  @Test(arguments: [
    ("CCO", "CCO", "", ""), ("CCO ethanol", "CCO", "", "ethanol"),
    ("CCO\tethyl alcohol", "CCO", "", "ethyl alcohol"),
    ("CCO \t x\r\n", "CCO", "", "x"), ("CCO\n", "CCO", "", ""), ("CCO ", "CCO", "", ""),
    ("", "", "", ""), ("  CCO", "CCO", "", ""), ("\tname", "", "", "name"),
    ("CC |^1:0| a name", "CC", "|^1:0|", "a name"), ("CC\t|^1:0|\tx", "CC", "|^1:0|", "x"),
    ("CC ||", "CC", "||", ""), ("CC |open name", "CC", "|open name", ""),
    ("CC name |x|", "CC", "", "name |x|"), ("\t|x|", "", "", "|x|"),
  ])
  func takesTheLineApart(_ line: String, _ smiles: String, _ tail: String, _ name: String) {
    let bytes = Array(line.utf8)
    let split = SMILESLine(bytes)
    #expect(String(decoding: bytes[split.smiles], as: UTF8.self) == smiles)
    #expect(String(decoding: bytes[split.tail], as: UTF8.self) == tail)
    #expect(String(decoding: bytes[split.name], as: UTF8.self) == name)
  }
}
