extension TextNormalizer {
  /// The ASCII spelling of a decomposed, lower-case character, `nil` when it stays as it is.
  ///
  /// The Greek mu before an ASCII letter is the prefix "micro", written "u" ("µM" meets "uM");
  /// anywhere else it is the letter's name.
  static func foldedSpelling(of scalar: Unicode.Scalar, before following: Unicode.Scalar?)
    -> String?
  {
    switch scalar.value {
    case 0x03BC:
      guard let following, following.isASCII, following.properties.isAlphabetic else { return "mu" }
      return "u"
    case 0x03B1...0x03C9:
      return greekNames[Int(scalar.value) - 0x03B1]
    default:
      return symbolSpelling(of: scalar)
    }
  }

  private static func symbolSpelling(of scalar: Unicode.Scalar) -> String? {
    switch scalar {
    // Dashes, hyphens and minus signs; the Unicode category catches those not listed.
    case "\u{2212}", "\u{2043}", "\u{02D7}", "\u{2796}": "-"
    // Primes and quotes. A double one is two single ones, because 4″ is also written 4''.
    case "\u{2018}", "\u{2019}", "\u{201A}", "\u{201B}", "\u{2032}", "\u{2035}", "\u{02B9}",
      "\u{02BC}", "\u{02CA}", "\u{02C8}", "\u{2039}", "\u{203A}":
      "'"
    case "\u{201C}", "\u{201D}", "\u{201E}", "\u{201F}", "\u{00AB}", "\u{00BB}", "\u{02BA}",
      "\u{02EE}", "\u{301D}", "\u{301E}":
      "''"
    // Arrows of linkages and reactions.
    case "\u{2192}", "\u{21D2}", "\u{27F6}": "->"
    case "\u{2190}", "\u{21D0}", "\u{27F5}": "<-"
    case "\u{2194}", "\u{21D4}", "\u{21CC}": "<->"
    // Operators.
    case "\u{00B1}": "+/-"
    case "\u{2213}": "-/+"
    case "\u{2264}", "\u{2A7D}": "<="
    case "\u{2265}", "\u{2A7E}": ">="
    case "\u{00D7}", "\u{2715}": "x"
    case "\u{2044}", "\u{2215}": "/"
    case "\u{2206}": "delta"
    // The dot of hydrates and salts, in its several codes.
    case "\u{00B7}", "\u{2022}", "\u{2219}", "\u{22C5}", "\u{2027}": "."
    // Letters that Unicode does not decompose.
    case "\u{00E6}": "ae"
    case "\u{0153}": "oe"
    case "\u{00F8}": "o"
    case "\u{0142}": "l"
    case "\u{0111}", "\u{00F0}": "d"
    case "\u{00FE}": "th"
    case "\u{00DF}": "ss"
    case "\u{0131}": "i"
    default: scalar.properties.generalCategory == .dashPunctuation ? "-" : nil
    }
  }

  /// Names of U+03B1 to U+03C9, in order; the two sigmas share theirs.
  private static let greekNames: [String] = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi",
    "chi", "psi", "omega",
  ]

  private static let packedGreekNames = Set(greekNames.map { packed(Array($0.utf8)[...]) })

  /// Up to eight letters as one number.
  private static func packed(_ letters: ArraySlice<UInt8>) -> UInt64 {
    letters.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Drops every hyphen between the name of a Greek letter and a digit, on either side.
  ///
  /// The text is lower-case already. Returns where they stood.
  static func dropGreekHyphens(in text: inout [UInt8]) -> [Int] {
    var dropped: [Int] = []
    for index in text.indices.dropFirst().dropLast() where text[index] == UInt8(ascii: "-") {
      let isLocant =
        isDigit(text[index + 1]) && isGreekName(letters(endingAt: index, in: text))
        || isDigit(text[index - 1]) && isGreekName(letters(startingAt: index + 1, in: text))
      if isLocant { dropped.append(index) }
    }
    text.remove(atAscending: dropped)
    return dropped
  }

  private static func isGreekName(_ letters: ArraySlice<UInt8>) -> Bool {
    (2...7).contains(letters.count) && packedGreekNames.contains(packed(letters))
  }

  /// At most eight letters are looked at: one more than the longest name.
  private static func letters(endingAt end: Int, in text: [UInt8]) -> ArraySlice<UInt8> {
    var start = end
    while start > 0, end - start < 8, isLetter(text[start - 1]) { start -= 1 }
    return text[start..<end]
  }

  private static func letters(startingAt start: Int, in text: [UInt8]) -> ArraySlice<UInt8> {
    var end = start
    while end < text.count, end - start < 8, isLetter(text[end]) { end += 1 }
    return text[start..<end]
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10
  }

  /// Bytes outside ASCII count as letters here, so that a name is never the tail of a longer word.
  private static func isLetter(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "a") < 26 || byte >= 0x80
  }
}

extension Array {
  /// Removes the values at some places, which ascend; O(n).
  mutating func remove(atAscending places: [Int]) {
    for (position, place) in places.enumerated() {
      // What follows moves to the left by as many values as were removed before it.
      let end = position + 1 < places.count ? places[position + 1] : count
      for index in place + 1..<end { self[index - position - 1] = self[index] }
    }
    removeLast(places.count)
  }
}
