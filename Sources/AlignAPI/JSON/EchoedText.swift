extension String {
  /// The text as an error message repeats it: its first 60 Unicode scalars.
  ///
  /// A `Character` can have any number of scalars, so characters would bound nothing.
  package var echoed: String {
    guard let end = unicodeScalars.index(startIndex, offsetBy: 60, limitedBy: endIndex),
      end < endIndex
    else { return self }
    return String(unicodeScalars[..<end]) + "…"
  }
}
