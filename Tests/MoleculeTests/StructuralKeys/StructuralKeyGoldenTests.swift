import Molecule
import Testing

/// Keys equal RDKit's, molecule by molecule.
struct StructuralKeyGoldenTests {
  @Test func keysAreThoseOfRDKit() throws {
    var generator = StructuralKeyGenerator()
    for row in try Golden("structural-keys").rows {
      let graph = try SMILESReader.read(row[0])
      let found = generator.bits(of: graph, size: StructuralKeyGenerator.size).setBits
      let expected = row[1].split(separator: " ").compactMap { Int($0) }
      let (more, less) = (
        Set(found).subtracting(expected).sorted(), Set(expected).subtracting(found).sorted()
      )
      #expect(more == [] && less == [], "\(row[0]): \(more) too many, \(less) missing")
    }
  }

  @Test func everyKeyIsThereOnce() {
    #expect(StructuralKey.all.map(\.number) == Array(1...166))
    for key in StructuralKey.all { #expect(!key.name.isEmpty && key.minimum > 0) }
  }

  @Test func countsAreTheKeys() throws {
    var generator = StructuralKeyGenerator()
    let graph = try SMILESReader.read("c1ccccc1")
    let counts = generator.counts(of: graph)
    #expect(counts.identifiers == [162, 163, 165])
    #expect(counts.counts == [1, 1, 1])
    #expect(generator.bits(of: graph, size: 100).setBits == [62, 63, 65])
  }

  /// A hub of many neighbours would have billions of cycles and chains.
  @Test func hostileMoleculesEnd() throws {
    let spokes = String(repeating: "(C)", count: 3_000)
    let star = try SMILESReader.read("[Fe]\(spokes)C")
    var generator = StructuralKeyGenerator()
    let keys = generator.bits(of: star, size: StructuralKeyGenerator.size)
    #expect(keys.contains(9))
    #expect(keys.contains(141))
  }
}
