import Foundation
import Molecule
import Tensor
import Testing

@testable import Alignment

@Suite struct RidgeFitTests {
  private let data: TrainingSet
  private let groups: [PairGroups]
  private let fingerprint: LatentProjection
  private let structure: LatentProjection
  private let lexical: LatentProjection

  init() throws {
    let corpus = try String(contentsOf: SmallRun.corpus, encoding: .utf8)
    let rows = corpus.split(separator: "\n").dropFirst().prefix(60)
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    var molecules: [MoleculeFeatures] = []
    var texts: [TextFeatures] = []
    for row in rows {
      let molecule = MoleculeFeatures(of: try SMILESReader.read(String(row[2])))
      // Two texts of each molecule: its name and its description.
      for column in [1, 4] {
        molecules.append(molecule)
        texts.append(TextFeatures(of: String(row[column])))
      }
    }
    data = TrainingSet(
      molecules: molecules, texts: texts, graph: nil,
      dev: RankingTask(pool: molecules, texts: texts, answers: Array(texts.indices)))
    groups = data.groups()
    func fit(_ counts: [FeatureCounts], _ components: Int) throws -> LatentProjection {
      try #require(
        LatentProjection(
          fitting: counts,
          configuration: .init(
            components: components, minimumDocumentFrequency: 2, weighting: .logarithmic),
          seed: 1))
    }
    fingerprint = try fit(molecules.map(\.substructures), 16)
    structure = try fit(molecules.map(\.words), 8)
    lexical = try fit(texts.map(\.lexical), 16)
  }

  private func fit(_ change: (inout RidgeConfiguration) -> Void = { _ in }) throws
    -> (views: RidgeViews, heldOut: HeldOutViews)
  {
    var configuration = RidgeConfiguration()
    configuration.textComponents = 10
    configuration.moleculeComponents = 7
    change(&configuration)
    return try #require(
      RidgeFit(configuration: configuration, seed: 4)(
        data, groups: groups, fingerprint: fingerprint, structure: structure, lexical: lexical,
        progress: { _ in }))
  }

  @Test func widthsAndScaleAreThoseOfOtherViews() throws {
    let (views, heldOut) = try fit()
    #expect(views.texts.width == 10 && views.words.width == 7 && views.substructures.width == 7)
    #expect(heldOut.texts.views.rows == data.texts.count)
    #expect(heldOut.molecules.views.rows == 60)
    for side in [heldOut.texts, heldOut.molecules] {
      let values = side.views.widened().values
      let mean = values.reduce(0, +) / Float(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
      #expect((0.7...1.6).contains(variance.squareRoot()))
    }
  }

  /// What a view knows of its own pair is what held-out views lack.
  @Test func heldOutViewsKnowLessThanPlainOnes() throws {
    let (views, heldOut) = try fit()
    let plain = views.views(of: data.texts)
    let held = heldOut.texts.views.widened()
    // Texts of one molecule have one target; plain views are nearer to each other for that.
    func distance(_ matrix: Matrix, _ i: Int, _ j: Int) -> Float {
      zip(matrix.row(i), matrix.row(j)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let pairs = stride(from: 0, to: data.texts.count, by: 2)
    let together = pairs.reduce(Float(0)) { $0 + distance(plain, $1, $1 + 1) }
    let apart = pairs.reduce(Float(0)) { $0 + distance(held, $1, $1 + 1) }
    #expect(together < apart)
  }

  @Test func pairsBeyondTheSampleHaveTheirPlainView() throws {
    let (_, heldOut) = try fit { $0.samples = 30 }
    #expect(heldOut.texts.views.rows == 30)
    #expect(heldOut.molecules.views.rows == 30)
  }

  @Test func knownItemsAreReplacedAndOthersLeft() {
    let side = HeldOutViews.Side(
      keys: [7, 9],
      views: HalfMatrix(rounding: Matrix(rows: 2, columns: 2, values: [1, 2, 3, 4])))
    let inputs = Matrix(rows: 3, columns: 3, values: [0, 0, 0, 5, 5, 5, 6, 6, 6])
    let replaced = side.replacing(in: inputs, keys: [9, 8, 7])
    #expect(replaced.values == [0, 3, 4, 5, 5, 5, 6, 1, 2])
  }
}
