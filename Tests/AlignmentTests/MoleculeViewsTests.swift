import Molecule
import Tensor
import Testing

@testable import Alignment

@Suite struct MoleculeViewsTests {
  private let items: [MoleculeFeatures]
  private let views: MoleculeViews

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
    views = MoleculeViews(
      fingerprint: try fit(items.map(\.substructures), 4),
      structure: try fit(items.map(\.words), 3))
  }

  @Test func viewsStandSideBySide() {
    let both = views.views(of: items)
    #expect(views.width == 7)
    #expect(both.rows == 6 && both.columns == 7)
    let left = views.fingerprint.views(of: items.map(\.substructures))
    let right = views.structure.views(of: items.map(\.words))
    for row in 0..<6 {
      #expect(Array(both.row(row)) == Array(left.row(row)) + Array(right.row(row)))
    }
  }

  @Test func nothingHasNoRows() {
    let none = views.views(of: [])
    #expect(none.rows == 0 && none.columns == 7)
  }
}
