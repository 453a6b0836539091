/// Makes fingerprints of one kind and keeps its working storage from molecule to molecule.
///
/// A generator is a value: give each thread its own copy. The result depends on the molecule and
/// the options only, never on earlier molecules or on the order of the atoms.
public protocol FingerprintGenerator: Sendable {
  /// Sparse identifiers with their counts.
  mutating func counts(of graph: MolecularGraph) -> CountFingerprint
  /// Packed bits; `size` is any number from 1, most often 2048.
  mutating func bits(of graph: MolecularGraph, size: Int) -> BitFingerprint
}
