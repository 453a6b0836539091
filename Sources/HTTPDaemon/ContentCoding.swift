/// Content codings of requests and answers: gzip and none (RFC 9110 §8.4, §12.5.3).
enum ContentCoding: Sendable {
  case identity, gzip

  /// The coding of a body, nil when it is one that is not understood; the field may repeat.
  init?(contentEncoding fields: [String]) {
    let codings = Self.elements(fields).map(\.name).filter { $0 != "identity" }
    switch codings {
    case []: self = .identity
    case ["gzip"], ["x-gzip"]: self = .gzip
    default: return nil
    }
  }

  /// What a client with these `Accept-Encoding` fields gets.
  ///
  /// gzip when it is accepted, by name or by `*`, and not liked less than a named `identity`.
  /// Elements with a malformed weight do not count.
  init(acceptEncoding fields: [String]) {
    var weights: [String: Int] = [:]
    for element in Self.elements(fields) {
      guard let weight = element.weight else { continue }
      let name = element.name == "x-gzip" ? "gzip" : element.name
      weights[name] = max(weight, weights[name] ?? 0)
    }
    let gzip = weights["gzip"] ?? weights["*"] ?? 0
    self = gzip > 0 && gzip >= weights["identity"] ?? 0 ? .gzip : .identity
  }

  /// The comma-separated elements: a name in lower case and its weight in thousandths.
  private static func elements(_ fields: [String]) -> [(name: String, weight: Int?)] {
    fields.flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }.compactMap { element in
      let parts = element.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        .map { String(Substring($0)).trimmed.lowercased() }
      guard let name = parts.first, !name.isEmpty else { return nil }
      return (name, parts.count == 1 ? 1000 : parts.count == 2 ? weight(parts[1]) : nil)
    }
  }

  /// "q=0.8" as 800; nil when it is no weight (RFC 9110 §12.4.2).
  private static func weight(_ text: String) -> Int? {
    let value = text.utf8.dropFirst(2)
    guard text.hasPrefix("q="), let first = value.first, value.count <= 5,
      first == UInt8(ascii: "0") || first == UInt8(ascii: "1")
    else { return nil }
    let fraction = value.dropFirst(2)
    guard value.count == 1 || value.dropFirst().first == UInt8(ascii: "."),
      fraction.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    var thousandths = Int(first - 0x30) * 1000
    for (digit, unit) in zip(fraction, [100, 10, 1]) { thousandths += Int(digit - 0x30) * unit }
    return thousandths <= 1000 ? thousandths : nil
  }
}

extension String {
  /// Without spaces and tabs around it.
  fileprivate var trimmed: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
