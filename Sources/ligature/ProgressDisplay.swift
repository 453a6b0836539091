import Foundation

/// Shows long work on standard error: a bar that redraws on a terminal, plain lines elsewhere.
final class ProgressDisplay {
  private var isTerminal: Bool { width != nil }
  /// Columns of the terminal, nil off one.
  private let width: Int?
  private let clock = ContinuousClock()
  private var lastDraw: ContinuousClock.Instant?
  private var hasOpenBar = false

  init() {
    width = TerminalWidth.of(STDERR_FILENO)
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
    if let width {
      // The bar takes what the words leave; a line that wrapped could not be redrawn.
      let words = label.count + detail.count + 8
      let cells = max(0, min(24, width - words))
      let filled = max(0, min(cells, Int(share * Double(cells))))
      let bar =
        String(repeating: "█", count: filled) + String(repeating: "░", count: cells - filled)
      let line = "\(label) \(bar) \(percent(share)) \(detail)"
      write("\r\u{1B}[K\(line.prefix(width - 1))")
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

  deinit {
    // An error that ends the command is printed on a line of its own.
    if hasOpenBar { write("\n") }
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
