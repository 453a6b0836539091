import AlignAPI
import Foundation
import Glibc
import Postgres
import TestSupport
import Testing

/// The built program, its readers and workers killed with SIGKILL at random moments until enough
/// were killed, and then left to finish.
///
/// `LIGATURE_INDEX_KILLS` says how many kills; `Benchmarks/index-kill.sh` runs it with 100.
@Suite struct IndexKillTests {
  private static let rows = 3000
  private static let kills =
    ProcessInfo.processInfo.environment["LIGATURE_INDEX_KILLS"].flatMap(Int.init) ?? 20

  /// Source ids with their items' contents, and what hangs on them, without numbers and times.
  private static let contents: SQLStatement = """
    select md5(string_agg(concat_ws('|', s.source_id, s.source_line, s.properties, i.smiles,
      i.properties, encode(i.content_key, 'hex'), e.vectors, e.n), chr(10)
      order by s.source_line, s.source_id))
    from item_sources s join items i on i.id = s.item_id
    left join (
      select item_id, count(*) as n, string_agg(encode(vector, 'hex'), ',') as vectors
      from embeddings group by item_id
    ) e on e.item_id = i.id
    """

  @Test func everyRowIsThereOnceAfterAnyNumberOfKills() throws {
    let scratch = try ScratchFolder()
    let folder = scratch.path
    let trained = try ProgramRun(TinyModel.trainingArguments(in: folder)).wait()
    try #require(trained == 0)
    let corpus = try writeCorpus(folder)
    func arguments(_ settings: ConnectionSettings, _ more: [String]) -> [String] {
      [
        "index", "--model", folder + "/tiny", "--corpus", corpus, "--name", "kill", "--rejects",
        folder + "/rejects.tsv", "--chunk-rows", "20", "--database", settings.description,
      ] + more
    }
    let undisturbed = try database()
    #expect(try ProgramRun(arguments(undisturbed, [])).wait() == 0)
    let expected = try #require(try summary(Connection(undisturbed)))

    let settings = try database()
    let connection = try Connection(settings)
    let command = arguments(settings, ["--lease", "0.5"])
    let help = [
      "index", "work", "--model", folder + "/tiny", "--lease", "0.5", "--stay", "--database",
      settings.description,
    ]
    var random = SeededGenerator(state: 2026)
    var (killed, rounds) = (0, 0)
    while killed < Self.kills {
      rounds += 1
      try #require(rounds < 20 * Self.kills, "\(killed) kills in \(rounds) rounds")
      // A job that is done begins again, so that there is always something to be killed at.
      try restartWhenDone(connection)
      let runs = [try ProgramRun(command), try ProgramRun(help)]
      usleep(UInt32.random(in: 50_000..<700_000, using: &random))
      for run in runs.shuffled(using: &random) {
        usleep(UInt32.random(in: 0..<60_000, using: &random))
        if run.kill() { killed += 1 }
      }
      let (indexed, sources) = try counts(connection)
      #expect(indexed == sources, "rows and progress differ after kill \(killed)")
    }
    #expect(try ProgramRun(command).wait() == 0)
    #expect(try ProgramRun(command).wait() == 0)
    #expect(try summary(connection) == expected)
    print("index: \(killed) processes killed in \(rounds) rounds")
  }

  private func database() throws -> ConnectionSettings {
    let settings = try TemporaryCluster.shared().makeDatabase()
    try Migrator(folder: ProjectFolder.path + "/migrations").migrate(Connection(settings))
    return settings
  }

  /// Everything that counts, in one line.
  private func summary(_ connection: Connection) throws -> String? {
    try connection.query(
      """
      select concat_ws(' ', state, rows_indexed, rows_rejected, chunks_made, chunks_done,
        (select count(*) from items), (select count(*) from item_sources),
        (select count(*) from embeddings), (select count(*) from index_chunks),
        (select md5(string_agg(line || found, ',' order by line)) from index_rejects),
        (\(fragment: Self.contents)))
      from index_jobs
      """
    ).single().value(at: 0)
  }

  private func counts(_ connection: Connection) throws -> (Int, Int) {
    let row = try connection.query(
      """
      select coalesce(max(rows_indexed), 0), (select count(*) from item_sources) from index_jobs
      """
    ).single()
    return (try row.value(at: 0), try row.value(at: 1))
  }

  private func restartWhenDone(_ connection: Connection) throws {
    let isDone = try !connection.query("select 1 from index_jobs where state = 'done'").isEmpty
    if isDone { try connection.execute("delete from corpora") }
  }

  /// Rows r1, r2…; every tenth molecule is unreadable, every seventh id was there before, and the
  /// molecules repeat.
  private func writeCorpus(_ folder: String) throws -> String {
    let lines = (1...Self.rows).map { row in
      let chain = String(repeating: "C", count: 1 + row % 47)
      let id = row % 7 == 0 && row > 700 ? row - 700 : row
      return "r\(id)\t" + (row % 10 == 0 ? "C(" : chain + "(O)N" + chain) + "\t\(row % 3)"
    }
    let path = folder + "/corpus.tsv"
    try ("id\tsmiles\tnote\n" + lines.joined(separator: "\n") + "\n").write(
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
