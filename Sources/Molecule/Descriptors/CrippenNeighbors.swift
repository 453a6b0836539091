/// An atom's neighbours as the definitions of Crippen types count them.
///
/// "Plain" neighbours are joined by a single or aromatic bond; hydrogens are never counted.
struct CrippenNeighbors {
  /// Plain aliphatic neighbours, and those of them that are carbon.
  private(set) var aliphatic = 0
  private(set) var carbon = 0
  /// Plain aliphatic N, O, P, S, F, Cl, Br, I.
  private(set) var hetero = 0
  /// Plain aliphatic neighbours of any other element.
  private(set) var other = 0
  /// Plain aromatic neighbours, and those of them that are carbon.
  private(set) var aromatic = 0
  private(set) var aromaticCarbon = 0
  /// Aromatic neighbours by aromatic bonds.
  private(set) var aromaticBonds = 0
  /// Aromatic neighbours by single bonds.
  private(set) var aromaticSubstituents = 0
  /// Plain neighbours that are neither carbon nor hydrogen, aromatic or not.
  private(set) var plainNonCarbon = 0
  /// Neighbours by double bonds: aliphatic carbon, aromatic carbon, other aliphatic, all.
  private(set) var doubleCarbon = 0
  private(set) var doubleAromaticCarbon = 0
  private(set) var doubleOther = 0
  private(set) var double = 0
  /// Aliphatic neighbours by triple bonds.
  private(set) var triple = 0

  private static let heteroElements: ElementSet = [7, 8, 9, 15, 16, 17, 35, 53]

  init(_ atom: Int, in surroundings: AtomSurroundings) {
    for slot in surroundings.graph.neighborRange(atom) {
      let neighbor = Int(surroundings.graph.neighborAtoms[slot])
      let kind = surroundings.kinds[Int(surroundings.graph.neighborBonds[slot])]
      let number = surroundings.number(neighbor)
      guard number != 1 else { continue }
      let isAromatic = surroundings.isAromatic(neighbor)
      switch kind {
      case .single, .aromatic:
        if number != 6 { plainNonCarbon += 1 }
        if isAromatic {
          aromatic += 1
          if number == 6 { aromaticCarbon += 1 }
          if kind == .aromatic { aromaticBonds += 1 } else { aromaticSubstituents += 1 }
        } else {
          aliphatic += 1
          if number == 6 {
            carbon += 1
          } else if Self.heteroElements.contains(number) {
            hetero += 1
          } else {
            other += 1
          }
        }
      case .double:
        double += 1
        if number == 6 {
          if isAromatic { doubleAromaticCarbon += 1 } else { doubleCarbon += 1 }
        } else if !isAromatic {
          doubleOther += 1
        }
      case .triple: if !isAromatic { triple += 1 }
      case .quadruple, .dative: break
      }
    }
  }

  /// Plain neighbours, aliphatic or aromatic.
  var plain: Int { aliphatic + aromatic }
}
