import Molecule
import Tensor
import Testing

/// The keys of the training features are stored in checkpoints.
struct MolecularFingerprintGoldenTests {
  @Test func keysAndCountsStayAsTrainedModelsStoreThem() throws {
    for row in try Golden("training-keys").rows {
      let counts = MolecularFingerprint.counts(of: try SMILESReader.read(row[1]))
      var hash = FeatureHash(kind: 0)
      for (key, count) in zip(counts.keys, counts.counts) {
        hash.combine(key)
        hash.combine(UInt64(count))
      }
      let found =
        [
          counts.keys.count, counts.counts.reduce(0) { $0 + Int($1) },
        ].map(String.init) + [String(hash.key)]
      #expect(found == Array(row[2...]), "\(row[0])")
    }
  }

  @Test func keysOfMethaneAreTheseNumbers() throws {
    let counts = MolecularFingerprint.counts(of: try SMILESReader.read("C"))
    #expect(
      counts.keys == [
        2_082_463_462_012_624_352, 5_615_197_026_423_436_420, 5_680_703_204_814_512_439,
        10_520_313_552_068_553_934, 15_434_021_046_029_141_183, 16_256_629_958_902_183_731,
        17_391_137_031_183_575_780, 17_551_788_234_893_296_992, 17_827_584_815_388_034_219,
      ])
    #expect(counts.counts.allSatisfy { $0 == 1 })
  }
}
