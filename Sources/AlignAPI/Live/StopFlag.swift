import Synchronization

/// Whether work that another thread does should end.
final class StopFlag: Sendable {
  private let flag = Atomic(false)

  func raise() { flag.store(true, ordering: .releasing) }

  var isRaised: Bool { flag.load(ordering: .acquiring) }
}
