import AlignAPI
import ArgumentParser
import Postgres

struct IndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Embed a corpus with a model and store both in the database.",
    discussion: """
      Examples:
        ligature index --model models/m1 --corpus pool.tsv --name chebi
        ligature index --model models/m1 --corpus library.smi.gz --name library --workers 2
        zcat big.sdf.gz | ligature index --model models/m1 --corpus - --format sdf --name big
        ligature index --model models/m2 --name chebi --reembed
        ligature index work --model models/m1 --database postgresql://…   # on another machine
        ligature index status
        ligature index status --rejects 7
        ligature index cancel 7

      'ligature index run --help' explains the flags of the first four.

      Exit codes: 0 done or done before, 1 failed, 64 the command line is wrong, 130 and 143
      stopped by Ctrl-C and SIGTERM.
      """,
    subcommands: [
      IndexRunCommand.self, IndexWorkCommand.self, IndexStatusCommand.self,
      IndexCancelCommand.self, IndexRetryCommand.self,
    ],
    defaultSubcommand: IndexRunCommand.self)
}

struct IndexCancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "End a job that is open; what is stored stays.",
    discussion: """
      Its workers end behind the chunk at hand. 'ligature index retry' takes it up again.

      Example:
        ligature index cancel 7
      """)

  @Argument(help: "The job's number, as 'ligature index status' shows it.")
  var job: Int64

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    try IndexJobStore(Connection(database.readySettings())).cancel(job)
    print("job \(job) is cancelled")
  }
}

struct IndexRetryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Open a job again that failed or was cancelled.",
    discussion: """
      Chunks that failed or were waiting can be taken again, by 'ligature index work' or by giving
      the job's own command again, which is needed where its file was not read to the end.

      Example:
        ligature index retry 7
      """)

  @Argument(help: "The job's number, as 'ligature index status' shows it.")
  var job: Int64

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let opened = try IndexJobStore(Connection(database.readySettings())).retry(job)
    if opened.state == .done {
      print("job \(job) is done: nothing was left")
      return
    }
    let waiting = opened.chunksMade - opened.chunksDone
    print("job \(job) is open again, \(waiting) \(waiting == 1 ? "chunk waits" : "chunks wait")")
    if !opened.isRead {
      print("its source was not read to the end: give its own command again")
    }
  }
}
