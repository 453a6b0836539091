extension MolfileWriter {
  static func writeV2000(_ drawing: MolfileDrawing, to output: inout [UInt8]) {
    let graph = drawing.graph
    output.append(right: graph.atoms.count, width: 3)
    output.append(right: graph.bonds.count, width: 3)
    output += "  0  0  0  0  0  0  0  0999 V2000\n".utf8
    for (index, atom) in graph.atoms.enumerated() {
      let position = drawing.positions[index]
      for value in [position.x, position.y, position.z] {
        output.append(value, decimals: 4, width: 10)
      }
      output.append(UInt8(ascii: " "))
      output.append(left: atom.element.symbol, width: 3)
      output += " 0  0".utf8
      output.append(right: Int(drawing.parities[index]), width: 3)
      output += "  0  0".utf8
      output.append(right: drawing.valences[index].map { $0 == 0 ? 15 : $0 } ?? 0, width: 3)
      output += "  0  0  0".utf8
      output.append(right: Int(atom.atomClass), width: 3)
      output += "  0  0\n".utf8
    }
    for (index, bond) in graph.bonds.enumerated() {
      let (begin, end) = drawing.ends(index)
      output.append(right: Int(begin) + 1, width: 3)
      output.append(right: Int(end) + 1, width: 3)
      output.append(right: bond.order == .dative ? 9 : Int(bond.order.rawValue), width: 3)
      let mark =
        switch drawing.marks[index] {
        case .none: 0
        case .up: 1
        case .down: 6
        case .either: bond.order == .double ? 3 : 4
        }
      output.append(right: mark, width: 3)
      output.append(UInt8(ascii: "\n"))
    }
    writeProperty("CHG", graph.atoms.map { Int($0.charge) }, to: &output)
    writeProperty("RAD", drawing.radicals.map { $0 == 0 ? 0 : $0 == 1 ? 2 : 3 }, to: &output)
    writeProperty("ISO", graph.atoms.map { Int($0.isotope) }, to: &output)
  }

  /// `M  NAMnn8 aaa vvv …`: the values that are not 0, eight a line.
  private static func writeProperty(
    _ name: String, _ values: [Int], to output: inout [UInt8]
  ) {
    let stated = values.indices.filter { values[$0] != 0 }
    for start in stride(from: 0, to: stated.count, by: 8) {
      let line = stated[start..<min(start + 8, stated.count)]
      output += "M  \(name)".utf8
      output.append(right: line.count, width: 3)
      for index in line {
        output.append(right: index + 1, width: 4)
        output.append(right: values[index], width: 4)
      }
      output.append(UInt8(ascii: "\n"))
    }
  }
}

extension MolfileDrawing {
  /// The atoms of a bond, the point of a wedge first.
  func ends(_ index: Int) -> (begin: Int32, end: Int32) {
    let bond = graph.bonds[index]
    return wedgeStart[index] == bond.end ? (bond.end, bond.begin) : (bond.begin, bond.end)
  }
}

extension [UInt8] {
  mutating func append(right value: Int, width: Int) {
    let text = String(value).utf8
    for _ in 0..<Swift.max(0, width - text.count) { append(UInt8(ascii: " ")) }
    self += text
  }

  mutating func append(left text: String, width: Int) {
    self += text.utf8
    for _ in 0..<Swift.max(0, width - text.utf8.count) { append(UInt8(ascii: " ")) }
  }

  /// A number with so many decimals, right in `width` columns.
  mutating func append(_ value: Double, decimals: Int, width: Int) {
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let whole = String(scaled / scale)
    let fraction = String(scaled % scale + scale).utf8.dropFirst()
    let sign = value < 0 && scaled > 0
    let length = whole.utf8.count + decimals + 1 + (sign ? 1 : 0)
    for _ in 0..<Swift.max(0, width - length) { append(UInt8(ascii: " ")) }
    if sign { append(UInt8(ascii: "-")) }
    self += whole.utf8
    append(UInt8(ascii: "."))
    self += fraction
  }
}
