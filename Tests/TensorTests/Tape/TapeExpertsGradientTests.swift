import Tensor
import Testing

extension DoubleMatrix {
  /// The layer of experts, token by token.
  func experts(
    gates: DoubleMatrix, input: DoubleMatrix, output: DoubleMatrix, choices: [Int32], units: Int
  ) -> DoubleMatrix {
    var result = [Double](repeating: 0, count: rows * columns)
    for slot in choices.indices {
      let token = slot / gates.columns
      for unit in Int(choices[slot]) * units..<(Int(choices[slot]) + 1) * units {
        let inner = DoubleMatrix(
          rows: 1, columns: 1, values: [zip(row(token), input.row(unit)).map(*).reduce(0, +)])
        let active = inner.gelu()[0, 0] * gates[token, slot % gates.columns]
        for column in 0..<columns {
          result[token * columns + column] += active * output[unit, column]
        }
      }
    }
    return DoubleMatrix(rows: rows, columns: columns, values: result)
  }
}

/// `chosen` distinct experts of each token; experts 1 and E − 2 stay without a token if possible.
private func choices(tokens: Int, experts: Int, chosen: Int, seed: UInt64) -> [Int32] {
  var random = RandomSource(seed: seed)
  let idle = experts > chosen + 2 ? [1, experts - 2] : []
  return (0..<tokens).flatMap { _ in
    random.permutation(experts).filter { !idle.contains($0) }.prefix(chosen).map(Int32.init)
  }
}

struct TapeExpertsGradientTests {
  /// Tokens, width, experts, units of an expert, experts of a token.
  @Test(arguments: [
    (1, 1, 1, 1, 1), (3, 5, 2, 1, 2), (7, 17, 6, 3, 2), (9, 33, 9, 5, 3), (4, 80, 3, 4, 1),
    (2, 67, 11, 2, 4),
  ])
  func experts(tokens: Int, width: Int, experts: Int, units: Int, chosen: Int) {
    let choices = choices(tokens: tokens, experts: experts, chosen: chosen, seed: 5)
    let dispatch = ExpertDispatch(
      choices: choices, choicesPerToken: chosen, expertCount: experts)
    GradientCheck(
      inputs: [
        .random(tokens, width, seed: 1), .random(tokens, chosen, seed: 2),
        .random(experts * units, width, seed: 3, deviation: 0.5),
        .random(experts * units, width, seed: 4),
      ],
      operation: { tape, x in
        tape.experts(x[0], gates: x[1], input: x[2], output: x[3], dispatch: dispatch)
      },
      reference: { x in
        x[0].experts(gates: x[1], input: x[2], output: x[3], choices: choices, units: units)
      }
    ).verify()
  }

  @Test func untouchedExpertsHaveNoGradient() {
    let dispatch = ExpertDispatch(choices: [3, 0, 3], choicesPerToken: 1, expertCount: 5)
    let tape = Tape()
    let input = tape.parameter(.random(10, 4, seed: 1))
    let output = tape.parameter(.random(10, 4, seed: 2))
    let y = tape.experts(
      tape.constant(.random(3, 4, seed: 3)),
      gates: tape.constant(Matrix(rows: 3, columns: 1, repeating: 1)), input: input,
      output: output, dispatch: dispatch)
    let gradients = tape.gradients(of: [(y, .random(3, 4, seed: 4))])
    guard case .groups(let groups) = gradients.gradient(of: input) else {
      Issue.record("a gradient in groups expected")
      return
    }
    #expect(groups.groups == [0, 3])
    #expect(groups.rowsPerGroup == 2)
    #expect(groups.dense() == gradients[input])
    #expect(gradients[output].row(2).allSatisfy { $0 == 0 })
    #expect(gradients[output].row(6).contains { $0 != 0 })
  }

  @Test func aTokensBitsDoNotDependOnTheOthers() {
    let (tokens, width, experts, chosen) = (300, 40, 7, 3)
    let x = Matrix.random(tokens, width, seed: 1)
    let gates = Matrix.random(tokens, chosen, seed: 2)
    let input = Matrix.random(experts * 4, width, seed: 3)
    let output = Matrix.random(experts * 4, width, seed: 4)
    let all = choices(tokens: tokens, experts: experts, chosen: chosen, seed: 6)
    func run(_ rows: [Int]) -> Matrix {
      let tape = Tape()
      let own = rows.flatMap { all[$0 * chosen..<($0 + 1) * chosen] }
      return tape.value(
        of: tape.experts(
          tape.constant(x.gatheringRows(rows)), gates: tape.constant(gates.gatheringRows(rows)),
          input: tape.constant(input), output: tape.constant(output),
          dispatch: ExpertDispatch(choices: own, choicesPerToken: chosen, expertCount: experts)))
    }
    let whole = run(Array(0..<tokens))
    for rows in [[0], [17, 3, 255], [299, 298]] {
      #expect(run(rows) == whole.gatheringRows(rows))
    }
  }
}

struct ExpertDispatchTests {
  @Test func sortsByExpertThenToken() {
    let dispatch = ExpertDispatch(
      choices: [2, 0, 0, 3, 2, 3], choicesPerToken: 2, expertCount: 4)
    #expect(dispatch.offsets == [0, 2, 2, 4, 6])
    #expect((0..<4).map(dispatch.tokens(of:)) == [[0, 1], [], [0, 2], [1, 2]])
    #expect(dispatch.touched == [0, 2, 3])
  }

  @Test func noTokensGiveEmptyGroups() {
    let dispatch = ExpertDispatch(choices: [], choicesPerToken: 2, expertCount: 3)
    #expect(dispatch.offsets == [0, 0, 0, 0])
    #expect(dispatch.touched.isEmpty)
  }

  @Test func expertOutOfRangeTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = ExpertDispatch(choices: [4], choicesPerToken: 1, expertCount: 4)
    }
  }
}
