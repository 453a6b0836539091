package import Molecule

/// The fingerprints that descriptions show; one for each thread.
package struct MoleculeFingerprints {
  /// Bits of the Morgan fingerprint.
  static let size = 2048

  private var morgan = MorganGenerator(radius: 2)
  private var paths = PathGenerator()
  private var pairs = AtomPairGenerator()
  // As RDKit reads the same spelling, so that the numbers can be compared.
  private var torsions = TorsionGenerator(followsAtomOrder: true)
  private var structuralKeys = StructuralKeyGenerator()

  /// Ready to make fingerprints.
  package init() {}

  /// Bits of environments up to two bonds, of one molecule.
  package static func bits(of graph: MolecularGraph) -> BitFingerprint {
    var generator = MorganGenerator(radius: 2)
    return generator.bits(of: graph, size: size)
  }

  /// Bits of environments up to two bonds, 2048 of them.
  package mutating func bits(of graph: MolecularGraph) -> BitFingerprint {
    morgan.bits(of: graph, size: Self.size)
  }

  /// Numbers of the structural keys.
  package mutating func keys(of graph: MolecularGraph) -> [Int] {
    structuralKeys.bits(of: graph, size: StructuralKeyGenerator.size).setBits
  }

  /// `"fingerprints": {"morgan2048", "maccs"}`, on request with `"morgan"`, `"paths"`,
  /// `"atom_pairs"` and `"torsions"`, which are objects of identifiers and counts.
  package mutating func write(_ graph: MolecularGraph, isSparse: Bool, to writer: inout JSONWriter)
  {
    let (bits, keys) = (bits(of: graph), keys(of: graph))
    writer.name("fingerprints")
    writer.object { writer in
      writer.name("morgan2048")
      writer.string(bits.hexadecimal)
      writer.name("maccs")
      writer.array { writer in
        for key in keys { writer.integer(key) }
      }
      guard isSparse else { return }
      writer.name("morgan")
      writer.sparse(morgan.counts(of: graph))
      writer.name("paths")
      writer.sparse(paths.counts(of: graph))
      writer.name("atom_pairs")
      writer.sparse(pairs.counts(of: graph))
      writer.name("torsions")
      writer.sparse(torsions.counts(of: graph))
    }
  }

  /// `"similarity": {"tanimoto", "dice"}` of the Morgan bits to those of another molecule.
  package mutating func write(
    _ graph: MolecularGraph, against reference: BitFingerprint, to writer: inout JSONWriter
  ) {
    let bits = bits(of: graph)
    writer.name("similarity")
    writer.object { writer in
      writer.name("tanimoto")
      writer.number(bits.similarity(to: reference))
      writer.name("dice")
      writer.number(bits.similarity(to: reference, by: .dice))
    }
  }
}

extension JSONWriter {
  /// An object of identifiers, ascending, and their counts.
  fileprivate mutating func sparse(_ fingerprint: CountFingerprint) {
    var text = "{"
    for (identifier, count) in zip(fingerprint.identifiers, fingerprint.counts) {
      if text.utf8.count > 1 { text += "," }
      text += "\"\(identifier)\":\(count)"
    }
    spelled(text + "}")
  }

  /// `"groups": [{"id", "name", "class", "count"}]`, null where the search was given up.
  package mutating func groups(_ profile: FunctionalGroupProfile?) {
    name("groups")
    guard let profile else { return null() }
    array { writer in
      for finding in profile.findings {
        writer.object { writer in
          writer.name("id")
          writer.string(finding.group.id)
          writer.name("name")
          writer.string(finding.group.name)
          writer.name("class")
          writer.string(finding.group.category.rawValue)
          writer.name("count")
          writer.integer(finding.count)
        }
      }
    }
  }
}
