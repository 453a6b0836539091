/// A chemical element by atomic number; 0 is the wildcard `*`.
public struct Element: Sendable, Hashable, BitwiseCopyable {
  /// Atomic number, 0...118.
  public let number: UInt8

  /// Trusts the number: 0...118.
  public init(number: UInt8) {
    precondition(number <= 118, "atomic number \(number) is past 118")
    self.number = number
  }

  /// The symbol as the periodic table writes it, `*` for the wildcard.
  public var symbol: String { Self.symbols[Int(number)] }

  /// Allowed valences in ascending order; empty when the element has no fixed valence.
  ///
  /// The values are those of the RDKit periodic table, so that hydrogens agree with it.
  var valences: [UInt8] {
    switch number {
    case 1, 3, 9, 11, 17, 19, 35, 37, 55, 87: [1]
    case 2, 10, 18, 36, 86: [0]
    case 4, 8, 12, 20, 38, 56, 88: [2]
    case 5, 7, 13, 31, 49: [3]
    case 6, 14, 32: [4]
    case 15, 33, 51, 83: [3, 5]
    case 16, 34, 52, 84: [2, 4, 6]
    case 50, 82: [2, 4]
    case 53, 85: [1, 3, 5]
    case 54: [0, 2, 4, 6]
    default: []
    }
  }

  /// The lowest allowed valence, or -1 when the element has no fixed valence.
  var defaultValence: Int { Int(Self.defaultValences[Int(number)]) }

  /// Electrons in the outer shell, as the RDKit periodic table counts them.
  var outerElectrons: Int { Int(Self.outerElectronCounts[Int(number)]) }

  /// Whether a Hückel ring may hold this element: the first three rows, selenium, tellurium.
  ///
  /// Unlike in RDKit no metal of the first rows, such as aluminium: SMILES has no lower-case symbol
  /// for them, and the text RDKit writes for such a ring cannot be read back.
  var mayBeAromatic: Bool { (number <= 18 && !isMetal) || number == 34 || number == 52 }

  var isOxygenOrSulfur: Bool { number == 8 || number == 16 }

  /// Whether the element pulls electrons out of a double bond to `other`.
  func isMoreElectronegative(than other: Element) -> Bool {
    if outerElectrons != other.outerElectrons { return outerElectrons > other.outerElectrons }
    return number < other.number
  }

  /// Whether the element forms coordination bonds as a metal centre.
  var isMetal: Bool {
    switch number {
    case 3, 4, 11...13, 19...31, 37...50, 55...84, 87...116: true
    default: false
    }
  }

  /// The element of a symbol's first and second letter (`second` is 0 for none), if it exists.
  static func find(first: UInt8, second: UInt8) -> Element? {
    guard first >= 65, first <= 90, second == 0 || (second >= 97 && second <= 122) else {
      return nil
    }
    let column = second == 0 ? 0 : Int(second) - 96
    let number = bySymbol[(Int(first) - 65) * 27 + column]
    return number == 0 ? nil : Element(number: number)
  }

  static let symbols: [String] = """
    * H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se \
    Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy \
    Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf \
    Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
    """.split(separator: " ").map(String.init)

  private static let bySymbol: [UInt8] = {
    var table = [UInt8](repeating: 0, count: 26 * 27)
    for (number, symbol) in symbols.enumerated().dropFirst() {
      let letters = Array(symbol.utf8)
      let column = letters.count == 1 ? 0 : Int(letters[1]) - 96
      table[(Int(letters[0]) - 65) * 27 + column] = UInt8(number)
    }
    return table
  }()

  /// The first of ``valences``, or -1.
  private static let defaultValences: InlineArray<119, Int8> = [
    -1, 1, 0, 1, 2, 3, 4, 3, 2, 1, 0, 1, 2, 3, 4, 3, 2, 1, 0, 1, 2, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, 3, 4, 3, 2, 1, 0, 1, 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 3, 2, 3, 2, 1, 0, 1, 2,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, 2, 3, 2, 1, 0, 1, 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
  ]

  private static let outerElectronCounts: InlineArray<119, UInt8> = [
    0, 1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 2,
    3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 3, 4, 5,
    6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 4, 5, 6, 7, 8, 9, 10, 11, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4,
    3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
  ]
}

extension Element {
  static let wildcard = Element(number: 0)
  static let hydrogen = Element(number: 1)
  static let carbon = Element(number: 6)
  static let nitrogen = Element(number: 7)
  static let oxygen = Element(number: 8)
  static let phosphorus = Element(number: 15)
}
