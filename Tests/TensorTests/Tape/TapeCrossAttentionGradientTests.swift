import Foundation
import Tensor
import Testing

/// Sizes of one attention: size 1, odd sizes, more than a register.
private struct Sizes: Sendable, CustomTestStringConvertible {
  var items: Int
  var views: Int
  var slots: Int
  var heads: Int
  var keyWidth: Int
  var valueWidth: Int
  /// One character for each slot of each item; `x` is closed.
  var mask: String

  var testDescription: String { "\(items)×\(views)×\(slots)×\(heads) \(mask)" }
  var open: [Bool] { mask.map { $0 != "x" } }
  var shape: CrossAttentionShape { CrossAttentionShape(views: views, slots: slots, heads: heads) }

  func inputs(seed: UInt64) -> [Matrix] {
    [
      .random(items * views, heads * keyWidth, seed: seed),
      .random(items * slots, heads * keyWidth, seed: seed + 1),
      .random(items * slots, heads * valueWidth, seed: seed + 2),
    ]
  }

  func reference(_ inputs: [DoubleMatrix]) -> DoubleMatrix {
    let (q, k, v) = (inputs[0], inputs[1], inputs[2])
    var rows: [[Double]] = []
    for row in 0..<items * views {
      let slotsOfItem = (0..<slots).map { row / views * slots + $0 }.filter { open[$0] }
      var output: [Double] = []
      for head in 0..<heads {
        let scores = slotsOfItem.map { slot in
          (0..<keyWidth).reduce(0.0) {
            $0 + q[row, head * keyWidth + $1] * k[slot, head * keyWidth + $1]
          } / Double(keyWidth).squareRoot()
        }
        let total = scores.reduce(0) { $0 + exp($1) }
        for column in head * valueWidth..<(head + 1) * valueWidth {
          output.append(
            zip(scores, slotsOfItem).reduce(0) { $0 + exp($1.0) / total * v[$1.1, column] })
        }
      }
      rows.append(output)
    }
    return DoubleMatrix(rows: rows.count, columns: heads * valueWidth, values: rows.flatMap { $0 })
  }
}

struct TapeCrossAttentionGradientTests {
  @Test(arguments: [
    Sizes(items: 1, views: 1, slots: 1, heads: 1, keyWidth: 1, valueWidth: 1, mask: "o"),
    Sizes(items: 3, views: 2, slots: 3, heads: 2, keyWidth: 5, valueWidth: 3, mask: "ooooxxxox"),
    Sizes(items: 2, views: 3, slots: 2, heads: 3, keyWidth: 1, valueWidth: 7, mask: "xxoo"),
    Sizes(items: 2, views: 1, slots: 5, heads: 1, keyWidth: 33, valueWidth: 17, mask: "ooxxoxooox"),
    Sizes(items: 2, views: 2, slots: 1, heads: 2, keyWidth: 3, valueWidth: 2, mask: "xx"),
  ])
  private func valuesAndGradientsEqualTheReference(sizes: Sizes) {
    GradientCheck(
      inputs: sizes.inputs(seed: 40),
      operation: { tape, x in
        tape.crossAttention(
          queries: x[0], keys: x[1], values: x[2], mask: sizes.open, shape: sizes.shape)
      },
      reference: sizes.reference
    ).verify()
  }

  @Test func closedSlotsAreNeverRead() {
    let sizes = Sizes(
      items: 2, views: 1, slots: 2, heads: 1, keyWidth: 4, valueWidth: 4, mask: "oxxx")
    let inputs = sizes.inputs(seed: 50)
    func run(_ poison: Float) -> [Matrix] {
      let tape = Tape()
      var (keys, values) = (inputs[1], inputs[2])
      for row in 1..<4 {
        for column in 0..<4 { (keys[row, column], values[row, column]) = (poison, poison) }
      }
      let x = [tape.parameter(inputs[0]), tape.parameter(keys), tape.parameter(values)]
      let y = tape.crossAttention(
        queries: x[0], keys: x[1], values: x[2], mask: sizes.open, shape: sizes.shape)
      let loss = tape.productTransposed(
        tape.productTransposed(tape.constant(Matrix(rows: 1, columns: 4, repeating: 1)), y),
        tape.constant(Matrix(rows: 1, columns: 2, repeating: 1)))
      let gradients = tape.gradients(of: loss)
      return [tape.value(of: y)] + x.map { gradients[$0] }
    }
    #expect(run(.nan) == run(0))
    #expect(run(.nan)[0].row(1).allSatisfy { $0 == 0 })
  }

  @Test func paddingAndBatchMatesChangeNoBit() {
    let sizes = Sizes(
      items: 300, views: 2, slots: 3, heads: 2, keyWidth: 32, valueWidth: 32,
      mask: String(repeating: "oox", count: 300))
    let inputs = sizes.inputs(seed: 60)
    func value(_ inputs: [Matrix], _ sizes: Sizes) -> Matrix {
      let tape = Tape()
      let x = inputs.map(tape.constant)
      return tape.value(
        of: tape.crossAttention(
          queries: x[0], keys: x[1], values: x[2], mask: sizes.open, shape: sizes.shape))
    }
    let whole = value(inputs, sizes)
    let padded = Sizes(
      items: 1, views: 2, slots: 5, heads: 2, keyWidth: 32, valueWidth: 32, mask: "ooxxx")
    for item in [0, 1, 150, 299] {
      let slots = [3 * item, 3 * item + 1, 0, 1, 2]
      let alone = value(
        [
          inputs[0].gatheringRows([2 * item, 2 * item + 1]), inputs[1].gatheringRows(slots),
          inputs[2].gatheringRows(slots),
        ], padded)
      #expect(alone == whole.gatheringRows([2 * item, 2 * item + 1]))
    }
  }

  @Test(arguments: [[true], [false], [true, false, false, true, true]])
  func selectingRows(isChosen: [Bool]) {
    GradientCheck(
      inputs: [.random(isChosen.count, 3, seed: 70), .random(isChosen.count, 3, seed: 71)],
      operation: { $0.selectingRows(isChosen, from: $1[0], otherwise: $1[1]) },
      reference: { point in
        DoubleMatrix(rows: isChosen.count, columns: 3) { row, column in
          point[isChosen[row] ? 0 : 1][row, column]
        }
      }
    ).verify()
  }
}
