import Foundation
import Molecule
import Tensor
import Testing
import TextEncoder

@testable import Alignment

@Suite struct ExplanationTests {
  /// A small model with every fitted view and with hubs held back.
  private static let model = Result {
    let small = try SmallRun()
    defer { small.remove() }
    var configuration = small.configuration
    configuration.ridge.isEnabled = true
    configuration.ridge.shape.replacesLexicalView = false
    configuration.hubness.weight = 0.5
    _ = try small.run(configuration: configuration).train(resume: false) { _ in }
    return try Checkpoint(contentsOf: small.destination).model
  }

  private static let texts = [
    "a selective beta-1 blocker for hypertension", "β-lactam, ½ (antibiotic)", "acid", "…", "ﬁne",
  ]
  private static let molecules = [
    "CC(=O)Oc1ccccc1C(=O)O", "C[C@H](N)C(=O)O", "F/C=C/F", "[Na+].[Cl-]", "[13CH4]",
    "CCCCCCCC/C=C\\CCCCCCCC(=O)O", "[Fe]",
  ]

  private static func molecule(_ smiles: String) throws -> ExplainedItem {
    .molecule(ExplainedMolecule(try SMILESReader.read(smiles)))
  }

  private static func text(_ text: String) -> ExplainedItem { .text(ExplainedText(text)) }

  private static func dot(_ one: ArraySlice<Float>, _ other: ArraySlice<Float>) -> Float {
    zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func sum(_ explanation: Explanation) throws -> Float {
    let baseline = try #require(explanation.baseline)
    return baseline + explanation.query.reduce(0, +) + explanation.target.reduce(0, +)
  }

  @Test func weightsAndBaselineAddUpToTheScoreOfASearch() throws {
    let model = try Self.model.get()
    let graphs = try Self.molecules.map { try SMILESReader.read($0) }
    let (texts, molecules) = (model.encode(Self.texts), model.encode(graphs))
    let (storedTexts, storedMolecules) = (
      model.encodeStored(Self.texts), model.encodeStored(graphs)
    )
    #expect(storedTexts.columns == texts.columns + 1)
    for (t, text) in Self.texts.enumerated() {
      for (m, smiles) in Self.molecules.enumerated() {
        let forward = try model.explain(try Self.molecule(smiles), for: Self.text(text))
        let query = Array(texts.row(t)) + [1]
        let expected = Self.dot(query[...], storedMolecules.row(m))
        #expect(abs(forward.score - expected) < 1e-5)
        #expect(abs(try sum(forward) - forward.score) < 2e-5, "\(text), \(smiles)")
        #expect(forward.query.count == ExplainedText(text).words.count)
        #expect(forward.target.count == graphs[m].atoms.count)
        let backward = try model.explain(Self.text(text), for: try Self.molecule(smiles))
        let asked = Array(molecules.row(m)) + [1]
        #expect(abs(backward.score - Self.dot(asked[...], storedTexts.row(t))) < 1e-5)
        #expect(abs(try sum(backward) - backward.score) < 2e-5)
      }
    }
  }

  @Test func withinAModalityTheScoreIsTheCosine() throws {
    let model = try Self.model.get()
    let molecules = model.encode(try Self.molecules.map { try SMILESReader.read($0) })
    let same = try model.explain(
      try Self.molecule(Self.molecules[0]), for: try Self.molecule(Self.molecules[0]))
    #expect(abs(same.score - 1) < 1e-5)
    #expect(zip(same.query, same.target).allSatisfy { abs($0 - $1) < 1e-6 })
    let other = try model.explain(
      try Self.molecule(Self.molecules[1]), for: try Self.molecule(Self.molecules[0]))
    #expect(abs(other.score - Self.dot(molecules.row(0), molecules.row(1))) < 1e-5)
    #expect(abs(try sum(other) - other.score) < 2e-5)
  }

  @Test func aVectorSharesNothingOut() throws {
    let model = try Self.model.get()
    let query = model.encode([Self.texts[0]]).row(0)
    let explanation = try model.explain(
      try Self.molecule(Self.molecules[0]), for: .vector(Array(query)))
    let asText = try model.explain(
      try Self.molecule(Self.molecules[0]), for: Self.text(Self.texts[0]))
    #expect(explanation.query.isEmpty)
    #expect(abs(explanation.score - asText.score) < 1e-5)
    #expect(abs(try sum(explanation) - explanation.score) < 2e-5)
  }

  /// The gradient of z·direction at points of the way from 0 to x, by differences, averaged.
  @Test func sharesAreTheMeanOfGradientsOnTheWay() throws {
    let model = try Self.model.get()
    let tower = Tower(modality: .molecule)
    let width = model.views.widths.molecule
    var random = RandomSource(seed: 5)
    let view = random.normal(rows: 1, columns: width, standardDeviation: 1)
    let direction = random.normal(rows: 1, columns: model.dimension, standardDeviation: 1)
    let shares = TowerShares(view, modality: .molecule, parameters: model.weights.parameters)
    let gradient = shares.gradient(along: direction)
    func value(_ rows: [[Float]]) -> [Double] {
      let tape = Tape()
      let x = tape.constant(Matrix(rows: rows.count, columns: width, values: rows.flatMap(\.self)))
      let z = tape.value(
        of: tower.forward(
          x, on: tape, mode: .inference, weights: model.weights.constants(on: tape)))
      return (0..<rows.count).map { Double(Self.dot(z.row($0), direction.row(0))) }
    }
    let points = 64
    let ends = value([view.values, [Float](repeating: 0, count: width)])
    let length = Self.dot(
      Self.raw(tower, view, model).row(0), Self.raw(tower, view, model).row(0)
    ).squareRoot()
    for column in [0, 1, width / 2, width - 1] {
      var mean = 0.0
      for point in 0..<points {
        let share = (Float(point) + 0.5) / Float(points)
        var (high, low) = (view.values.map { $0 * share }, view.values.map { $0 * share })
        high[column] += 0.05
        low[column] -= 0.05
        let values = value([high, low])
        mean += (values[0] - values[1]) / 0.1 / Double(points)
      }
      let found = Double(gradient[column] * length)
      #expect(abs(found - mean) < 1e-2 * max(1, abs(mean)), "\(found), \(mean)")
    }
    let whole = zip(view.values, gradient).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(whole * Double(length) - (ends[0] - ends[1])) < 1e-3)
  }

  private static func raw(_ tower: Tower, _ view: Matrix, _ model: AlignmentModel) -> Matrix {
    let tape = Tape()
    return tape.value(
      of: tower.forward(
        tape.constant(view), on: tape, mode: .inference,
        weights: model.weights.constants(on: tape)))
  }

  @Test func leavingOutIsTheDifferenceToAnItemWithoutThePart() throws {
    let model = try Self.model.get()
    let text = "alpha beta gamma"
    let explanation = try model.explain(
      try Self.molecule("CCO"), for: Self.text(text), by: .leaveOneOut)
    #expect(explanation.baseline == nil)
    // The last word leaves nothing behind but the words before it.
    let stored = model.encodeStored([try SMILESReader.read("CCO")])
    let rest = Array(model.encode(["alpha beta"]).row(0)) + [1]
    let expected = explanation.score - Self.dot(rest[...], stored.row(0))
    #expect(abs(explanation.query[2] - expected) < 1e-5)
    let exact = try model.explain(try Self.molecule("CCO"), for: Self.text(text))
    #expect(abs(exact.score - explanation.score) < 1e-5)
    // Equal atoms weigh the same.
    let benzene = try model.explain(
      try Self.molecule("c1ccccc1"), for: Self.text(text), by: .leaveOneOut)
    #expect(benzene.target.allSatisfy { abs($0 - benzene.target[0]) < 1e-5 })
  }

  @Test func symmetricAtomsWeighTheSame() throws {
    let model = try Self.model.get()
    let found = try model.explain(
      try Self.molecule("Cc1ccccc1"), for: Self.text(Self.texts[0])
    ).target
    for (one, other) in [(2, 6), (3, 5)] { #expect(abs(found[one] - found[other]) < 1e-6) }
    let turned = try model.explain(
      try Self.molecule("c1ccccc1C"), for: Self.text(Self.texts[0])
    ).target
    #expect(abs(turned[6] - found[0]) < 1e-5 && abs(turned[5] - found[1]) < 1e-5)
  }

  @Test func moreThanTowersNeedLeavingOut() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let configuration = try TrainingConfiguration(
      json: Data(
        """
        {"graphView": {"isEnabled": true, "shape": {"width": 8, "layers": 1, "hiddenWidth": 8,
          "heads": 2}},
         "sequenceView": {"isEnabled": true, "shape": {"vocabulary": {"size": 400},
          "encoder": {"width": 8, "layers": 1, "hiddenWidth": 8, "heads": 2,
           "maximumLength": 24}}}}
        """.utf8), over: small.configuration)
    _ = try small.run(configuration: configuration).train(resume: false) { _ in }
    let model = try Checkpoint(contentsOf: small.destination).model
    #expect(!model.hasExactShares)
    let (text, molecule) = (Self.text("a beta blocker"), try Self.molecule("CC(=O)O"))
    #expect(throws: ExplanationError.needsLeaveOneOut) {
      try model.explain(molecule, for: text, by: .integratedGradients)
    }
    let found = try model.explain(molecule, for: text)
    #expect(found.method == .leaveOneOut)
    let expected =
      Self.dot(
        model.encode(["a beta blocker"]).row(0),
        model.encode([try SMILESReader.read("CC(=O)O")]).row(0))
      + model.offsets(
        of: model.encode([try SMILESReader.read("CC(=O)O")]), [try SMILESReader.read("CC(=O)O")])[0]
    #expect(abs(found.score - expected) < 1e-5)
    #expect(found.query.contains { abs($0) > 1e-6 } && found.target.contains { abs($0) > 1e-6 })
  }

  @Test func offsetsAreTheLastCoordinateOfStoredVectors() throws {
    let model = try Self.model.get()
    let graphs = try Self.molecules.map { try SMILESReader.read($0) }
    let stored = model.encodeStored(graphs)
    let found = model.offsets(of: model.encode(graphs), graphs)
    for (row, offset) in found.enumerated() {
      #expect(offset != 0 && abs(offset - stored[row, model.dimension]) < 1e-6)
    }
    let texts = model.encodeStored(Self.texts)
    for (row, offset) in model.offsets(of: model.encode(Self.texts), Self.texts).enumerated() {
      #expect(abs(offset - texts[row, model.dimension]) < 1e-6)
    }
  }
}
