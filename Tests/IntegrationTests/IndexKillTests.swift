import AlignAPI
import Foundation
import Glibc
import Postgres
import TestSupport
import Testing

/// The built program, killed with SIGKILL while it indexes and started again until it is done.
@Suite struct IndexKillTests {
  private static let rows = 3000

  @Test func everyRowIsThereOnceAfterAnyNumberOfKills() throws {
    let settings = try TemporaryCluster.shared().makeDatabase()
    let connection = try Connection(settings)
    try Migrator(folder: ProjectFolder.path + "/migrations").migrate(connection)
    let scratch = try ScratchFolder()
    let folder = scratch.path
    let trained = try ProgramRun(TinyModel.trainingArguments(in: folder)).wait()
    try #require(trained == 0)
    let corpus = try writeCorpus(folder)
    let arguments = [
      "index", "--model", folder + "/tiny", "--corpus", corpus, "--name", "kill",
      "--rejects", folder + "/rejects.tsv", "--chunk-rows", "100",
      "--database", settings.description,
    ]

    // Each run is killed at a random moment after it has stored a random number of lines.
    var random = SeededGenerator(state: 2026)
    var kills = 0
    for target in [0, 1, 400, 900, 1500, 2200, 2700] {
      let run = try ProgramRun(arguments)
      let line = target == 0 ? 0 : target + Int.random(in: 0..<200, using: &random)
      while run.isRunning, try linesDone(connection) < line { usleep(2000) }
      usleep(UInt32.random(in: 0..<60_000, using: &random))
      if run.kill() { kills += 1 }
      let stored = try connection.query(
        """
        select coalesce(max(rows_indexed + rows_rejected + 1), 0),
          coalesce(max(lines_done), 0), (select count(*) from items) from index_runs
        """
      ).single()
      let (accounted, lines) = (
        try stored.value(at: 0, as: Int.self), try stored.value(at: 1, as: Int.self)
      )
      #expect(lines == 0 || accounted == lines, "rows and progress differ after kill \(kills)")
    }
    #expect(kills >= 5, "the runs ended before they could be killed")
    #expect(try ProgramRun(arguments).wait() == 0)
    #expect(try ProgramRun(arguments).wait() == 0)

    let counts = try connection.query(
      """
      select (select count(*) from items), (select count(distinct source_id) from items),
        (select count(*) from embeddings where modality = 1),
        (select count(distinct item_id) from embeddings where modality = 1),
        (select rows_indexed from index_runs), (select rows_rejected from index_runs),
        (select count(*) from items where source_id <> 'r' || (source_line - 1))
      """
    ).single()
    let found = try (0..<7).map { try counts.value(at: $0, as: Int.self) }
    let good = Self.rows - Self.rows / 10
    #expect(found == [good, good, good, good, good, Self.rows / 10, 0])

    let rejects = try String(contentsOfFile: folder + "/rejects.tsv", encoding: .utf8)
      .split(separator: "\n").dropFirst().map { $0.split(separator: "\t")[1] }
    #expect(rejects == stride(from: 11, through: Self.rows + 1, by: 10).map { "\($0)" })
  }

  private func linesDone(_ connection: Connection) throws -> Int {
    try connection.query("select coalesce(max(lines_done), 0) from index_runs").single()
      .value(at: 0)
  }

  /// Rows r1, r2…; every tenth molecule is unreadable.
  private func writeCorpus(_ folder: String) throws -> String {
    let lines = (1...Self.rows).map { row in
      let chain = String(repeating: "C", count: 1 + row % 7)
      return "r\(row)\t" + (row % 10 == 0 ? "C(" : chain + "(O)N" + chain)
    }
    let path = folder + "/corpus.tsv"
    try ("id\tsmiles\n" + lines.joined(separator: "\n") + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
