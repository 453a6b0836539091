import AlignAPI
import ArgumentParser
import Foundation
import Postgres
import Records

struct IndexStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show jobs and how far they are.",
    discussion: """
      Examples:
        ligature index status
        ligature index status --json | jq '.[] | select(.state == "failed")'
        ligature index status --rejects 7
      """)

  @Flag(name: .long, help: "One JSON array instead of a table.")
  var json = false

  @Option(name: .long, help: ArgumentHelp("Print this job's bad rows as TSV.", valueName: "job"))
  var rejects: Int64?

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let store = IndexJobStore(try Connection(database.readySettings()))
    if let rejects {
      guard let job = try store.find(rejects) else { throw IndexError.unknownJob(id: rejects) }
      print(RejectsFile.header, terminator: "")
      try store.forEachReject(of: rejects, path: job.path ?? "") { print(RejectsFile.line($0)) }
      return
    }
    let jobs = try store.summaries()
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(jobs.map(Entry.init)), as: UTF8.self))
    } else {
      print(Self.table(jobs))
    }
  }

  /// One job in JSON; times in seconds.
  private struct Entry: Encodable {
    let id: Int64
    let corpus, model: String
    let file: String?
    let state: String
    let error: String?
    let share: Double
    let rows, rejects, chunksWaiting, chunksDone: Int
    let rowsPerSecond, age: Double

    init(_ summary: IndexJobSummary) {
      let job = summary.job
      id = job.id
      (corpus, model, file) = (summary.corpus, summary.model, job.path)
      (state, error) = (job.state.rawValue, job.error)
      (share, rows, rejects) = (job.share, job.rowsIndexed, job.rowsRejected)
      (chunksWaiting, chunksDone) = (job.chunksMade - job.chunksDone, job.chunksDone)
      (rowsPerSecond, age) = (summary.rowsPerSecond, summary.age)
    }
  }

  /// Numbers to the right, words to the left, one line a job.
  static func table(_ jobs: [IndexJobSummary]) -> String {
    let titles = [
      "id", "corpus", "model", "source", "state", "share", "rows", "rejects", "rows/s", "age",
      "error",
    ]
    let isNumber = [true, false, false, false, false, true, true, true, true, true, false]
    let lines = [titles] + jobs.map(cells)
    let widths = titles.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let padded = line.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - line[column].count)
        return isNumber[column] ? space + line[column] : line[column] + space
      }
      var text = padded.joined(separator: "  ")[...]
      while text.last == " " { text.removeLast() }
      return String(text)
    }.joined(separator: "\n")
  }

  private static func cells(_ summary: IndexJobSummary) -> [String] {
    let job = summary.job
    let isKnown = job.size != nil || job.state == .done
    return [
      "\(job.id)", summary.corpus, summary.model, job.path ?? "(reembed)", job.state.rawValue,
      isKnown ? "\(Int(job.share * 100)) %" : "", "\(job.rowsIndexed)", "\(job.rowsRejected)",
      "\(Int(summary.rowsPerSecond.rounded()))", formatted(seconds: summary.age),
      job.error.map { String($0.prefix(80)) } ?? "",
    ]
  }
}
