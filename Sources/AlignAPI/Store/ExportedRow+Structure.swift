import Molecule
import Records

extension ExportedRow {
  /// Appends the row as a record of a structure-data file; returns false when it has no place there.
  func appendStructure(
    _ layout: (MolecularGraph) -> [AtomPosition]?, to buffer: inout [UInt8]
  ) throws -> Bool {
    guard let smiles, let graph = try? SMILESReader.read(smiles) else { return false }
    var molfile: [UInt8] = []
    do throws(UnwritableBond) {
      try MolfileWriter().write(graph, positions: layout(graph), title: id, to: &molfile)
    } catch {
      return false
    }
    buffer += molfile
    if let text { StructureRecord.Item(name: "text", value: text).write(to: &buffer) }
    for (name, value) in try TabbedRow.values(self).sorted(by: { $0.key < $1.key }) {
      StructureRecord.Item(name: name, value: value).write(to: &buffer)
    }
    buffer += StructureRecord.end
    return true
  }
}
