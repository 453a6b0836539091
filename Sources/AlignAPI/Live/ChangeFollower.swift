import Alignment
import CoreMetrics
import Digest
import Foundation
import Logging
import Postgres
import Retrieval
import Synchronization

/// Keeps what is searched up to date with the database.
///
/// A thread of its own listens for `ligature_changes`, reads what the changes name and puts a new
/// picture in the place of the old one; searches that run keep the picture they began with. After a
/// lost connection it comes back with growing pauses and catches up by the versions of the corpora.
/// A database that was restored, which its epoch or a version that is lower tells, is loaded anew.
package final class ChangeFollower: Sendable {
  /// How the follower is doing.
  package struct Status: Sendable, Equatable {
    /// Whether it hears the database.
    package var isConnected = false
    /// Items written or deleted that were taken over so far.
    package var itemsApplied = 0
    /// Seconds from the begin of the last write to when it could be found; nil before the first.
    package var lastLag: Double?
    /// How often the connection was lost.
    package var connectionLosses = 0
    /// Versions of all corpora that the database was ahead when it was last asked.
    package var versionsBehind: Int64 = 0
    /// What went wrong last; nil while all is well.
    package var problem: String?
  }

  private let loader: CorporaLoader
  private let snapshots: SnapshotKeeper?
  let settings: ConnectionSettings
  private let log: Logger
  private let picture: Mutex<LoadedCorpora>
  private let state = Mutex(Status())
  private let metrics: EngineMetrics
  /// When the picture was last found to be that of the database.
  private let confirmed = Mutex<ContinuousClock.Instant?>(nil)
  private let isStopping = StopFlag()
  /// The corpora until the follower's thread has them.
  private let start: Mutex<CorporaEditor?>

  /// Longest time until a change is seen that no notification told of.
  private static let lookInterval = Duration.milliseconds(400)
  /// How old what is searched may be.
  private static let freshness = Duration.seconds(1)
  /// Items that are taken over in one step, about.
  private static let stepItems = 10_000
  private static let longestPause = Duration.seconds(10)
  /// Time between two looks at whether a new snapshot is worth writing.
  private static let snapshotInterval = Duration.seconds(600)

  init(
    _ loader: CorporaLoader, settings: ConnectionSettings, editor: CorporaEditor,
    snapshots: SnapshotKeeper? = nil, metrics: EngineMetrics = EngineMetrics(), log: Logger
  ) {
    self.loader = loader
    self.snapshots = snapshots
    self.settings = settings
    self.metrics = metrics
    self.log = log
    picture = Mutex(editor.loaded)
    start = Mutex(editor)
  }

  /// Takes over what the database is ahead, before the follower starts.
  func catchUp(_ connection: Connection) throws {
    try start.withLock { editor in
      guard var ahead = editor else { preconditionFailure("the follower has started") }
      var rebuilding = IndexRebuilding()
      try catchUp(&ahead, &rebuilding, connection)
      editor = ahead
    }
    // Only a follower that goes on looking keeps the promise.
    confirmed.withLock { $0 = nil }
    snapshots?.writeSoon(current)
  }

  /// The checkpoint whose vectors are followed, in hexadecimal.
  var checksum: String { loader.checksum.hexadecimal }

  /// What is searched now.
  package var current: LoadedCorpora { picture.withLock { $0 } }

  package var status: Status { state.withLock { $0 } }

  /// Whether the picture was found to be that of the database within the last second.
  var isFresh: Bool {
    confirmed.withLock { $0.map { .now - $0 < Self.freshness } ?? false }
  }

  /// Starts to follow; called once.
  package func follow() {
    guard let editor = start.withLock({ $0.take() }) else {
      preconditionFailure("a follower starts once")
    }
    let thread = Thread { [self] in follow(editor) }
    thread.name = "ligature.follower"
    thread.start()
  }

  /// Ends following soon; the last picture stays, and goes to the disk before this returns.
  package func stop() {
    isStopping.raise()
    snapshots?.finish()
    snapshots?.write(current)
  }

  private var mustStop: Bool { isStopping.isRaised }

  private func follow(_ start: CorporaEditor) {
    var editor = start
    var rebuilding = IndexRebuilding()
    var failures = 0
    while !mustStop {
      do {
        let connection = try Connection(settings)
        try connection.listen("ligature_changes")
        try catchUp(&editor, &rebuilding, connection)
        failures = 0
        state.withLock { status in
          status.isConnected = true
          status.problem = nil
        }
        try listen(&editor, &rebuilding, connection)
      } catch {
        failures += 1
        let wasConnected = state.withLock { status in
          defer {
            status.isConnected = false
            status.problem = "\(error)"
          }
          if status.isConnected { status.connectionLosses += 1 }
          return status.isConnected
        }
        if wasConnected || failures == 1 { log.warning("changes are not followed: \(error)") }
        pause(after: failures)
      }
    }
  }

  /// Listens until the connection is lost or the end.
  private func listen(
    _ editor: inout CorporaEditor, _ rebuilding: inout IndexRebuilding, _ connection: Connection
  ) throws {
    var lastLook = ContinuousClock.now
    var lastSnapshot = lastLook
    while !mustStop {
      let heard = try connection.notifications(within: .milliseconds(200))
      if try rebuilding.finish(in: &editor) { publish(editor) }
      if .now - lastSnapshot > Self.snapshotInterval {
        snapshots?.writeSoon(current)
        lastSnapshot = .now
      }
      if heard.isEmpty && .now - lastLook < Self.lookInterval { continue }
      lastLook = .now
      try catchUp(&editor, &rebuilding, connection)
    }
  }

  /// Takes over changes, step by step, until the versions are those of the database.
  private func catchUp(
    _ editor: inout CorporaEditor, _ rebuilding: inout IndexRebuilding, _ connection: Connection
  ) throws {
    while !mustStop {
      let start = ContinuousClock.now
      guard let step = try nextStep(editor, connection) else {
        confirmed.withLock { $0 = start }
        return
      }
      var applied: Change?
      switch step {
      case .reload:
        log.notice("the database was restored: everything is loaded anew")
        editor = try loader.load(from: connection)
        rebuilding = IndexRebuilding()
      case .replace(let fresh, let corpus):
        editor = fresh
        rebuilding.forget(corpus)
      case .add(let corpus): editor.add(corpus)
      case .drop(let corpus):
        editor.drop(corpus)
        rebuilding.forget(corpus)
      case .apply(let change):
        for (modality, vectors) in change.vectors {
          rebuilding.note(
            change.named, vectors.finished()[change.corpus], change.corpus, modality)
        }
        try editor.apply(
          change.named, found: change.items, vectors: change.vectors, to: change.corpus,
          version: change.version)
        applied = change
      }
      publish(editor)
      if let applied { note(applied) }
      rebuilding.begin(editor)
    }
  }

  /// Notes a change that searches see from now on.
  private func note(_ change: Change) {
    let since = (.now - change.readAt) / .seconds(1)
    state.withLock { status in
      status.itemsApplied += change.named.count
      status.lastLag = change.lags.last.map { $0 + since } ?? status.lastLag
    }
    for lag in change.lags { metrics.writeToSearchable.recordSeconds(lag + since) }
  }

  private func publish(_ editor: CorporaEditor) {
    let loaded = editor.loaded
    picture.withLock { $0 = loaded }
  }

  private enum Step {
    /// The database is another than the one that was loaded.
    case reload
    /// The corpora with one that was read anew.
    case replace(CorporaEditor, corpus: Int64)
    case add(CorpusVersion)
    case drop(Int64)
    case apply(Change)
  }

  private struct Change {
    let corpus: Int64
    let version: Int64
    let named: [Int64]
    let items: [StoredItem]
    let vectors: [Modality: VectorsByCorpus]
    /// Seconds from the begin of each write to when it was read, oldest first.
    let lags: [Double]
    let readAt: ContinuousClock.Instant
  }

  /// The next thing in which the database differs; nil when it does not.
  private func nextStep(_ editor: CorporaEditor, _ connection: Connection) throws -> Step? {
    try connection.readOnlySnapshot {
      let there = try CorpusVersion.all(connection)
      let here = editor.versions
      let behind = there.reduce(0) { $0 + max(0, $1.version - (here[$1.id] ?? 0)) }
      state.withLock { $0.versionsBehind = behind }
      let isOlder = there.contains { $0.version < here[$0.id] ?? 0 }
      if try isOlder || connection.databaseEpoch() != editor.epoch { return .reload }
      if let gone = here.keys.first(where: { id in !there.contains { $0.id == id } }) {
        return .drop(gone)
      }
      for corpus in there {
        guard let version = here[corpus.id] else {
          return .add(CorpusVersion(id: corpus.id, name: corpus.name, version: 0))
        }
        if version < corpus.version {
          return try step(of: corpus, behind: version, editor, connection)
        }
      }
      return nil
    }
  }

  /// The next changes of a corpus; all of it where they are no longer there.
  private func step(
    of corpus: CorpusVersion, behind version: Int64, _ editor: CorporaEditor,
    _ connection: Connection
  ) throws -> Step {
    var named: Set<Int64> = []
    var reached = version
    var lags: [Double] = []
    let readAt = ContinuousClock.now
    for row in try connection.query(
      """
      select version, written || deleted,
        extract(epoch from clock_timestamp() - created_at)::double precision
      from changes where corpus_id = \(corpus.id) and version > \(version)
      order by version limit 64
      """)
    {
      // A gap: older changes were pruned.
      guard try row.value(at: 0, as: Int64.self) == reached + 1 else { break }
      named.formUnion(try row.value(at: 1, as: [Int64].self))
      reached += 1
      lags.append(try row.value(at: 2))
      if named.count >= Self.stepItems { break }
    }
    if reached == version {
      log.notice("corpus \(corpus.name): changes were pruned, it is loaded anew")
      return .replace(
        try loader.reloading(corpus, in: editor, from: connection), corpus: corpus.id)
    }
    let ids = named.sorted()
    let (items, vectors) = try loader.read(ids, from: connection)
    return .apply(
      Change(
        corpus: corpus.id, version: reached, named: ids, items: items, vectors: vectors,
        lags: lags, readAt: readAt))
  }

  /// Waits longer after each failure, with a share of chance so that servers do not come at once.
  private func pause(after failures: Int) {
    let longest = min(Self.longestPause, .milliseconds(100) * (1 << min(failures, 8)))
    let end = ContinuousClock.now + longest * Double.random(in: 0.5...1)
    while !mustStop && .now < end { Thread.sleep(forTimeInterval: 0.05) }
  }
}
