import Foundation
import Testing

@testable import Tensor

extension DoubleMatrix {
  /// Attention of these queries, one pair of rows after another.
  fileprivate func attention(
    keys: DoubleMatrix, values: DoubleMatrix, _ queries: Segments, _ others: Segments, heads: Int
  ) -> DoubleMatrix {
    let head = columns / heads
    var result = DoubleMatrix(rows: rows, columns: columns) { _, _ in 0 }
    for segment in 0..<queries.count {
      for row in queries[segment] where !others[segment].isEmpty {
        for shift in stride(from: 0, to: columns, by: head) {
          let scores = others[segment].map { key in
            (0..<head).reduce(0) { $0 + self[row, shift + $1] * keys[key, shift + $1] }
              / Double(head).squareRoot()
          }
          let peak = scores.max() ?? 0
          let total = scores.reduce(0) { $0 + exp($1 - peak) }
          for (score, key) in zip(scores, others[segment]) {
            for column in shift..<shift + head {
              result.values[row * columns + column] +=
                exp(score - peak) / total * values[key, column]
            }
          }
        }
      }
    }
    return result
  }

  fileprivate func rotated(_ positions: [Int32], heads: Int) -> DoubleMatrix {
    let head = columns / heads
    return DoubleMatrix(rows: rows, columns: columns) { row, column in
      let inside = column % head
      let pair = inside % (head / 2)
      let angle = Double(positions[row]) * pow(10_000, -Double(2 * pair) / Double(head))
      let first = self[row, column - inside + pair]
      let second = self[row, column - inside + pair + head / 2]
      return inside < head / 2
        ? first * cos(angle) - second * sin(angle) : first * sin(angle) + second * cos(angle)
    }
  }
}

struct TapeSelfAttentionGradientTests {
  @Test(arguments: [
    (lengths: [1], width: 1, heads: 1), ([5, 1, 3], 6, 2), ([0, 4, 0], 5, 1), ([17, 2], 8, 4),
    ([3], 66, 2), ([2, 35], 3, 3),
  ])
  func selfAttention(lengths: [Int], width: Int, heads: Int) {
    let segments = Segments(lengths: lengths)
    let rows = segments.rowCount
    GradientCheck(
      inputs: [
        .random(rows, width, seed: 1), .random(rows, width, seed: 2), .random(rows, width, seed: 3),
      ],
      operation: { tape, x in
        tape.attention(
          queries: x[0], keys: x[1], values: x[2], querySegments: segments, keySegments: segments,
          heads: heads)
      },
      reference: { $0[0].attention(keys: $0[1], values: $0[2], segments, segments, heads: heads) }
    ).verify()
  }

  @Test(arguments: [([1, 1, 1], [4, 0, 1]), ([3, 0, 2], [1, 5, 14])])
  func crossAttentionOfUnequalSegments(queries: [Int], keys: [Int]) {
    let (own, others) = (Segments(lengths: queries), Segments(lengths: keys))
    GradientCheck(
      inputs: [
        .random(own.rowCount, 8, seed: 4), .random(others.rowCount, 8, seed: 5),
        .random(others.rowCount, 8, seed: 6),
      ],
      operation: { tape, x in
        tape.attention(
          queries: x[0], keys: x[1], values: x[2], querySegments: own, keySegments: others,
          heads: 2)
      },
      reference: { $0[0].attention(keys: $0[1], values: $0[2], own, others, heads: 2) }
    ).verify()
  }

  @Test func largeScoresStayFinite() {
    let segments = Segments(lengths: [3, 20])
    let large = Matrix.random(23, 4, seed: 7, deviation: 100)
    let tape = Tape()
    let x = tape.parameter(large)
    let y = tape.attention(
      queries: x, keys: x, values: x, querySegments: segments, keySegments: segments, heads: 1)
    #expect(tape.value(of: y).values.allSatisfy { $0.isFinite })
  }

  @Test func segmentsHaveTheSameBitsInEveryBatch() {
    let lengths = [7, 60, 1, 33, 0, 12, 128, 5, 9]
    let segments = Segments(lengths: lengths)
    let x = Matrix.random(segments.rowCount, 64, seed: 8)
    func attend(_ x: Matrix, _ segments: Segments) -> (value: Matrix, gradient: Matrix) {
      let tape = Tape()
      let input = tape.parameter(x)
      let y = tape.attention(
        queries: input, keys: input, values: input, querySegments: segments,
        keySegments: segments, heads: 4)
      let sums = tape.productTransposed(y, tape.constant(.random(1, 64, seed: 9)))
      let ones = tape.constant(Matrix(rows: 1, columns: x.rows, repeating: 1))
      let loss = tape.productTransposed(ones, tape.transposed(sums))
      return (tape.value(of: y), tape.gradients(of: loss)[input])
    }
    let whole = attend(x, segments)
    for segment in lengths.indices where lengths[segment] > 0 {
      let rows = Array(segments[segment])
      let alone = attend(x.gatheringRows(rows), Segments(lengths: [lengths[segment]]))
      #expect(alone.value == whole.value.gatheringRows(rows))
      #expect(alone.gradient == whole.gradient.gatheringRows(rows))
    }
  }

  @Test(arguments: [(1, 2), (3, 4), (2, 6)])
  func rotating(heads: Int, head: Int) {
    let positions: [Int32] = [0, 1, 9, 3, 3]
    let table = RotaryTable(positions: 10, head: head)
    GradientCheck(
      inputs: [.random(5, heads * head, seed: 10)],
      operation: { $0.rotating($1[0], by: table, positions: positions, heads: heads) },
      reference: { $0[0].rotated(positions, heads: heads) }
    ).verify()
  }

  @Test func rotatedProductsDependOnTheDistanceOnly() {
    let table = RotaryTable(positions: 50, head: 8)
    let (q, k) = (Matrix.random(1, 8, seed: 11), Matrix.random(1, 8, seed: 12))
    func score(_ first: Int32, _ second: Int32) -> Double {
      q.rotated(by: table, positions: [first], heads: 1, direction: 1)
        .dot(k.rotated(by: table, positions: [second], heads: 1, direction: 1))
    }
    #expect(abs(score(0, 7) - score(40, 47)) < 1e-5)
    #expect(abs(score(0, 7) - score(0, 8)) > 1e-4)
  }
}
