extension MolfileWriter {
  static func writeV3000(_ drawing: MolfileDrawing, to output: inout [UInt8]) {
    let graph = drawing.graph
    output += "  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\n".utf8
    output += "M  V30 COUNTS \(graph.atoms.count) \(graph.bonds.count) 0 0 0\n".utf8
    output += "M  V30 BEGIN ATOM\n".utf8
    for (index, atom) in graph.atoms.enumerated() {
      output += "M  V30 \(index + 1) \(atom.element.symbol)".utf8
      let position = drawing.positions[index]
      for value in [position.x, position.y, position.z] {
        output.append(UInt8(ascii: " "))
        output.append(value, decimals: 6, width: 0)
      }
      output += " \(atom.atomClass)".utf8
      if atom.charge != 0 { output += " CHG=\(atom.charge)".utf8 }
      if atom.isotope != 0 { output += " MASS=\(atom.isotope)".utf8 }
      if drawing.radicals[index] != 0 {
        output += " RAD=\(drawing.radicals[index] == 1 ? 2 : 3)".utf8
      }
      if drawing.parities[index] != 0 { output += " CFG=\(drawing.parities[index])".utf8 }
      if let valence = drawing.valences[index] {
        output += " VAL=\(valence == 0 ? -1 : valence)".utf8
      }
      output.append(UInt8(ascii: "\n"))
    }
    output += "M  V30 END ATOM\n".utf8
    if !graph.bonds.isEmpty {
      output += "M  V30 BEGIN BOND\n".utf8
      for (index, bond) in graph.bonds.enumerated() {
        let (begin, end) = drawing.ends(index)
        let type = bond.order == .dative ? 9 : bond.order.rawValue
        output += "M  V30 \(index + 1) \(type) \(begin + 1) \(end + 1)".utf8
        switch drawing.marks[index] {
        case .none: break
        case .up: output += " CFG=1".utf8
        case .either: output += " CFG=2".utf8
        case .down: output += " CFG=3".utf8
        }
        output.append(UInt8(ascii: "\n"))
      }
      output += "M  V30 END BOND\n".utf8
    }
    output += "M  V30 END CTAB\n".utf8
  }
}
