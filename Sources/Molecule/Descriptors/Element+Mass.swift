extension Element {
  /// Mean mass of the natural mixture in u; of elements without one the mass number of a
  /// long-lived isotope; 0 for the wildcard.
  public var averageMass: Double { Self.averageMasses[Int(number)] }

  /// Mass of the most abundant isotope in u; 0 for the wildcard.
  public var monoisotopicMass: Double { Self.commonMasses[Int(number)] }

  /// Mass of the isotope of a mass number in u, or nil when the table does not list it.
  public func isotopeMass(_ massNumber: Int) -> Double? {
    let index = massNumber - Self.isotopes.first[Int(number)]
    let range = Self.isotopes.start[Int(number)]..<Self.isotopes.start[Int(number) + 1]
    guard index >= 0, index < range.count else { return nil }
    return Self.isotopes.masses[range.lowerBound + index]
  }

  private static let averageMasses: [Double] = [0] + numbers(averageMassText)
  private static let commonMasses: [Double] = [0] + numbers(commonMassText)

  private static func numbers(_ text: String) -> [Double] {
    text.split(separator: " ").map { word in
      guard let number = Double(word) else { preconditionFailure("\(word) in a mass table") }
      return number
    }
  }

  /// First mass number and range of `masses` for each element.
  private static let isotopes: (first: [Int], start: [Int], masses: [Double]) = {
    var first = [Int](repeating: 0, count: 119)
    var start = [Int](repeating: 0, count: 120)
    var masses: [Double] = []
    var element = 0
    for word in isotopeMassText.split(separator: " ") {
      let parts = word.split(separator: ":").compactMap { Int($0) }
      if parts.count == 2 {
        while element < parts[0] {
          element += 1
          start[element] = masses.count
        }
        first[element] = parts[1]
      } else {
        masses += numbers(String(word))
      }
    }
    while element < 119 {
      element += 1
      start[element] = masses.count
    }
    return (first, start, masses)
  }()
}

extension Atom {
  /// Mass in u without hydrogens: of the stated isotope (its mass number when the table does not
  /// list it), otherwise the mean mass.
  var mass: Double { isotope == 0 ? element.averageMass : isotopicMass }

  /// Mass in u without hydrogens: of the stated isotope, otherwise of the most abundant one.
  var exactMass: Double { isotope == 0 ? element.monoisotopicMass : isotopicMass }

  private var isotopicMass: Double {
    if element == .wildcard { return 0 }
    return element.isotopeMass(Int(isotope)) ?? Double(isotope)
  }
}
