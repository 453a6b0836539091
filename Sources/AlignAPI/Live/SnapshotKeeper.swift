import Digest
import Dispatch
import Logging
import Postgres
import Synchronization

/// Keeps a snapshot of what is searched in a folder: reads it at the start, writes it when it is old,
/// unless it may only read.
final class SnapshotKeeper: Sendable {
  private let snapshot: CorporaSnapshot
  private let loader: CorporaLoader
  private let isReadOnly: Bool
  private let log: Logger
  private let queue = DispatchQueue(label: "ligature.snapshot", qos: .utility)
  private let state = Mutex(State())

  private struct State {
    /// What the snapshot on disk holds.
    var written: LoadedCorpora.State?
    var isWriting = false
  }

  init(folder: String, loader: CorporaLoader, isReadOnly: Bool = false, log: Logger) {
    self.isReadOnly = isReadOnly
    snapshot = CorporaSnapshot(folder: folder)
    self.loader = loader
    self.log = log
  }

  /// The corpora from the snapshot, nil where they must be read from the database.
  ///
  /// A snapshot is of no use for another model or database, or one that is ahead of the database. A
  /// damaged one is logged. Throws ``PostgresError``.
  func read(_ connection: Connection) throws -> CorporaEditor? {
    let epoch = try connection.databaseEpoch()
    let there = Dictionary(
      try CorpusVersion.all(connection).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }
    )
    do {
      guard
        let editor = try snapshot.read(
          checksum: loader.checksum, epoch: epoch, dimension: loader.heldDimension,
          policy: loader.policy)
      else { return nil }
      for (id, version) in editor.versions {
        if let corpus = there[id], corpus.version < version { return nil }
      }
      state.withLock { $0.written = editor.loaded.state }
      return editor
    } catch {
      log.warning("the snapshot is not used: \(error)")
      return nil
    }
  }

  /// Writes a picture, unless it is on disk already or another process is writing; a failure is logged.
  func write(_ loaded: LoadedCorpora) {
    if isReadOnly { return }
    let isNews = state.withLock { state in
      if state.isWriting || state.written == loaded.state { return false }
      state.isWriting = true
      return true
    }
    guard isNews else { return }
    do {
      if try snapshot.write(loaded, checksum: loader.checksum) {
        state.withLock { $0.written = loaded.state }
        log.debug("wrote a snapshot of \(loaded.itemCount) items to \(snapshot.folder)")
      } else {
        log.debug("another process writes the snapshot \(snapshot.folder)")
      }
    } catch {
      log.warning("no snapshot was written: \(error)")
    }
    state.withLock { $0.isWriting = false }
  }

  /// Writes on a thread of its own.
  func writeSoon(_ loaded: LoadedCorpora) {
    queue.async { self.write(loaded) }
  }

  /// Waits for writes that were begun.
  func finish() { queue.sync {} }
}
