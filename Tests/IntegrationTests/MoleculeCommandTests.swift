import Foundation
import Testing

/// `ligature mol` of the built program, in a folder of its own.
@Suite struct MoleculeCommandTests {
  private let scratch: ScratchFolder

  init() throws {
    scratch = try ScratchFolder()
  }

  private struct Line: Decodable, Equatable {
    var line: Int
    var smiles: String
    var canonical: String?
    var key: String?
    var formula: String?
    var rings: Int?
    var aromaticAtoms: [Int]?
    var hydrogens: [Int]?
    var stereocentres: Int?
    var error: String?
    var offset: Int?

    enum CodingKeys: String, CodingKey {
      case line, smiles, canonical, key, formula, rings, hydrogens, stereocentres, error, offset
      case aromaticAtoms = "aromatic_atoms"
    }
  }

  private func run(
    _ arguments: [String], in folder: String? = nil
  ) throws -> (status: Int32, output: String) {
    let launcher = folder.map { ["-C", $0] } ?? []
    let run = try ProgramRun(["mol"] + arguments, launcher: launcher)
    let status = run.wait()
    return (status, String(decoding: try run.printed(), as: UTF8.self))
  }

  private func file(_ name: String, _ text: String) throws -> String {
    let path = scratch.path + "/" + name
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func contents(_ name: String) throws -> String {
    try String(contentsOfFile: scratch.path + "/" + name, encoding: .utf8)
  }

  private func lines(_ text: String) throws -> [Line] {
    try text.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
  }

  private var rejects: [String] { ["--rejects", scratch.path + "/rejects.tsv"] }

  @Test func moleculeIsDescribed() throws {
    let (status, output) = try run(["OC(=O)c1ccccc1OC(C)=O"])
    #expect(status == 0)
    for part in ["CC(=O)Oc1ccccc1C(=O)O", "C9H8O4", "180.159", "6 aromatic", "c1ccccc1"] {
      #expect(output.contains(part))
    }
  }

  @Test func descriptionIsAlsoJSON() throws {
    let (status, output) = try run(["--json", "[Na+].[Cl-]"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    #expect(status == 0)
    #expect(object["formula"] as? String == "ClNa")
    #expect(object["fragments"] as? Int == 2)
  }

  @Test func exitCodesTellMistakesApart() throws {
    #expect(try run(["C1CC"]).status == 1)
    #expect(try run([]).status == 64)
    #expect(try run(["C", "--input", "x.smi"]).status == 64)
    #expect(try run(["--input", "x.xyz"]).status == 64)
    #expect(try run(["--input", scratch.path + "/none.smi"]).status == 1)
    #expect(try run(["--input", "x.smi", "--output", "y.smi.gz"]).status == 64)
  }

  @Test(arguments: ["1", "2"])
  func everyLineGivesOneObjectInOrder(threads: String) throws {
    let one = "C[C@H](N)C(=O)O alanine\n\n# note\nC1CC\n[H]c1ccccc1 |r| benzene\n"
    let path = try file("a.smi", String(repeating: one, count: 300))
    let (status, output) = try run(["--input", path, "--ndjson", "--threads", threads])
    #expect(status == 0)
    let lines = try lines(output)
    #expect(lines.map(\.line) == Array(1...1500))
    for start in stride(from: 0, to: 1500, by: 5) {
      #expect(lines[start].formula == "C3H7NO2")
      #expect(lines[start].hydrogens == [3, 1, 2, 0, 0, 1])
      #expect(lines[start].key?.count == 16)
      #expect(lines[start + 1].offset == 0)
      #expect(lines[start + 1].smiles == "")
      #expect(lines[start + 2].error != nil)
      #expect(lines[start + 2].smiles == "# note")
      #expect(lines[start + 2].offset == 0)
      #expect(lines[start + 3].offset == 1)
      #expect(lines[start + 4].aromaticAtoms == [0, 1, 2, 3, 4, 5])
      #expect(lines[start + 4].rings == 1)
    }
  }

  @Test func moleculesSurviveEveryFormat() throws {
    let input = try file(
      "in.tsv",
      "id\tSMILES\tnote\n1\tOC[C@@H](O)C=O\tsugar\n2\t[13CH3][NH3+].[Cl-]\t\n3\tc1cc[nH]c1\tring\n")
    var from = input
    for name in ["a.smi", "b.sdf", "c.tsv", "d.sdf", "e.smi"] {
      #expect(try run(["--input", from, "--output", scratch.path + "/" + name]).status == 0)
      from = scratch.path + "/" + name
    }
    #expect(try contents("a.smi") == contents("e.smi"))
    #expect(try contents("a.smi").hasSuffix("\t3\n"))
    let table = try run(["--input", input, "--output-format", "tsv"]).output
    #expect(table.hasPrefix("id\tSMILES\tnote\n1\t"))
    #expect(table.contains("\tsugar\n2\t"))
    let structures = try run(["--input", input, "--output-format", "sdf"]).output
    #expect(structures.contains(">  <note>\nsugar\n\n"))
  }

  @Test func badRecordsAreListedAndTheRestGoesOn() throws {
    let path = try file("a.smi", "CCO\nC1CC\nCC\n")
    let output = scratch.path + "/out.smi"
    #expect(try run(["--input", path, "--output", output] + rejects).status == 0)
    #expect(try contents("out.smi") == "CCO\nCC\n")
    let listed = try contents("rejects.tsv").split(separator: "\n")
    #expect(listed.count == 2)
    #expect(listed[1].hasPrefix("\(path)\t2\t"))
    #expect(try run(["--input", path, "--output", output] + rejects).status == 0)
    #expect(try contents("rejects.tsv").split(separator: "\n").count == 2)
  }

  @Test func rejectsLieBesideTheOutputUnlessSaidOtherwise() throws {
    let path = try file("a.smi", "CCO\nC1CC\n")
    #expect(try run(["--input", path, "--output", scratch.path + "/out.smi"]).status == 0)
    #expect(try contents("out.smi.rejects.tsv").contains("ring 1 is opened"))
    let printed = try run(["--input", path], in: scratch.path)
    #expect(printed.output == "CCO\n")
    #expect(try contents("a.smi.rejects.tsv").contains("ring 1 is opened"))
  }

  @Test func extensionsAndNamesAreReadInFilesAndArguments() throws {
    let path = try file("a.smi", "CC |^1:0| ethyl\nCC=CC |c:1|\nCC |open name\n\tname\n")
    let lines = try lines(try run(["--input", path, "--ndjson"]).output)
    #expect(lines.map(\.canonical) == ["[CH2]C", "C/C=C\\C", nil, nil])
    #expect(lines.map(\.smiles) == ["CC |^1:0|", "CC=CC |c:1|", "CC |open name", ""])
    #expect(lines.map(\.offset) == [nil, nil, 13, 0])
    for argument in ["*C |$R1;$|", "CCO name", "CC |^1:0| name"] {
      #expect(try run([argument]).status == 0, "\(argument)")
    }
    #expect(try run(["CC |open"]).status == 1)
  }

  @Test(arguments: [
    ["--input", "a.smi", "--output", "none/x.smi"], ["CC", "--png", "none/x.png"],
  ])
  func aFolderThatIsMissingIsNamed(arguments: [String]) throws {
    _ = try file("a.smi", "CCO\n")
    let run = try ProgramRun(
      ["mol"] + arguments, launcher: ["-C", scratch.path, "sh", "-c", "exec \"$@\" 2>&1", "sh"])
    #expect(run.wait() == 1)
    let message = String(decoding: try run.printed(), as: UTF8.self)
    #expect(message.contains("none/x"))
    #expect(message.contains("cannot be written: No such file or directory"))
    #expect(!message.contains("NSCocoa"))
  }

  @Test func strictFailureLeavesTheOldFile() throws {
    let path = try file("a.smi", "CCO\nC1CC\n")
    let output = try file("out.smi", "old\n")
    let status = try run(["--input", path, "--output", output, "--strict"] + rejects).status
    #expect(status == 1)
    #expect(try contents("out.smi") == "old\n")
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
    #expect(Set(names) == ["a.smi", "out.smi"])
  }

  @Test func optionsChangeTheSpelling() throws {
    let chiral = try file("b.smi", "C[C@H](O)c1ccccc1\n")
    #expect(try run(["--input", chiral, "--no-stereo"]).output == "CC(O)c1ccccc1\n")
    #expect(try run(["--input", chiral, "--kekule"]).output.contains("=C"))
  }
}
