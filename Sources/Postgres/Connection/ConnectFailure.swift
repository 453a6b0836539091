/// What libpq says of a connection that could not be made, taken apart.
///
/// At full verbosity a server's words are `FATAL:  28P01: password authentication failed …` with a
/// line `LOCATION:  …` behind them. That is the only way to the SQLSTATE of a refused connection,
/// and unlike the words it is the same in every language.
struct ConnectFailure: Equatable {
  /// The message as libpq gives it at its usual verbosity.
  let message: String
  /// The SQLSTATE of the last server that refused; nil when none answered.
  let sqlState: String?
  /// That server's word for how bad it is.
  let severity: String?

  init(verbose text: String) {
    var lines: [String] = []
    var (state, severity): (String?, String?) = (nil, nil)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("LOCATION:  ") { continue }
      if let match = line.wholeMatch(of: #/(.*?)(\S+):  ([0-9A-Z]{5}): (.*)/#) {
        lines.append("\(match.1)\(match.2):  \(match.4)")
        (severity, state) = (String(match.2), String(match.3))
      } else {
        lines.append(String(line))
      }
    }
    message = lines.joined(separator: "\n").trimmingLineEnd
    sqlState = state
    self.severity = severity
  }
}
