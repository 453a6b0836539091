import Foundation

/// The angles of rotary position embeddings.
///
/// Source: Su et al., "RoFormer", 2021, equations 15 and 34. Position p turns pair j of a head by p · 10000^(−2j/head). Pairs are (j, j + head/2) rather than
/// the paper's neighbours (2j, 2j + 1): a permutation of columns that vectorises.
package struct RotaryTable: Sendable, Equatable {
  /// cos of each angle; [positions, head / 2].
  let cosines: Matrix
  /// sin of each angle; [positions, head / 2].
  let sines: Matrix

  /// Angles for positions below `positions` and heads of even width `head`.
  package init(positions: Int, head: Int) {
    precondition(head > 0 && head % 2 == 0, "heads of width \(head) have no pairs")
    let half = head / 2
    var cosines = Matrix(rows: positions, columns: half)
    var sines = Matrix(rows: positions, columns: half)
    for position in 0..<positions {
      for pair in 0..<half {
        let angle = Double(position) * pow(10_000, -Double(2 * pair) / Double(head))
        cosines[position, pair] = Float(cos(angle))
        sines[position, pair] = Float(sin(angle))
      }
    }
    self.cosines = cosines
    self.sines = sines
  }
}
