extension Element {
  /// Mass number of the most common isotope, from which a molfile counts mass differences; the
  /// values are those of the RDKit periodic table, 0 for the wildcard.
  var commonIsotope: Int { Int(Self.commonIsotopes[Int(number)]) }

  private static let commonIsotopes: [UInt16] = [
    0, 1, 4, 7, 9, 11, 12, 14, 16, 19, 20, 23, 24, 27, 28, 31, 32, 35, 40, 39, 40, 45, 48, 51, 52,
    55, 56, 59, 58, 63, 64, 69, 74, 75, 80, 79, 84, 85, 88, 89, 90, 93, 98, 97, 102, 103, 106, 107,
    114, 115, 120, 121, 130, 127, 132, 133, 138, 139, 140, 141, 142, 145, 152, 153, 158, 159, 164,
    165, 166, 169, 174, 175, 180, 181, 184, 187, 192, 193, 195, 197, 202, 205, 208, 209, 209, 210,
    222, 223, 226, 227, 232, 231, 238, 236, 238, 241, 243, 247, 249, 252, 257, 258, 259, 262, 267,
    268, 271, 270, 269, 278, 281, 281, 285, 284, 289, 288, 293, 292, 294,
  ]
}
