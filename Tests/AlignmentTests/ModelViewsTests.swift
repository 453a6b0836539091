import MoEBackbone
import Molecule
import Tensor
import Testing
import TextEncoder

@testable import Alignment

@Suite struct ModelViewsTests {
  private let items: [MoleculeFeatures]
  private let texts: [TextFeatures]
  private let views: ModelViews

  init() throws {
    items = try ["CCO", "CCCO", "CC(=O)O", "c1ccccc1O", "CCN", "CCCCN"].map {
      MoleculeFeatures(of: try SMILESReader.read($0))
    }
    func fit(_ counts: [FeatureCounts], _ components: Int) throws -> LatentProjection {
      try #require(
        LatentProjection(
          fitting: counts,
          configuration: .init(
            components: components, minimumDocumentFrequency: 1, weighting: .logarithmic),
          seed: 1))
    }
    texts = ["an alcohol", "an acid", "a phenol"].map { TextFeatures(of: $0, domain: .chemistry) }
    views = ModelViews(
      fingerprint: try fit(items.map(\.substructures), 4),
      structure: try fit(items.map(\.words), 3), lexical: try fit(texts.map(\.lexical), 2),
      ridge: nil,
      subwords: ModelViews.Subwords(
        vocabulary: SubwordVocabulary(learnedFrom: texts.map(\.text)), limit: 3),
      knowledge: nil)
  }

  @Test func viewsStandSideBySide() {
    let both = views.inputs(of: items).views
    #expect(views.widths.molecule == 7)
    #expect(both.rows == 6 && both.columns == 7)
    let left = views.fingerprint.views(of: items.map(\.substructures))
    let right = views.structure.views(of: items.map(\.words))
    for row in 0..<6 {
      #expect(Array(both.row(row)) == Array(left.row(row)) + Array(right.row(row)))
    }
  }

  @Test func buffersServeBatchAfterBatch() throws {
    func fit(_ counts: [FeatureCounts], _ components: Int) throws -> LatentProjection {
      try #require(
        LatentProjection(
          fitting: counts,
          configuration: .init(
            components: components, minimumDocumentFrequency: 1, weighting: .sublinear), seed: 2))
    }
    let ridge = RidgeViews(
      texts: try fit(texts.map(\.lexical), 2),
      substructures: try fit(items.map(\.substructures), 3),
      words: try fit(items.map(\.words), 3))
    let both = ModelViews(
      fingerprint: views.fingerprint, structure: views.structure, lexical: views.lexical,
      ridge: ridge, subwords: nil, knowledge: nil)
    var buffers = ViewBuffers()
    for batch in [items, Array(items.prefix(2)), items.reversed(), [], items] {
      let found = both.inputs(of: batch, in: &buffers).views
      var sum = ridge.substructures.views(of: batch.map(\.substructures))
      sum.add(ridge.words.views(of: batch.map(\.words)))
      #expect(
        found
          == views.inputs(of: batch).views.appendingColumns(of: sum))
    }
    for batch in [texts, [texts[2]], texts] {
      #expect(
        both.inputs(of: batch, in: &buffers).views
          == views.fittedViews(of: batch).appendingColumns(of: ridge.views(of: batch)))
    }
  }

  @Test func nothingHasNoRows() {
    let none = views.inputs(of: [MoleculeFeatures]())
    #expect(none.views.rows == 0 && none.views.columns == 7)
  }

  @Test func graphsAreKeptWhenAskedFor() throws {
    #expect(views.inputs(of: items).graphs.isEmpty)
    let kept = try ["CCO", "C"].map {
      MoleculeFeatures(of: try SMILESReader.read($0), keepingGraph: true)
    }
    #expect(views.inputs(of: kept).graphs.map(\.atomCount) == [3, 1])
  }

  @Test func textsHaveSequencesAndDomains() {
    let inputs = views.inputs(of: texts)
    #expect(inputs.views.rows == 3 && inputs.views.columns == 2)
    #expect(inputs.sequences.allSatisfy { (2...3).contains($0.tokens.count) })
    #expect(inputs.domains == [.chemistry, .chemistry, .chemistry])
    #expect(inputs.linked == nil)
    let two = inputs.gathering([2, 0])
    #expect(Array(two.views.row(1)) == Array(inputs.views.row(0)))
    #expect(two.sequences == [inputs.sequences[2], inputs.sequences[0]])
    #expect(
      two.replacingDomains { $0 == 1 ? .clinical : nil }.domains == [.chemistry, .clinical])
  }
}
