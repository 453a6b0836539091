import ModelTestSupport
import Postgres
import Retrieval
import Testing

@testable import AlignAPI

/// Maps of loaded corpora; `Tests/Console` holds the coordinates against NumPy.
struct CorpusMapDatabaseTests {
  let fixture: SearchFixture
  let engine: SearchEngine

  init() throws {
    fixture = try SearchFixture.shared()
    engine = try SearchEngine(checkpoint: fixture.checkpoint, database: fixture.makeDatabase())
  }

  private func map(_ name: String) throws -> (LoadedCorpora.Corpus, CorpusMap) {
    let corpora = engine.corpora
    let corpus = try #require(corpora.corpora.first { $0.name == name })
    return (corpus, CorpusMap(of: corpus, in: corpora, dimension: 16))
  }

  @Test func everyMoleculeIsAPointWithItsDescriptors() throws {
    let (corpus, map) = try map("bare")
    #expect(Set(map.points.map(\.id)) == Set(corpus.molecules.ids))
    #expect(map.molecules == 20 && map.points.count == 20)
    #expect(map.version == corpus.version)
    let weights = map.values(.molecularWeight)
    #expect(weights.count == 20 && weights.allSatisfy { $0 > 0 && $0.isFinite })
    #expect(map.clusters.map(\.size).reduce(0, +) == 20)
    for cluster in map.clusters.indices {
      let members = map.points.filter { $0.cluster == cluster }
      #expect(members.count == map.clusters[cluster].size)
      #expect(members.contains { $0.id == map.clusters[cluster].center })
    }
  }

  @Test func theFirstDirectionHasTheLargerVariance() throws {
    let (_, map) = try map("pairs")
    func variance(_ values: [Float]) -> Float {
      let mean = values.reduce(0, +) / Float(values.count)
      return values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Float(values.count)
    }
    let (x, y) = (variance(map.points.map(\.x)), variance(map.points.map(\.y)))
    #expect(x > y && y > 0)
    #expect(abs(x / y - map.variance[0] / map.variance[1]) < 1e-2)
    #expect(map.variance[0] + map.variance[1] <= 1)
  }

  @Test func deletedMoleculesAreNoPointsAndTheOthersKeepTheirOrder() throws {
    let (corpus, whole) = try map("bare")
    let gone = corpus.molecules.ids[3]
    var rest = corpus
    rest.molecules = corpus.molecules.removing(ids: [gone])
    let map = CorpusMap(of: rest, in: engine.corpora, dimension: 16)
    #expect(map.points.map(\.id) == whole.points.map(\.id).filter { $0 != gone })
    #expect(map.molecules == 19)
  }

  @Test func aCorpusWithoutMoleculesHasAnEmptyMap() throws {
    let (corpus, _) = try map("bare")
    var empty = corpus
    empty.molecules = corpus.molecules.removing(ids: corpus.molecules.ids)
    let map = CorpusMap(of: empty, in: engine.corpora, dimension: 16)
    #expect(map.points.isEmpty && map.clusters.isEmpty && map.variance == [0, 0])
  }

  @Test func aMapIsComputedOnceForAVersionAndAnOlderOneAnswersMeanwhile() async throws {
    let maps = CorpusMaps(pause: .seconds(60))
    let corpora = engine.corpora
    var corpus = try #require(corpora.corpora.first { $0.name == "bare" })
    let first = await maps.map(of: corpus, in: corpora, model: "m", dimension: 16)
    #expect(first.version == corpus.version)
    corpus.version += 1
    let second = await maps.map(of: corpus, in: corpora, model: "m", dimension: 16)
    #expect(second.version == first.version)
    let other = await maps.map(of: corpus, in: corpora, model: "n", dimension: 16)
    #expect(other.version == corpus.version)
  }
}
