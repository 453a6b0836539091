/// What a pattern asks of one atom.
indirect enum AtomExpression: Equatable, Sendable {
  case any
  case aromatic(Bool)
  case element(UInt8)
  case isotope(Int)
  case number(AtomProperty, ClosedRange<Int>)
  /// Index of a `$()` in the pattern.
  case recursive(Int)
  /// A tetrahedral mark; checked after the match. True for `@`.
  case chirality(Bool)
  case not(AtomExpression)
  case all([AtomExpression])
  case either([AtomExpression])
}

/// A count or number that an atom has.
enum AtomProperty: UInt8, Sendable {
  /// `D`: bonds to atoms of the graph.
  case degree
  /// `d`: bonds to atoms that are no plain hydrogens.
  case heavyDegree
  /// `H`: all hydrogens.
  case hydrogens
  /// `h`: hydrogens that are no atoms.
  case implicitHydrogens
  /// `R`: smallest rings through the atom.
  case ringCount
  /// `r`: size of the smallest ring, 0 outside rings.
  case smallestRing
  /// `x`: bonds in rings.
  case ringBonds
  /// `X`: bonds, hydrogens included.
  case connections
  /// `v`: bond orders, hydrogens included.
  case valence
  /// `z`: neighbours that are neither carbon nor hydrogen.
  case heteroNeighbors
  /// `Z`: such neighbours that are not aromatic.
  case aliphaticHeteroNeighbors
  /// `+`, `-`.
  case charge
  /// `^`: 0 for s, 1 to 3 for sp to sp³, 4 and 5 for sp³d and sp³d².
  case hybridization
  /// `k`: whether a ring of the size runs through the atom.
  case ringOfSize
}
