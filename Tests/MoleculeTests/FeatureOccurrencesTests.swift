import Molecule
import Tensor
import Testing

struct FeatureOccurrencesTests {
  private static let words = StructureWords(catalog: .standard)

  @Test func occurrencesCountAsFeaturesDo() throws {
    for row in try Golden("spellings").rows {
      let graph = try SMILESReader.read(row[1])
      let substructures = MolecularFingerprint.occurrences(in: graph)
      #expect(substructures.counts == MolecularFingerprint.counts(of: graph), "\(row[0])")
      let words = Self.words.occurrences(in: graph)
      #expect(words.counts == Self.words.counts(of: graph), "\(row[0])")
      for occurrences in [substructures, words] {
        for place in occurrences.keys.indices {
          let parts = occurrences.parts(of: place)
          #expect(Set(parts).count == parts.count)
          #expect(parts.allSatisfy { graph.atoms.indices.contains(Int($0)) })
        }
      }
    }
  }

  /// A feature's atoms, taken alone, have the same feature: chains, pairs and environments lie
  /// within them.
  @Test func atomsOfAnOccurrenceAreConnectedOrAPair() throws {
    let graph = try SMILESReader.read("CC(=O)Oc1ccccc1C(=O)NC[C@H](F)Cl")
    let found = MolecularFingerprint.occurrences(in: graph)
    var sizes: [Int: Int] = [:]
    for place in found.keys.indices { sizes[found.parts(of: place).count, default: 0] += 1 }
    // Every atom by itself, every pair of atoms, whole-molecule features.
    let atoms = graph.atoms.count
    #expect(sizes[1] ?? 0 >= 2 * atoms)
    #expect(sizes[2] ?? 0 >= atoms * (atoms - 1) / 2)
    #expect(sizes[0] ?? 0 >= 3)
  }

  @Test func leavingOutAnAtomLeavesNoFeatureOfIt() throws {
    let graph = try SMILESReader.read("CCO")
    let found = MolecularFingerprint.occurrences(in: graph)
    let rest = found.counts(without: 2..<3)
    let kept = found.keys.indices.filter { !found.parts(of: $0).contains(2) }.map { found.keys[$0] }
    #expect(rest == FeatureCounts(occurrences: kept))
    // Nothing of ethane that an end of it says can be missing.
    #expect(rest.keys.count < found.counts.keys.count)
    #expect(rest.counts.reduce(0, +) == UInt32(kept.count))
  }

  @Test func sharesAddUpToTheNumbers() throws {
    let graph = try SMILESReader.read("CC(=O)Oc1ccccc1C(=O)O")
    for occurrences in [
      MolecularFingerprint.occurrences(in: graph), Self.words.occurrences(in: graph),
    ] {
      var numbers: [UInt64: Double] = [5: 1000]
      for (place, key) in occurrences.counts.keys.enumerated() {
        numbers[key] = Double(place % 7) - 2.5
      }
      let shares = occurrences.shares(of: numbers, partCount: graph.atoms.count)
      let expected = numbers.values.reduce(0, +) - 1000
      #expect(abs(shares.reduce(0, +) - expected) < 1e-9 * Double(numbers.count))
    }
  }

  @Test func numberOfOneAtomGoesToIt() throws {
    let graph = try SMILESReader.read("CCO")
    let found = MolecularFingerprint.occurrences(in: graph)
    let own = try #require(
      found.keys.indices.first { Array(found.parts(of: $0)) == [2] })
    let shares = found.shares(of: [found.keys[own]: 3], partCount: 3)
    #expect(shares == [0, 0, 3])
  }
}
