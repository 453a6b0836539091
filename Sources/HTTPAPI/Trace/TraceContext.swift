/// Where a request stands in a trace (W3C Trace Context, Recommendation of 23 November 2021).
struct TraceContext: Sendable, Equatable {
  /// 32 lower-case hexadecimal digits, not all zero.
  let traceID: String
  /// The caller's span, 16 digits; nil where the trace begins here.
  let parentID: String?
  /// Our span, 16 digits.
  let spanID: String
  /// The trace flags, two digits; the last bit says that the trace is recorded.
  let flags: String

  /// Continues the trace of a request's `traceparent`, or begins one when there is none to be used.
  ///
  /// A header that comes twice or breaks the format is as none (section 3.2.2.3).
  init(traceparents: [String], random: inout some RandomNumberGenerator) {
    spanID = Self.hexadecimal(UInt64.random(in: 1 ... .max, using: &random))
    if traceparents.count == 1, let parent = Self.parse(traceparents[0]) {
      traceID = parent.trace
      parentID = parent.span
      flags = parent.flags
    } else {
      traceID =
        Self.hexadecimal(UInt64.random(in: 1 ... .max, using: &random))
        + Self.hexadecimal(UInt64.random(in: 1 ... .max, using: &random))
      parentID = nil
      flags = "00"
    }
  }

  /// The header for whoever comes next: our span is the parent there.
  var traceparent: String { "00-\(traceID)-\(spanID)-\(flags)" }

  /// The parts of a header; of a version later than 00, those that 00 has.
  static func parse(_ header: String) -> (trace: String, span: String, flags: String)? {
    let bytes = Array(header.utf8)
    guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash else {
      return nil
    }
    func part(_ range: Range<Int>) -> String? {
      bytes[range].allSatisfy(isDigit) ? String(decoding: bytes[range], as: UTF8.self) : nil
    }
    guard let version = part(0..<2), version != "ff", let trace = part(3..<35),
      let span = part(36..<52), let flags = part(53..<55),
      trace.contains(where: { $0 != "0" }), span.contains(where: { $0 != "0" }),
      bytes.count == 55 || (version != "00" && bytes[55] == dash)
    else { return nil }
    // Of flags that version 00 does not know none may be passed on.
    guard let bits = UInt8(flags, radix: 16) else { return nil }
    return (trace, span, bits & 1 == 1 ? "01" : "00")
  }

  private static let dash = UInt8(ascii: "-")

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || byte &- UInt8(ascii: "a") < 6
  }

  private static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
