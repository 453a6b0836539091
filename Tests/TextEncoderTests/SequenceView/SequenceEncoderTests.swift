import Tensor
import Testing

@testable import TextEncoder

struct SequenceEncoderTests {
  private static let vocabulary = SubwordVocabularyTests.learned()
  private static let encoder = makeEncoder(layers: 2)
  private static let parameters = ParameterSet(encoder.parameterShapes, seed: 1)

  private static func makeEncoder(layers: Int) -> SequenceEncoder {
    var configuration = SequenceEncoder.Configuration()
    configuration.width = 16
    configuration.layers = layers
    configuration.hiddenWidth = 24
    configuration.heads = 2
    configuration.maximumLength = 40
    return SequenceEncoder(configuration, vocabularySize: vocabulary.count)
  }

  private static func tokens(_ texts: [String]) -> [SubwordText] {
    texts.map { vocabulary.encode($0, limit: encoder.configuration.maximumLength) }
  }

  private static func encode(_ texts: [String]) -> Matrix {
    encoder.encode(tokens(texts), parameters: parameters)
  }

  private static let texts =
    SubwordVocabularyTests.texts + [
      "", "x", "日本語", String(repeating: "methyl ", count: 100), "2-methylpropane",
    ]

  @Test func batchMatesNeverChangeABit() {
    let whole = Self.encode(Self.texts)
    #expect(whole.values.allSatisfy { $0.isFinite })
    for (index, text) in Self.texts.enumerated() {
      #expect(Self.encode([text]).row(0) == whole.row(index), "\(text)")
    }
    // Far more texts than one tile holds.
    let many = Self.encode((0..<300).map { Self.texts[$0 % Self.texts.count] })
    for index in 0..<300 { #expect(many.row(index) == whole.row(index % Self.texts.count)) }
    #expect(Self.encode([]).rows == 0)
  }

  @Test(arguments: [
    ("ethyl methyl ether", "methyl ethyl ether"), ("a-b", "a - b"), ("ab", "a b"), ("1", "2"),
  ])
  func orderAndSpacesMatter(_ first: String, _ second: String) {
    let views = Self.encode([first, second])
    let distance = zip(views.row(0), views.row(1)).map { abs($0 - $1) }.max() ?? 0
    #expect(distance > 1e-3)
  }

  /// The last layer asks for class tokens only; a plain transformer of the same weights agrees.
  @Test func poolingEqualsTheClassTokenOfAFullLayer() {
    let encoder = Self.makeEncoder(layers: 1)
    let parameters = ParameterSet(encoder.parameterShapes, seed: 2)
    let batch = TokenBatch(Self.tokens(Array(Self.texts.prefix(4))))
    let tape = Tape()
    let fast = encoder.forward(batch, on: tape, mode: .inference) { tape.constant(parameters[$0]) }

    func weight(_ name: String) -> Tape.Variable {
      tape.constant(parameters["text.sequence.\(name)"])
    }
    var x = tape.adding(
      tape.gatheringRows(weight("token.embedding"), batch.tokens),
      tape.gatheringRows(weight("place.embedding"), batch.places))
    func normal(_ x: Tape.Variable, _ name: String) -> Tape.Variable {
      tape.layerNorm(x, gain: weight("\(name).gain"), bias: weight("\(name).bias"))
    }
    let table = RotaryTable(positions: 40, head: 8)
    let n = normal(x, "0.attention.norm")
    func turned(_ x: Tape.Variable) -> Tape.Variable {
      tape.rotating(x, by: table, positions: batch.positions, heads: 2)
    }
    let attended = tape.attention(
      queries: turned(tape.linear(n, weight: weight("0.query.weight"))),
      keys: turned(tape.linear(n, weight: weight("0.key.weight"))),
      values: tape.linear(n, weight: weight("0.value.weight")), querySegments: batch.texts,
      keySegments: batch.texts, heads: 2)
    x = tape.adding(
      x,
      tape.linear(attended, weight: weight("0.attention.weight"), bias: weight("0.attention.bias")))
    let hidden = tape.gelu(
      tape.linear(
        normal(x, "0.hidden.norm"), weight: weight("0.hidden.weight"),
        bias: weight("0.hidden.bias")))
    x = tape.adding(
      x, tape.linear(hidden, weight: weight("0.output.weight"), bias: weight("0.output.bias")))
    let full = tape.value(of: normal(x, "norm"))
    let found = tape.value(of: fast)
    for text in 0..<batch.texts.count {
      let row = full.row(batch.texts[text].lowerBound)
      for (a, b) in zip(row, found.row(text)) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test func trainingReachesEveryParameterTheSameWayTwice() {
    let batch = TokenBatch(Self.tokens(Self.texts))
    func step() -> (loss: Matrix, gradients: [Matrix]) {
      let tape = Tape()
      let variables = Dictionary(
        uniqueKeysWithValues: Self.parameters.parameters.map {
          ($0.name, tape.parameter($0.value))
        })
      let output = Self.encoder.forward(
        batch, on: tape, mode: .training(dropout: 0.1, seed: 7)
      ) { name in
        guard let variable = variables[name] else { preconditionFailure("no \(name)") }
        return variable
      }
      let ones = tape.constant(Matrix(rows: 1, columns: output.columns, repeating: 1))
      let sums = tape.transposed(tape.productTransposed(tape.gelu(output), ones))
      let loss = tape.productTransposed(
        tape.constant(Matrix(rows: 1, columns: output.rows, repeating: 1)), sums)
      let gradients = tape.gradients(of: loss)
      return (
        tape.value(of: loss),
        Self.parameters.parameters.compactMap { variables[$0.name].map { gradients[$0] } }
      )
    }
    let first = step()
    for (parameter, gradient) in zip(Self.parameters.parameters, first.gradients) {
      #expect(gradient.values.contains { $0 != 0 }, "\(parameter.name)")
      #expect(gradient.values.allSatisfy { $0.isFinite }, "\(parameter.name)")
    }
    let second = step()
    #expect(first.loss == second.loss)
    #expect(first.gradients == second.gradients)
  }

  /// Eight items, some of which differ by order or handedness alone, are told apart in a few steps.
  @Test func aFewStepsTellItemsApart() {
    let batch = TokenBatch(
      Self.tokens([
        "ethyl methyl ether", "methyl ethyl ether", "butane", "butan-2-ol", "a-b", "a - b", "", "2",
      ]))
    var random = RandomSource(seed: 5)
    let targets = random.normal(rows: 8, columns: Self.encoder.width, standardDeviation: 1)
    var parameters = Self.parameters
    var optimizer = AdamW(configuration: .init(), parameters: parameters)
    var losses: [Float] = []
    for _ in 0..<60 {
      let tape = Tape()
      let variables = Dictionary(
        uniqueKeysWithValues: parameters.parameters.map { ($0.name, tape.parameter($0.value)) })
      let output = Self.encoder.forward(batch, on: tape, mode: .inference) { name in
        guard let variable = variables[name] else { preconditionFailure("no \(name)") }
        return variable
      }
      let loss = tape.crossEntropyOfDiagonal(
        tape.productTransposed(output, tape.constant(targets)))
      losses.append(tape.value(of: loss)[0, 0])
      let gradients = tape.gradients(of: loss)
      optimizer.update(
        &parameters,
        gradients: parameters.parameters.compactMap { variables[$0.name].map { gradients[$0] } },
        gradientScale: 1, learningRate: 0.01)
    }
    #expect(losses[0] > 1)
    #expect((losses.last ?? 9) < 0.05)
  }

  /// The whole encoder against central differences of itself, at the largest slope of each weight.
  ///
  /// The loss is uᵀ·Y·v, summed in doubles; what is left is the rounding of Y.
  @Test func gradientsAgreeWithDifferences() {
    let batch = TokenBatch(Self.tokens(["2-methyl", "", "butan-2-ol ether"]))
    var random = RandomSource(seed: 3)
    let left = random.normal(rows: 1, columns: batch.texts.count, standardDeviation: 1)
    let right = random.normal(rows: 1, columns: Self.encoder.width, standardDeviation: 1)
    func output(_ parameters: ParameterSet, _ tape: Tape, wanting name: String = "")
      -> (output: Tape.Variable, wanted: Tape.Variable?)
    {
      var wanted: Tape.Variable?
      let output = Self.encoder.forward(batch, on: tape, mode: .inference) { each in
        if each != name { return tape.constant(parameters[each]) }
        let variable = tape.parameter(parameters[each])
        wanted = variable
        return variable
      }
      return (output, wanted)
    }
    func loss(_ parameters: ParameterSet) -> Double {
      let tape = Tape()
      let value = tape.value(of: output(parameters, tape).output)
      var sum = 0.0
      for row in 0..<value.rows {
        for column in 0..<value.columns {
          sum += Double(left[0, row]) * Double(value[row, column]) * Double(right[0, column])
        }
      }
      return sum
    }
    for (index, parameter) in Self.parameters.parameters.enumerated() {
      let tape = Tape()
      let (output, wanted) = output(Self.parameters, tape, wanting: parameter.name)
      let sums = tape.transposed(tape.productTransposed(output, tape.constant(right)))
      let scalar = tape.productTransposed(tape.constant(left), sums)
      guard let wanted else {
        Issue.record("\(parameter.name) is not used")
        continue
      }
      let gradient = tape.gradients(of: scalar)[wanted]
      guard
        let entry = gradient.values.indices.max(by: {
          abs(gradient.values[$0]) < abs(gradient.values[$1])
        })
      else { continue }
      let (row, column) = (entry / gradient.columns, entry % gradient.columns)
      let step: Float = 1e-3
      let start = parameter.value[row, column]
      var moved = Self.parameters
      moved.parameters[index].value[row, column] = start + step
      let above = loss(moved)
      moved.parameters[index].value[row, column] = start - step
      let slope = (above - loss(moved)) / Double((start + step) - (start - step))
      let found = Double(gradient[row, column])
      #expect(abs(slope - found) < 0.01 * max(abs(found), 0.5), "\(parameter.name)")
    }
  }
}
