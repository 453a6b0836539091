import AlignAPI
import Alignment
import ArgumentParser
import Digest
import Foundation
import Postgres

struct IndexWorkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work",
    abstract: "Help with what is queued for a model, here or on another machine.",
    discussion: """
      Takes chunks of every open job of the model, or of one job, and ends when none are left and
      none are being made. The job's file is not needed here; the checkpoint is.

      Example:
        ligature index work --model models/m1 --database postgresql://user@server/ligature
      """)

  @Option(name: .long, help: "The checkpoint's folder.")
  var model: String

  @Option(name: .long, help: "Work on this job of the model alone.")
  var job: Int64?

  @Flag(name: .long, help: "Wait for further jobs until stopped.")
  var stay = false

  @Flag(name: .long, help: "Say nothing but errors.")
  var quiet = false

  @OptionGroup var lease: LeaseOption
  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let settings = try database.readySettings()
    let checkpoint = try Checkpoint(contentsOf: model)
    let checksum = checkpoint.checksum.hexadecimal
    let connection = try Connection(settings)
    guard let stored = try ModelStore(connection).find(checksum: checksum) else {
      throw IndexError.unknownModel(checksum: checksum)
    }
    if let job { try IndexJobStore(connection).job(job, of: stored) }
    let scope = job.map { WorkScope.job($0, model: stored.id) } ?? .model(stored.id)
    let signals = StopSignals()
    let worker = try IndexWorker(
      checkpoint: checkpoint, model: stored, settings: settings, scope: scope,
      lease: lease.duration)
    let progress = ProgressDisplay()
    var shown = 0
    try worker.run(
      shouldStop: { signals.received != nil },
      isOver: { store in try !stay && !store.hasWork(scope) },
      report: { _ in
        guard !quiet, worker.chunksDone > shown else { return }
        shown = worker.chunksDone
        progress.update(
          share: 0, label: "working", detail: "\(shown) chunks stored", plainInterval: 5)
      })
    if !quiet { print("\(worker.chunksDone) chunks stored") }
    if let signal = signals.received { throw ExitCode(128 + signal) }
  }
}
