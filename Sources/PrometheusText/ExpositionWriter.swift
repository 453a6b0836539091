/// Writes metrics in Prometheus's text exposition format, version 0.0.4.
///
/// Source: "Exposition formats, text-based format" of the Prometheus documentation.
package struct ExpositionWriter: Sendable {
  /// The media type of what is written.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// The text so far.
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = 1 << 16) { bytes.reserveCapacity(capacity) }

  /// Writes a family; nothing for one without values.
  package mutating func write(_ family: MetricFamily) {
    if family.samples.isEmpty { return }
    let name = family.description.name
    append("# HELP \(name) ")
    appendEscaped(family.description.help, quotes: false)
    append("\n# TYPE \(name) \(family.description.kind.word)\n")
    for sample in family.samples {
      switch sample.value {
      case .number(let value): line(name, sample.labels, nil, Self.spelling(of: value))
      case .histogram(let value):
        var total: UInt64 = 0
        for (place, count) in value.counts.enumerated() {
          total += count
          let bound = place < value.bounds.count ? Self.spelling(of: value.bounds[place]) : "+Inf"
          line(name + "_bucket", sample.labels, bound, "\(total)")
        }
        line(name + "_sum", sample.labels, nil, Self.spelling(of: value.sum))
        line(name + "_count", sample.labels, nil, "\(total)")
      }
    }
  }

  private mutating func line(
    _ name: String, _ labels: [MetricFamily.Label], _ bound: String?, _ value: String
  ) {
    append(name)
    if !labels.isEmpty || bound != nil {
      append("{")
      for (place, label) in labels.enumerated() {
        append(place == 0 ? "" : ",")
        append(label.name)
        append("=\"")
        appendEscaped(label.value, quotes: true)
        append("\"")
      }
      if let bound { append("\(labels.isEmpty ? "" : ",")le=\"\(bound)\"") }
      append("}")
    }
    append(" ")
    append(value)
    append("\n")
  }

  private mutating func append(_ text: String) { bytes += text.utf8 }

  /// A backslash, a line feed and, in labels, a double quote are escaped with a backslash.
  private mutating func appendEscaped(_ text: String, quotes: Bool) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): append("\\\\")
      case UInt8(ascii: "\n"): append("\\n")
      case UInt8(ascii: "\"") where quotes: append("\\\"")
      default: bytes.append(byte)
      }
    }
  }

  /// A number as Go's `ParseFloat` reads it.
  static func spelling(of value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return "\(whole)" }
    return "\(value)"
  }
}
