import Synchronization

/// Whether work that another thread does should end.
package final class StopFlag: Sendable {
  private let flag = Atomic(false)

  package init() {}

  package func raise() { flag.store(true, ordering: .releasing) }

  package var isRaised: Bool { flag.load(ordering: .acquiring) }
}
