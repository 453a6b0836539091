extension StructureRecord.Item {
  /// Appends the item as a structure-data file spells it; empty lines inside the value, which
  /// would end it, are left out, and so are line breaks and `>` in the name.
  public func write(to output: inout [UInt8]) {
    output += ">  <".utf8
    output += name.utf8.filter { $0 != 10 && $0 != 13 && $0 != UInt8(ascii: ">") }
    output += ">\n".utf8
    for line in value.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
      output += line
      output.append(10)
    }
    output.append(10)
  }
}

extension StructureRecord {
  /// The line that ends a record.
  public static let end: [UInt8] = Array("$$$$\n".utf8)
}
