import Testing

@testable import Tensor

/// A ring of three, a lone row, a pair joined by an edge of two directions, and a self-made star.
private let graph = Neighborhoods(
  offsets: [0, 2, 4, 6, 6, 7, 8, 11, 12, 13, 14],
  sources: [1, 2, 0, 2, 0, 1, 5, 4, 7, 8, 9, 6, 6, 6],
  kinds: [0, 1, 0, 2, 1, 2, 3, 4, 0, 0, 1, 0, 0, 1],
  reverse: [2, 4, 0, 5, 1, 3, 7, 6, 11, 12, 13, 8, 9, 10], kindCount: 5)

extension DoubleMatrix {
  fileprivate func messageSum(edges: DoubleMatrix, _ graph: Neighborhoods) -> DoubleMatrix {
    DoubleMatrix(rows: rows, columns: columns) { row, column in
      var sum = self[row, column]
      for slot in Int(graph.offsets[row])..<Int(graph.offsets[row + 1]) {
        sum += max(
          0, self[Int(graph.sources[slot]), column] + edges[Int(graph.kinds[slot]), column])
      }
      return sum
    }
  }

  fileprivate func segmentSum(_ segments: Segments, mean: Bool) -> DoubleMatrix {
    DoubleMatrix(rows: segments.count, columns: columns) { segment, column in
      let rows = segments[segment]
      let sum = rows.reduce(0) { $0 + self[$1, column] }
      return mean && !rows.isEmpty ? sum / Double(rows.count) : sum
    }
  }
}

struct TapeGraphGradientTests {
  @Test(arguments: [[3, 0, 1, 5, 0], [1], [0, 4], [7, 2]], [1, 5, 67])
  func segmentSumAndMean(lengths: [Int], width: Int) {
    let segments = Segments(lengths: lengths)
    for mean in [false, true] {
      GradientCheck(
        inputs: [.random(segments.rowCount, width, seed: 3)],
        operation: { mean ? $0.segmentMean($1[0], segments) : $0.segmentSum($1[0], segments) },
        reference: { $0[0].segmentSum(segments, mean: mean) }
      ).verify()
    }
  }

  @Test func segmentsWithoutRowsGiveZeros() {
    let tape = Tape()
    let empty = Segments(lengths: [0, 0])
    let sums = tape.segmentSum(tape.constant(Matrix(rows: 0, columns: 3)), empty)
    #expect(tape.value(of: sums) == Matrix(rows: 2, columns: 3))
  }

  @Test(arguments: [1, 7, 33, 64])
  func messageSum(width: Int) {
    GradientCheck(
      inputs: [.random(10, width, seed: 4), .random(5, width, seed: 5)],
      operation: { $0.messageSum($1[0], edges: $1[1], graph) },
      reference: { $0[0].messageSum(edges: $0[1], graph) }
    ).verify()
  }

  @Test func messagesOfALoneRowLeaveIt() {
    let lone = Neighborhoods(
      offsets: [0, 0], sources: [], kinds: [], reverse: [], kindCount: 0)
    GradientCheck(
      inputs: [.random(1, 9, seed: 6)],
      operation: { tape, x in
        tape.messageSum(x[0], edges: tape.constant(Matrix(rows: 0, columns: 9)), lone)
      },
      reference: { $0[0] }
    ).verify()
  }

  @Test func unpairedSlotsTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = Neighborhoods(
        offsets: [0, 1, 2], sources: [1, 0], kinds: [0, 0], reverse: [0, 1], kindCount: 1)
    }
  }
}
