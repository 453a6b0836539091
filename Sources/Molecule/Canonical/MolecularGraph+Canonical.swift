extension MolecularGraph {
  /// The canonical SMILES: the same text for every numbering and spelling of the molecule.
  ///
  /// Close to linear in the size; molecules of high symmetry cost more. Graphs made to be hard, of
  /// hundreds of like atoms and hardly any symmetry, reach ``RankingSearch/workLimit``, where the
  /// text may depend on the numbering. `options` say what is told apart and written: without
  /// `.stereo` all stereoisomers have one text.
  public func canonicalSMILES(_ options: SMILESOptions = .isomeric) -> String {
    guard options.contains(.kekule) else {
      return withCanonicalText(options) { $0.string() }
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

  /// The canonical rank of each atom, from 0; [A].
  func canonicalPositions(_ options: SMILESOptions) -> [Int32] {
    var slab = Slab(bytes: CanonicalRanking.bytes(self))
    let ranking = CanonicalRanking.complete(self, options: options, &slab)
    let positions = ranking.partition.position.array()
    slab.release()
    return positions
  }

  /// The canonical SMILES, aromatic, in UTF-8.
  func canonicalText(_ options: SMILESOptions) -> [UInt8] {
    withCanonicalText(options) { $0.array() }
  }

  /// Hands out the canonical SMILES, aromatic, in UTF-8.
  private func withCanonicalText<Result>(
    _ options: SMILESOptions, _ body: (borrowing GrowingArray<UInt8>) -> Result
  ) -> Result {
    var slab = Slab(bytes: CanonicalRanking.bytes(self) + SMILESWriter.bytes(self))
    let ranking = CanonicalRanking.complete(self, options: options, &slab)
    var writer = SMILESWriter(
      self, ranks: ranking.partition.position, order: ranking.partition.order,
      elements: ranking.elements, options: options, &slab)
    writer.write(self)
    let result = body(writer.text)
    slab.release()
    return result
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
    var slab = Slab(bytes: SMILESWriter.bytes(self))
    var writer = SMILESWriter(
      self, ranks: ranks, order: FixedArray(order), elements: elements, options: options, &slab)
    writer.write(self)
    let text = writer.text.string()
    slab.release()
    return text
  }
}
