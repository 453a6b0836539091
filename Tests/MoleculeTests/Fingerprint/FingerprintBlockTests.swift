import Molecule
import Testing

struct FingerprintBlockTests {
  @Test(arguments: [1, 63, 64, 65, 1000, 2048])
  func aBlockGivesTheSimilarityOfEachPair(_ size: Int) throws {
    let smiles = ["CCO", "CC(=O)O", "c1ccccc1", "c1ccccc1O", "C", "CC(C)Cc1ccc(cc1)C(C)C(=O)O"]
    var generator = MorganGenerator()
    var block = FingerprintBlock(size: size)
    let fingerprints = try smiles.map {
      generator.bits(of: try SMILESReader.read($0), size: size)
    }
    for fingerprint in fingerprints { block.append(fingerprint) }
    #expect(block.count == smiles.count)
    for measure in [Similarity.tanimoto, .dice, .tversky(alpha: 0.2, beta: 0.7)] {
      for query in fingerprints {
        let expected = fingerprints.map { query.similarity(to: $0, by: measure) }
        #expect(block.similarities(to: query, by: measure) == expected)
        #expect(block.similarities(to: query, by: measure, in: 2..<5) == Array(expected[2..<5]))
      }
    }
    #expect(fingerprints.indices.map { block[$0] } == fingerprints)
  }

  @Test func anEmptyBlockHasNoSimilarities() {
    let block = FingerprintBlock(size: 128)
    #expect(block.similarities(to: BitFingerprint(size: 128)).isEmpty)
  }
}
