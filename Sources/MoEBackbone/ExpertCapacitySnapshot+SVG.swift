import Foundation

extension ExpertCapacitySnapshot {
  /// The most rows of cells in a picture; more experts share a row.
  private static let largestRows = 128
  /// Columns of cells in a picture; four slots share one.
  private static let cellColumns = 64

  /// A picture of the counts: experts downwards, entropy to the right, brighter for more.
  ///
  /// Brightness is ln(1 + count) against the largest. UTF-8 bytes of a complete SVG document.
  package func svg(title: String) -> [UInt8] {
    let perRow = (experts + Self.largestRows - 1) / Self.largestRows
    let rows = (experts + perRow - 1) / perRow
    let cells = cells(rows: rows, expertsPerRow: perRow)
    let height = max(4, min(12, 512 / rows))
    let (left, top, width) = (56, 34, 8)
    let (right, bottom) = (left + Self.cellColumns * width, top + rows * height)
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(right + 16)\" "
        + "height=\"\(bottom + 40)\" font-family=\"sans-serif\" font-size=\"11\">",
      "<title>\(Self.escaped(title))</title>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
      "<text x=\"\(left)\" y=\"20\" font-size=\"13\">\(Self.escaped(title))</text>",
      "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(right - left)\" height=\"\(bottom - top)\" "
        + "fill=\"\(Self.color(0))\"/>",
    ]
    let peak = log(1 + Double(cells.max() ?? 0))
    for index in cells.indices where cells[index] > 0 {
      let x = left + index % Self.cellColumns * width
      let y = top + index / Self.cellColumns * height
      lines.append(
        "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" "
          + "fill=\"\(Self.color(log(1 + Double(cells[index])) / peak))\"/>")
    }
    lines += [
      "<text x=\"\(left - 6)\" y=\"\(top + 10)\" text-anchor=\"end\">0</text>",
      "<text x=\"\(left - 6)\" y=\"\(bottom)\" text-anchor=\"end\">\(experts - 1)</text>",
      "<text x=\"\(left)\" y=\"\(bottom + 14)\">0</text>",
      "<text x=\"\(right)\" y=\"\(bottom + 14)\" text-anchor=\"end\">"
        + "≥ \(ExpertCapacityMonitor.threshold)</text>",
      "<text x=\"\((left + right) / 2)\" y=\"\(bottom + 28)\" text-anchor=\"middle\">"
        + "normalised entropy of the hidden state</text>",
      "<text transform=\"translate(14 \((top + bottom) / 2)) rotate(-90)\" "
        + "text-anchor=\"middle\">expert</text>",
      "</svg>",
    ]
    return Array(lines.joined(separator: "\n").utf8)
  }

  private func cells(rows: Int, expertsPerRow: Int) -> [UInt64] {
    let slotsPerCell = Self.slots / Self.cellColumns
    var cells = [UInt64](repeating: 0, count: rows * Self.cellColumns)
    for expert in 0..<experts {
      for slot in 0..<Self.slots {
        cells[expert / expertsPerRow * Self.cellColumns + slot / slotsPerCell] +=
          self[expert, slot]
      }
    }
    return cells
  }

  /// A colour from dark violet over green to yellow for 0...1.
  private static func color(_ level: Double) -> String {
    let stops: [(Double, Double, Double)] = [
      (68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37),
    ]
    let place = min(1, max(0, level)) * Double(stops.count - 1)
    let index = min(stops.count - 2, Int(place))
    let share = place - Double(index)
    func mix(_ a: Double, _ b: Double) -> Int { Int((a + (b - a) * share).rounded()) }
    let (from, to) = (stops[index], stops[index + 1])
    return "rgb(\(mix(from.0, to.0)),\(mix(from.1, to.1)),\(mix(from.2, to.2)))"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
    return result
  }
}
