import Molecule
import Testing

struct MolfileGoldenTests {
  private static func rows() throws -> [(name: String, block: String, smiles: String)] {
    try Golden("molfiles").rows.map {
      ("\($0[0]), \($0[1])", $0[2].replacing("\\n", with: "\n"), $0[3])
    }
  }

  @Test func moleculesAgreeWithRDKit() throws {
    let rows = try Self.rows()
    #expect(rows.count >= 190)
    for row in rows {
      let read = try MolfileReader.read(row.block).graph
      #expect(
        read.canonicalSMILES() == (try SMILESReader.read(row.smiles)).canonicalSMILES(),
        "\(row.name)")
    }
  }

  @Test(arguments: [MolfileWriter.Version.v2000, .v3000])
  func writtenDrawingsAreReadBack(version: MolfileWriter.Version) throws {
    for row in try Self.rows() {
      let molfile = try MolfileReader.read(row.block)
      var text: [UInt8] = []
      try MolfileWriter(version: version).write(
        molfile.graph, positions: molfile.positions, title: row.name, to: &text)
      let again = try MolfileReader.read(text)
      #expect(again.title == row.name)
      #expect(again.isSpatial == molfile.positions.contains { $0.z != 0 })
      #expect(again.graph.canonicalSMILES() == molfile.graph.canonicalSMILES(), "\(row.name)")
    }
  }

  @Test func centresSurviveWithoutPositions() throws {
    for row in try Self.rows() {
      let graph = try MolfileReader.read(row.block).graph
      guard graph.stereoBonds.isEmpty else { continue }
      for version in [MolfileWriter.Version.v2000, .v3000] {
        var text: [UInt8] = []
        try MolfileWriter(version: version).write(graph, positions: nil, to: &text)
        let again = try MolfileReader.read(text).graph
        #expect(again.canonicalSMILES() == graph.canonicalSMILES(), "\(row.name)")
      }
    }
  }
}
