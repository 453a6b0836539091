import AlignAPI
import Foundation

/// Turns indexing events into a progress bar and lines; the totals go to standard output.
final class IndexDisplay {
  private let corpus: String
  private let rejectsPath: String
  private let progress = ProgressDisplay()
  private let start = ContinuousClock.now
  /// The first chunk that was stored: the rate is measured from there.
  private var first: (share: Double, time: ContinuousClock.Instant)?

  init(corpus: String, rejectsPath: String) {
    self.corpus = corpus
    self.rejectsPath = rejectsPath
  }

  func show(_ event: IndexEvent) {
    switch event {
    case .opened: break
    case .resumed(let line):
      progress.line("continuing behind line \(line)")
    case .progress(let now):
      let seconds = (.now - start) / .seconds(1)
      let rate = Double(now.rows) / max(seconds, 1e-3)
      progress.update(
        share: now.share, label: "indexing",
        detail: String(format: "%d rows  %.0f rows/s  ", now.rows, rate)
          + "\(now.rejected) rejected  \(timeLeft(now))", plainInterval: 5)
    }
  }

  private func timeLeft(_ now: IndexProgress) -> String {
    guard let first else {
      first = (now.share, .now)
      return ""
    }
    guard now.share > first.share, now.share < 1 else { return "" }
    let seconds = (ContinuousClock.now - first.time) / .seconds(1)
    return "\(formatted(seconds: seconds * (1 - now.share) / (now.share - first.share))) left"
  }

  func finish(_ outcome: IndexOutcome) {
    if outcome.totalRejected > 0 {
      let rows = outcome.totalRejected == 1 ? "row" : "rows"
      progress.line("\(outcome.totalRejected) bad \(rows) left out, listed in \(rejectsPath)")
    }
    switch outcome.end {
    case .alreadyIndexed:
      print(
        "already indexed: \(outcome.totalRows) rows in corpus \(corpus) under \(outcome.model)")
    case .finished:
      printStages(outcome.stages)
      print(totals(outcome))
    case .stopped:
      print("stopped after " + totals(outcome))
      progress.line("give the same command again to continue")
    }
  }

  private func totals(_ outcome: IndexOutcome) -> String {
    let seconds = outcome.stages.total
    return String(
      format: "%d rows in %.1f s: %.0f rows/s", outcome.rows, seconds,
      Double(outcome.rows) / max(seconds, 1e-3))
  }

  private func printStages(_ stages: IndexStages) {
    progress.line(
      String(
        format: "parsing %.1f s, encoding %.1f s, beside them reading %.1f s and "
          + "writing %.1f s (waited for %.1f s)",
        stages.parsing, stages.encoding, stages.reading, stages.writing, stages.waiting))
  }
}
