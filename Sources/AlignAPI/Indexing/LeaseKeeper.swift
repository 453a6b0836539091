import Dispatch
import Postgres
import Synchronization

/// Renews the leases of the chunks that this process works on, on a thread and a connection of its
/// own, three times within each lease.
final class LeaseKeeper: Sendable {
  private let settings: ConnectionSettings
  private let lease: Duration
  private let queue = DispatchQueue(label: "ligature.index.leases")
  private let state = Mutex(State())

  private struct State {
    var held: Set<ChunkLease> = []
    var connection: Connection?
  }

  init(settings: ConnectionSettings, lease: Duration) {
    self.settings = settings
    self.lease = lease
    wait()
  }

  /// Comes again after a third of the lease, as long as there is a keeper.
  private func wait() {
    queue.asyncAfter(deadline: .now() + max(0.02, lease / .seconds(3))) { [weak self] in
      self?.renew()
      self?.wait()
    }
  }

  func hold(_ lease: ChunkLease) { state.withLock { _ = $0.held.insert(lease) } }

  func drop(_ lease: ChunkLease) { state.withLock { _ = $0.held.remove(lease) } }

  /// A lost connection is made again at the next turn; the worker notices by itself when it was too
  /// late.
  private func renew() {
    let (held, kept) = state.withLock { (Array($0.held), $0.connection) }
    if held.isEmpty { return }
    let connection = kept ?? (try? Connection(settings))
    guard let connection else { return }
    do {
      try IndexJobStore(connection).renew(held, lease: lease)
      state.withLock { $0.connection = connection }
    } catch {
      state.withLock { $0.connection = nil }
    }
  }
}
