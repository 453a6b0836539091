extension MolecularGraph {
  /// The canonical SMILES: the same text for every numbering and spelling of the molecule.
  ///
  /// Close to linear in the size; molecules of high symmetry cost more, within
  /// ``CanonicalRanking/workLimit``. `options` say what is told apart and written: without
  /// `.stereo` all stereoisomers have one text.
  public func canonicalSMILES(_ options: SMILESOptions = .isomeric) -> String {
    guard options.contains(.kekule) else {
      return String(decoding: canonicalText(options), as: UTF8.self)
    }
    // The Kekulé structure of the graph depends on its numbering; that of the canonical text does not.
    let canonical: MolecularGraph
    do throws(SMILESError) {
      canonical = try SMILESReader.read(canonicalText(options.subtracting(.kekule)))
    } catch {
      preconditionFailure("canonical SMILES that cannot be read: \(error)")
    }
    return canonical.smiles(options)
  }

  /// The canonical SMILES, aromatic, in UTF-8.
  func canonicalText(_ options: SMILESOptions) -> [UInt8] {
    let ranking = CanonicalRanking.complete(self, options: options)
    var writer = SMILESWriter(
      self, ranks: ranking.partition.position, order: ranking.partition.order,
      elements: ranking.elements, options: options)
    return writer.write(self)
  }

  /// A SMILES that follows the order of the graph: it starts at the first atom of each fragment, and
  /// low indices come first where the path branches.
  public func smiles(_ options: SMILESOptions = .isomeric) -> String {
    smiles(options, order: atoms.indices.map { Int32(truncatingIfNeeded: $0) })
  }

  /// A SMILES that prefers atoms in the given order, a permutation of all atom indices: any spelling
  /// of the molecule, for tests and for training on many spellings.
  public func smiles(_ options: SMILESOptions = .isomeric, order: [Int32]) -> String {
    precondition(order.count == atoms.count, "\(order.count) atoms in order of \(atoms.count)")
    let ranks = FixedArray<Int32>(repeating: -1, count: order.count)
    for (rank, atom) in order.enumerated() { ranks[Int(atom)] = Int32(truncatingIfNeeded: rank) }
    let elements = options.contains(.stereo) ? stereoElements() : []
    var writer = SMILESWriter(
      self, ranks: ranks, order: FixedArray(order), elements: elements, options: options)
    return String(decoding: writer.write(self), as: UTF8.self)
  }
}
