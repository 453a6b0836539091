import Molecule

/// Turns the pieces of a molecule and sets them side by side, in lines where there are many.
enum PieceArrangement {
  /// Between the outermost atoms of two pieces, in ångström.
  private static let gap = 1.6 * MoleculeLayout.bondLength
  /// How much wider than high the whole may become before a new line starts.
  private static let aspect = 2.5

  /// The smallest rectangle around some atoms.
  private struct Extent {
    var left = Double.infinity
    var right = -Double.infinity
    var bottom = Double.infinity
    var top = -Double.infinity

    init(_ piece: [Int32], _ positions: [AtomPosition]) {
      for atom in piece {
        let place = positions[Int(atom)]
        (left, right) = (min(left, place.x), max(right, place.x))
        (bottom, top) = (min(bottom, place.y), max(top, place.y))
      }
    }

    var width: Double { right - left }
    var height: Double { top - bottom }
  }

  /// Turns a piece that stands upright, in steps of 30 degrees, so that it lies along the line.
  static func turnLengthwise(_ piece: [Int32], _ positions: inout [AtomPosition]) {
    let original = positions
    var lowest = 0.8 * Extent(piece, original).height
    for step in 1..<6 {
      let (sine, cosine) = steps[step]
      var turned = original
      for atom in piece {
        let place = original[Int(atom)]
        turned[Int(atom)].x = cosine * place.x - sine * place.y
        turned[Int(atom)].y = sine * place.x + cosine * place.y
      }
      let height = Extent(piece, turned).height
      guard height < lowest - 1e-6 else { continue }
      lowest = height
      positions = turned
    }
  }

  /// Sine and cosine of the multiples of 30 degrees.
  private static let steps: [(sine: Double, cosine: Double)] = {
    let long = 0.75.squareRoot()
    return [(0, 1), (0.5, long), (long, 0.5), (1, 0), (long, -0.5), (0.5, -long)]
  }()

  /// Moves the pieces so that none touch, each line centred on its height; reading order stays.
  static func setSideBySide(_ pieces: [[Int32]], _ positions: inout [AtomPosition]) {
    guard pieces.count > 1 else { return }
    let extents = pieces.map { Extent($0, positions) }
    let area = extents.reduce(0) { $0 + ($1.width + gap) * ($1.height + gap) }
    let widest = extents.map(\.width).max() ?? 0
    let room = max(widest, (area * aspect).squareRoot(), 8 * gap)
    var lines: [[Int]] = [[]]
    var used = 0.0
    for index in pieces.indices {
      let width = extents[index].width + gap
      if used + width > room + gap, !lines[lines.count - 1].isEmpty {
        lines.append([])
        used = 0
      }
      lines[lines.count - 1].append(index)
      used += width
    }
    var top = 0.0
    for line in lines {
      let height = line.map { extents[$0].height }.max() ?? 0
      var left = 0.0
      for index in line {
        let extent = extents[index]
        let shift = (
          x: left - extent.left,
          y: top - height / 2 - (extent.top + extent.bottom) / 2
        )
        for atom in pieces[index] {
          positions[Int(atom)].x += shift.x
          positions[Int(atom)].y += shift.y
        }
        left += extent.width + gap
      }
      top -= height + gap
    }
  }
}
