extension MolecularGraph {
  /// The canonical SMILES: the same text for every numbering and spelling of the molecule.
  ///
  /// Close to linear in the size; molecules of high symmetry cost more, within
  /// ``CanonicalRanking/workLimit``. `options` say what is told apart and written: without
  /// `.stereo` all stereoisomers have one text.
  public func canonicalSMILES(_ options: SMILESOptions = .isomeric) -> String {
    let ranking = CanonicalRanking.complete(self, options: options)
    var writer = SMILESWriter(
      self, ranks: ranking.ranks, order: ranking.order, elements: ranking.elements,
      options: options)
    return String(decoding: writer.write(), as: UTF8.self)
  }

  /// A SMILES that starts at the first atom and follows the order of the graph.
  public func smiles(_ options: SMILESOptions = .isomeric) -> String {
    let order = atoms.indices.map { Int32(truncatingIfNeeded: $0) }
    let elements = options.contains(.stereo) ? stereoElements() : []
    var writer = SMILESWriter(
      self, ranks: order, order: order, elements: elements, options: options)
    return String(decoding: writer.write(), as: UTF8.self)
  }
}
