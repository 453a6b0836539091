package import Tensor

/// Molecules side by side as one graph, without padding.
///
/// N molecules, A atoms and B bonds of all of them, K distinct atoms and L distinct directed bonds
/// by feature code: a batch has thousands of atoms and some tens of kinds, so vectors are computed
/// once for a kind and gathered.
package struct GraphBatch: Sendable {
  /// The atoms of each molecule; N segments of A rows, empty ones allowed.
  package let molecules: Segments
  /// The kind of each atom; [A].
  package let atomKinds: [Int]
  /// The features of each kind of atom; [K, ``AtomFeatures`` width].
  package let atomTable: SparseMatrix
  /// The features of each kind of bond; [L, ``BondFeatures`` width].
  package let bondTable: SparseMatrix
  /// Who is bonded to whom, and by what kind of bond; [A] rows, 2 B slots.
  package let neighborhoods: Neighborhoods

  /// Joins molecules in order; O(A + B).
  package init(_ graphs: some Collection<GraphFeatures>) {
    molecules = Segments(lengths: graphs.map(\.atomCount))
    var atomIndex = CodeIndex()
    var bondIndex = CodeIndex()
    var atomKinds: [Int] = []
    var offsets: [Int32] = [0]
    var sources: [Int32] = []
    var kinds: [Int32] = []
    var reverse: [Int32] = []
    let slots = graphs.reduce(0) { $0 + $1.sources.count }
    atomKinds.reserveCapacity(molecules.rowCount)
    offsets.reserveCapacity(molecules.rowCount + 1)
    sources.reserveCapacity(slots)
    kinds.reserveCapacity(slots)
    reverse.reserveCapacity(slots)
    for graph in graphs {
      let firstAtom = Int32(atomKinds.count)
      let firstSlot = Int32(sources.count)
      for code in graph.atoms { atomKinds.append(atomIndex.number(of: code)) }
      for slot in graph.sources.indices {
        sources.append(firstAtom + graph.sources[slot])
        kinds.append(Int32(bondIndex.number(of: graph.bonds[slot])))
        reverse.append(firstSlot + graph.reverse[slot])
      }
      for end in graph.start.dropFirst() { offsets.append(firstSlot + end) }
    }
    self.atomKinds = atomKinds
    atomTable = AtomFeatures.layout.matrix(of: atomIndex.codes)
    bondTable = BondFeatures.layout.matrix(of: bondIndex.codes)
    neighborhoods = Neighborhoods(
      offsets: offsets, sources: sources, kinds: kinds, reverse: reverse,
      kindCount: bondIndex.codes.count)
  }

  /// Numbers codes in the order of their first arrival.
  private struct CodeIndex {
    private(set) var codes: [UInt64] = []
    private var index = KeyIndex()

    mutating func number(of code: UInt64) -> Int {
      // The index wants spread keys; an odd factor maps codes one to one.
      let number = index.insert(code &* 0x9e37_79b9_7f4a_7c15)
      if number == codes.count { codes.append(code) }
      return number
    }
  }
}
