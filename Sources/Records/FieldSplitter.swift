/// Splits rows into fields; reused from row to row.
struct FieldSplitter {
  /// The fields of the last row: ranges of its bytes, or of ``unquoted`` for CSV.
  private(set) var ranges: [Range<Int>] = []
  /// The fields of the last CSV row without their quotes, one behind the other.
  private(set) var unquoted: [UInt8] = []

  /// Finds the fields between tabs.
  mutating func split(tabsIn range: Range<Int>, of bytes: [UInt8]) {
    ranges.removeAll(keepingCapacity: true)
    let span = bytes.span
    var first = range.lowerBound
    for index in range where span[index] == UInt8(ascii: "\t") {
      ranges.append(first..<index)
      first = index + 1
    }
    ranges.append(first..<range.upperBound)
  }

  /// Finds the fields between commas and takes off quotes; the scanner has checked the quoting.
  mutating func split(quotedIn range: Range<Int>, of bytes: [UInt8]) {
    ranges.removeAll(keepingCapacity: true)
    unquoted.removeAll(keepingCapacity: true)
    let span = bytes.span
    var first = 0
    var isQuoted = false
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = span[index]
      index += 1
      switch (byte, isQuoted) {
      case (UInt8(ascii: "\""), true):
        // A doubled quote is one quote; a single one closes the field.
        if index < range.upperBound, span[index] == UInt8(ascii: "\"") {
          unquoted.append(byte)
          index += 1
        } else {
          isQuoted = false
        }
      case (UInt8(ascii: "\""), false):
        isQuoted = true
      case (UInt8(ascii: ","), false):
        ranges.append(first..<unquoted.count)
        first = unquoted.count
      default:
        unquoted.append(byte)
      }
    }
    ranges.append(first..<unquoted.count)
  }
}
