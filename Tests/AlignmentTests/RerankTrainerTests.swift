import Molecule
import Tensor
import Testing

@testable import Alignment

/// The network of a re-ranker and its loss, on a dozen molecules.
@Suite struct RerankTrainerTests {
  private let molecules: [MoleculeFeatures]
  private let texts: [TextFeatures]
  private let model: AlignmentModel
  private let heldOut: HeldOutViews

  private static let pairs = [
    ("CCO", "an alcohol of two carbons"), ("CCCO", "an alcohol of three carbons"),
    ("CC(=O)O", "an acid of two carbons"), ("CCC(=O)O", "an acid of three carbons"),
    ("c1ccccc1O", "an aromatic alcohol or phenol"), ("CCN", "an amine of two carbons"),
    ("CCCN", "an amine of three carbons"), ("c1ccccc1N", "an aromatic amine"),
    ("CC", "an alkane of two carbons"), ("CCC", "an alkane of three carbons"),
    ("c1ccccc1", "an aromatic ring"), ("CCCl", "a chloride of two carbons"),
  ]

  init() throws {
    molecules = try Self.pairs.map { MoleculeFeatures(of: try SMILESReader.read($0.0)) }
    texts = Self.pairs.map { TextFeatures(of: $0.1) }
    func fit(_ counts: [FeatureCounts], seed: UInt64) throws -> LatentProjection {
      try #require(
        LatentProjection(
          fitting: counts,
          configuration: .init(
            components: 6, minimumDocumentFrequency: 1, weighting: .logarithmic), seed: seed))
    }
    let substructures = try fit(molecules.map(\.substructures), seed: 1)
    let words = try fit(molecules.map(\.words), seed: 2)
    let lexical = try fit(texts.map(\.lexical), seed: 3)
    let ridge = RidgeViews(texts: lexical, substructures: substructures, words: words)
    let views = ModelViews(
      fingerprint: substructures, structure: words, lexical: nil, ridge: ridge, subwords: nil,
      knowledge: nil)
    var configuration = TrainingConfiguration()
    configuration.hiddenWidth = 4
    configuration.outputWidth = 4
    let network = AlignmentNetwork(configuration: configuration, widths: views.widths)
    model = AlignmentModel(
      configuration: configuration, views: views,
      weights: NetworkWeights(
        parameters: ParameterSet(network.parameterShapes, seed: 1), state: nil),
      hubReferences: nil)
    // The first halves of both sides are held out, with views of another size.
    func side(_ views: Matrix, _ keys: [UInt64]) -> HeldOutViews.Side {
      var half = views.gatheringRows(Array(0..<6))
      half.scale(by: 0.5)
      return HeldOutViews.Side(keys: Array(keys.prefix(6)), views: HalfMatrix(rounding: half))
    }
    heldOut = HeldOutViews(
      texts: side(ridge.views(of: texts), texts.map(\.contentKey)),
      molecules: side(ridge.views(of: molecules), molecules.map(\.contentKey)))
  }

  private func configuration(tokens: Int = 5) -> RerankConfiguration {
    var configuration = RerankConfiguration()
    configuration.width = 8
    configuration.heads = 2
    configuration.hiddenWidth = 8
    configuration.textTokens = tokens
    configuration.moleculeTokens = tokens
    configuration.negatives = 5
    configuration.batchTexts = 6
    configuration.epochs = 40
    configuration.learningRate = 1e-2
    configuration.dropout = 0
    configuration.readsScore = true
    return configuration
  }

  /// A first stage that knows nothing: every candidate has the same score.
  private func trainer() throws -> RerankTrainer {
    let configuration = configuration()
    let reader = try #require(RerankReader(model, configuration: configuration))
    let groups = texts.indices.map { PairGroups(molecule: $0, text: $0) }
    var lists = CandidateLists(groups: groups, molecules: 12, depth: 100)
    for pair in texts.indices {
      lists.add(
        pair: pair, texts.indices.map { FirstStage.Candidate(row: $0, score: 0.25) })
    }
    #expect(lists.length == 12 && lists.pairs.count == 12)
    return RerankTrainer(
      network: RerankNetwork(configuration: configuration, widths: reader.widths),
      texts: reader.texts(texts, heldOut: heldOut.texts),
      molecules: reader.molecules(molecules, heldOut: heldOut.molecules), lists: lists,
      pairedMolecules: 12,
      isProse: [Bool](repeating: true, count: 12))
  }

  @Test func matchingIsLearned() throws {
    var losses: [Float] = []
    try trainer().run(progress: { _ in }, finish: { losses.append($2.with) })
    #expect(losses.count == 40)
    #expect(losses[0] > 1 && losses[39] < 0.2 * losses[0])
  }

  @Test func gradientIsTheSlopeOfTheLoss() throws {
    let trainer = try trainer()
    var random = RandomSource(seed: 7)
    var parameters = ParameterSet(trainer.network.parameterShapes, seed: 3)
    for index in parameters.parameters.indices {
      let value = parameters.parameters[index].value
      var shifted = value
      shifted.add(random.normal(rows: value.rows, columns: value.columns, standardDeviation: 0.2))
      parameters.parameters[index].value = shifted
    }
    func loss(_ parameters: ParameterSet) -> Float {
      trainer.gradients(of: [0, 3, 7, 11], epoch: 0, parameters: parameters, mode: .inference)
        .losses.with
    }
    let gradients = trainer.gradients(
      of: [0, 3, 7, 11], epoch: 0, parameters: parameters, mode: .inference
    ).gradients
    for (index, gradient) in gradients.enumerated() {
      let square = gradient.dot(gradient)
      // Equal scores make the scale irrelevant.
      if parameters.parameters[index].name == RerankNetwork.logScaleName {
        #expect(square < 1e-8)
        continue
      }
      let step = Float(5e-3 / square.squareRoot())
      let moved = [step, -step].map { factor in
        var moved = parameters
        moved.parameters[index].value.add(gradient, factor: factor)
        return loss(moved)
      }
      let slope = Double(moved[0] - moved[1]) / Double(2 * step)
      #expect(
        abs(slope - square) < 0.02 * square,
        "\(parameters.parameters[index].name): \(slope), \(square)")
    }
  }

  @Test func untrainedRerankerLeavesScoresAsTheyAre() throws {
    let trainer = try trainer()
    let first = texts.indices.map { text in
      molecules.indices.map { FirstStage.Candidate(row: $0, score: Float(text - $0) / 20) }
    }
    let scores = Reranker.scores(
      texts: trainer.texts, of: Array(texts.indices), molecules: trainer.molecules,
      candidates: first, network: trainer.network,
      parameters: ParameterSet(trainer.network.parameterShapes, seed: 5))
    #expect(scores == first.map { $0.map(\.score) })
  }

  @Test func answersBelowTheCandidatesKeepTheirRank() {
    let candidates = [[(4, 0.9), (2, 0.8), (7, 0.7)], [(1, 0.9), (0, 0.8), (3, 0.7)]].map {
      $0.map { FirstStage.Candidate(row: $0.0, score: Float($0.1)) }
    }
    let ranks = Reranker.ranks(
      [2, 9], answers: [2, 5], candidates: candidates, scores: [[0.1, 0.5, 0.5], [0, 0, 0]])
    #expect(ranks == [2, 9])
    #expect(
      Reranker.ranks(
        [3, 1], answers: [7, 1], candidates: candidates, scores: [[0.1, 0.2, 0.5], [0, 0.3, 0.4]])
        == [1, 3])
  }

  @Test func bestCandidatesAreThoseOfAFullSort() {
    var random = RandomSource(seed: 9)
    let queries = random.normal(rows: 5, columns: 3, standardDeviation: 1)
    let items = random.normal(rows: 40, columns: 3, standardDeviation: 1)
    let offsets = random.normal(rows: 1, columns: 40, standardDeviation: 1).values
    let best = FirstStage.best(7, queries: queries, candidates: items, offsets: offsets)
    let scores = Matrix.product(queries, items, transposingB: true)
    for query in 0..<5 {
      let sorted = (0..<40).sorted {
        scores[query, $0] + offsets[$0] > scores[query, $1] + offsets[$1]
      }
      #expect(best[query].map(\.row) == Array(sorted.prefix(7)))
    }
    let ties = FirstStage.best(
      2, queries: queries, candidates: Matrix(rows: 4, columns: 3), offsets: nil)
    #expect(ties[0].map(\.row) == [0, 1])
  }

  @Test func tokensOfAllFeaturesAreTheHeldOutView() throws {
    let reader = try #require(RerankReader(model, configuration: configuration(tokens: 10_000)))
    let all = Array(texts.indices)
    let tokens = [
      reader.texts(texts, heldOut: heldOut.texts).matrix(all),
      reader.molecules(molecules, heldOut: heldOut.molecules).matrix(all),
    ]
    for (side, matrix) in tokens.enumerated() {
      for item in all {
        let view = matrix.viewRows[item]
        var sum = Matrix(rows: 1, columns: matrix.values.columns)
        for row in matrix.segments[item] where row < view {
          sum.add(matrix.values.gatheringRows([row]))
        }
        let expected = matrix.values.gatheringRows([view])
        for column in 0..<sum.columns {
          #expect(
            abs(sum[0, column] - expected[0, column]) < 0.02, "side \(side), item \(item)")
        }
      }
    }
    // The strongest tokens come first, whatever the limit.
    let few = try #require(RerankReader(model, configuration: configuration(tokens: 2)))
    let short = few.texts(texts).matrix([3])
    let long = reader.texts(texts).matrix([3])
    #expect(short.segments[0].count == 3)
    #expect(Array(short.values.row(1)) == Array(long.values.row(1)))
    #expect(Array(short.values.row(2)) == Array(long.values.row(long.viewRows[0])))
  }

  @Test func moleculesOfTheSameTextAreNoNegatives() {
    let groups = [(0, 0), (1, 0), (2, 1), (3, 2)].map { PairGroups(molecule: $0.0, text: $0.1) }
    var lists = CandidateLists(groups: groups, molecules: 5, depth: 3)
    let best = [1, 4, 0, 2, 3].map { FirstStage.Candidate(row: $0, score: 1 - Float($0) / 10) }
    lists.add(pair: 0, best)
    lists.add(pair: 3, best)
    #expect(lists.length == 3)
    #expect(lists.pairs == [0])
    #expect(lists.molecules == [0, 4, 2])
    #expect(lists.ranks == [1])
  }
}
