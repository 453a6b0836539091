import Tensor
import Testing

struct ViewStackTests {
  private let stack = ViewStack(
    prefix: "text.views",
    views: [.init(name: "lexical", width: 3), .init(name: "sequence", width: 5)], width: 4)

  @Test func rowsAreItemsThenViews() {
    let parameters = ParameterSet(stack.parameterShapes, seed: 1)
    let (lexical, sequence) = (Matrix.random(6, 3, seed: 2), Matrix.random(6, 5, seed: 3))
    let tape = Tape()
    let stacked = stack.forward(
      [tape.constant(lexical), tape.constant(sequence)], on: tape
    ) { tape.constant(parameters[$0]) }
    let value = tape.value(of: stacked)
    #expect(value.rows == 12 && value.columns == 4)
    for (view, input) in [lexical, sequence].enumerated() {
      let name = stack.views[view].name
      let expected = DoubleMatrix(input)
        .times(DoubleMatrix(parameters["text.views.\(name).weight"]).transposed())
        .addingRow(DoubleMatrix(parameters["text.views.\(name).bias"]))
      let rows = value.gatheringRows((0..<6).map { stack.row(item: $0, view: view) })
      #expect(expected.relativeError(of: rows) < 1e-5)
    }
  }

  @Test func gradientsReachInputsAndParameters() {
    let names = stack.parameterShapes.map(\.name)
    let shapes = stack.parameterShapes
    var random = RandomSource(seed: 4)
    let parameters = shapes.map { $0.initial(random: &random).value }
    GradientCheck(
      inputs: [.random(2, 3, seed: 5), .random(2, 5, seed: 6)] + parameters,
      operation: { tape, inputs in
        stack.forward(Array(inputs.prefix(2)), on: tape) { name in
          guard let index = names.firstIndex(of: name) else { preconditionFailure(name) }
          return inputs[2 + index]
        }
      },
      reference: { inputs in
        let views = (0..<2).map { view in
          inputs[view].times(inputs[2 + 2 * view].transposed()).addingRow(inputs[3 + 2 * view])
        }
        return DoubleMatrix(rows: 4, columns: 4) { row, column in views[row % 2][row / 2, column] }
      }
    ).verify()
  }

  @Test func noItemsGiveNoRows() {
    let parameters = ParameterSet(stack.parameterShapes, seed: 7)
    let tape = Tape()
    let stacked = stack.forward(
      [
        tape.constant(Matrix(rows: 0, columns: 3)), tape.constant(Matrix(rows: 0, columns: 5)),
      ], on: tape
    ) { tape.constant(parameters[$0]) }
    #expect(tape.value(of: stacked) == Matrix(rows: 0, columns: 4))
  }
}
