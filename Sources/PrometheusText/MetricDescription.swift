/// What is measured under one name.
package struct MetricDescription: Sendable, Equatable {
  /// How the values under a name behave.
  package enum Kind: Sendable, Equatable {
    /// Grows until the process ends.
    case counter
    case gauge
    /// Counts of values up to each bound; ascending, finite, without the last one, +Inf.
    case histogram(bounds: [Double])

    /// The word of a `# TYPE` line.
    var word: String {
      switch self {
      case .counter: "counter"
      case .gauge: "gauge"
      case .histogram: "histogram"
      }
    }
  }

  package let name: String
  package let kind: Kind
  /// One sentence.
  package let help: String

  /// Describes a metric; a name or bounds that the format does not allow trap.
  package init(_ name: String, _ kind: Kind, _ help: String) {
    precondition(Self.isName(name), "'\(name)' is no name of a metric")
    if case .histogram(let bounds) = kind {
      precondition(
        bounds.count < HistogramCell.capacity && bounds.allSatisfy(\.isFinite)
          && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 },
        "\(name): bounds \(bounds)")
    }
    self.name = name
    self.kind = kind
    self.help = help
  }

  /// `[a-zA-Z_:][a-zA-Z0-9_:]*`.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !isDigit(first) else { return false }
    return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: ":") }
  }

  /// `[a-zA-Z_][a-zA-Z0-9_]*`, but for names that begin with two underscores.
  static func isLabel(_ text: String) -> Bool {
    guard let first = text.utf8.first, !isDigit(first), !text.hasPrefix("__") else { return false }
    return text.utf8.allSatisfy { isLetter($0) || isDigit($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
