import Foundation

/// Shows long work on standard error: a bar that redraws on a terminal, plain lines elsewhere.
final class ProgressDisplay {
  private let isTerminal: Bool
  private let clock = ContinuousClock()
  private var lastDraw: ContinuousClock.Instant?
  private var hasOpenBar = false

  init() {
    isTerminal = isatty(STDERR_FILENO) == 1
  }

  /// Redraws the bar, at most ten times a second; off a terminal, prints at most a line every
  /// `plainInterval` seconds.
  func update(share: Double, label: String, detail: String, plainInterval: Double = 10) {
    let now = clock.now
    let interval = isTerminal ? 0.1 : plainInterval
    if let last = lastDraw, (now - last) / .seconds(1) < interval, share < 1 { return }
    if lastDraw == nil && !isTerminal && share < 1 {
      lastDraw = now
      return
    }
    lastDraw = now
    if isTerminal {
      let width = 24
      let filled = max(0, min(width, Int(share * Double(width))))
      let bar =
        String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
      write("\r\u{1B}[K\(label) \(bar) \(percent(share)) \(detail)")
      hasOpenBar = true
    } else {
      write("\(label) \(percent(share)) \(detail)\n")
    }
  }

  /// Prints a line that stays, above the bar.
  func line(_ text: String) {
    if hasOpenBar { write("\r\u{1B}[K") }
    hasOpenBar = false
    lastDraw = nil
    write(text + "\n")
  }

  private func percent(_ share: Double) -> String {
    String(format: "%3d%%", Int((share * 100).rounded(.down)))
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}

/// Durations for people: `42 s`, `3 min 05 s`, `1 h 12 min`.
func formatted(seconds: Double) -> String {
  let whole = Int(seconds.rounded())
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
  return String(format: "%d h %02d min", whole / 3600, whole % 3600 / 60)
}
