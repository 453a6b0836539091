import Tensor
import Testing

@testable import Molecule

struct GraphEncoderTests {
  private static let encoder: GraphEncoder = {
    var configuration = GraphEncoder.Configuration()
    configuration.width = 16
    configuration.hiddenWidth = 24
    configuration.heads = 2
    return GraphEncoder(configuration)
  }()
  private static let parameters = ParameterSet(encoder.parameterShapes, seed: 1)

  private static func features(_ smiles: [String]) throws -> [GraphFeatures] {
    try smiles.map { GraphFeatures(of: try SMILESReader.read($0)) }
  }

  private static func encode(_ smiles: [String]) throws -> Matrix {
    encoder.encode(try features(smiles), parameters: parameters)
  }

  private static let molecules = [
    "CC(=O)Oc1ccccc1C(=O)O", "C", "[Na+].[Cl-]", "CN1CCC[C@H]1c1cccnc1", "N->[Pt](Cl)Cl", "*",
    "[H][H]",
    String(repeating: "C(F)", count: 500) + "C", "C1CC1", "C/C=C\\C",
  ]

  @Test func batchMatesNeverChangeABit() throws {
    let whole = try Self.encode(Self.molecules)
    #expect(whole.values.allSatisfy { $0.isFinite })
    for (index, smiles) in Self.molecules.enumerated() {
      let alone = try Self.encode([smiles])
      #expect(alone.row(0) == whole.row(index), "\(smiles)")
    }
    let backwards = try Self.encode(Self.molecules.reversed())
    #expect(backwards.row(0) == whole.row(whole.rows - 1))
  }

  @Test func renumberingLeavesTheEmbedding() throws {
    for row in try Golden("spellings").rows {
      let embeddings = try Self.encode(Array(row.dropFirst()))
      let expected = embeddings.row(0)
      let scale = expected.map(abs).max() ?? 0
      for other in 1..<max(1, embeddings.rows) {
        for (a, b) in zip(expected, embeddings.row(other)) {
          #expect(abs(a - b) <= 1e-5 * scale, "\(row[0]): \(row[other + 1])")
        }
      }
    }
  }

  @Test(arguments: [
    ("C", "[CH3-]"), ("C[C@H](N)O", "C[C@@H](N)O"), ("C/C=C/C", "C/C=C\\C"), ("CCO", "COC"),
    ("C1CCCCC1", "C1CC1.C1CC1"), ("CC", "CC.CC"),
  ])
  func differentMoleculesDiffer(_ first: String, _ second: String) throws {
    let embeddings = try Self.encode([first, second])
    let distance = zip(embeddings.row(0), embeddings.row(1)).map { abs($0 - $1) }.max() ?? 0
    #expect(distance > 1e-3)
  }

  @Test func moleculesWithoutAtomsHaveOneFiniteVector() throws {
    let empty = GraphFeatures(
      of: MolecularGraph(atoms: [], bonds: [], halfBonds: GrowingArray(capacity: 0)))
    let methane = try Self.features(["C"])[0]
    let embeddings = Self.encoder.encode([empty, methane, empty], parameters: Self.parameters)
    #expect(embeddings.row(0) == embeddings.row(2))
    #expect(embeddings.values.allSatisfy { $0.isFinite })
    #expect(Array(embeddings.row(1)) == Array(try Self.encode(["C"]).row(0)))
    #expect(Self.encoder.encode([], parameters: Self.parameters).rows == 0)
    #expect(Self.encoder.encode([empty], parameters: Self.parameters).row(0) == embeddings.row(0))
  }

  @Test func trainingReachesEveryParameter() throws {
    let features = try Self.features(Self.molecules)
    func step() -> (loss: Matrix, gradients: [Matrix]) {
      let tape = Tape()
      let variables = Dictionary(
        uniqueKeysWithValues: Self.parameters.parameters.map {
          ($0.name, tape.parameter($0.value))
        })
      let output = Self.encoder.forward(
        GraphBatch(features), on: tape, mode: .training(dropout: 0.1, seed: 7)
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
  @Test func aFewStepsTellItemsApart() throws {
    let batch = GraphBatch(
      try Self.features([
        "C1CCCCC1", "c1ccccc1", "C[C@H](N)O", "C[C@@H](N)O", "CCO", "COC", "[Na+]", "O",
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
  @Test func gradientsAgreeWithDifferences() throws {
    let batch = GraphBatch(try Self.features(["CC(=O)N", "O", "C1CC1"]))
    var random = RandomSource(seed: 3)
    let left = random.normal(rows: 1, columns: batch.molecules.count, standardDeviation: 1)
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
