import Testing

@testable import Postgres

@Suite struct PoolStateTests {
  @Test func slotsAreLeasedUpToTheLimitThenRequestsWait() {
    var state = PoolState(limit: 2)
    #expect(state.arrive(1) == .lease(0))
    #expect(state.arrive(2) == .lease(1))
    #expect(state.arrive(3) == .wait)
    #expect(state.leasedCount == 2)
    #expect(state.waitingCount == 1)
  }

  @Test func aFreedSlotGoesToTheLongestWaiting() {
    var state = PoolState(limit: 1)
    #expect(state.arrive(1) == .lease(0))
    #expect(state.arrive(2) == .wait)
    #expect(state.arrive(3) == .wait)
    #expect(state.giveBack(0, isWarm: true) == .hand(to: 2))
    #expect(state.giveBack(0, isWarm: false) == .hand(to: 3))
    #expect(state.leasedCount == 1)
    #expect(state.giveBack(0, isWarm: true) == .park)
    #expect(state.leasedCount == 0)
  }

  @Test func openConnectionsAreUsedBeforeNewOnesAreMade() {
    var state = PoolState(limit: 3)
    #expect(state.arrive(1) == .lease(0))
    #expect(state.arrive(2) == .lease(1))
    #expect(state.giveBack(0, isWarm: false) == .park)
    #expect(state.giveBack(1, isWarm: true) == .park)
    #expect(state.arrive(3) == .lease(1))
    #expect(state.arrive(4) == .lease(0))
  }

  @Test func anAbandonedRequestIsNotServed() {
    var state = PoolState(limit: 1)
    #expect(state.arrive(1) == .lease(0))
    #expect(state.arrive(2) == .wait)
    #expect(state.arrive(3) == .wait)
    let ended = state.abandon(2)
    #expect(ended)
    let endedAgain = state.abandon(2)
    #expect(!endedAgain)
    #expect(state.giveBack(0, isWarm: true) == .hand(to: 3))
    let endedAfterLease = state.abandon(3)
    #expect(!endedAfterLease)
  }

  @Test func closingRefusesAndDrains() {
    var state = PoolState(limit: 2)
    #expect(state.arrive(1) == .lease(0))
    #expect(state.arrive(2) == .lease(1))
    #expect(state.giveBack(1, isWarm: true) == .park)
    let (refused, closing) = state.close()
    #expect(refused == [])
    #expect(closing == [1])
    #expect(state.arrive(3) == .refuse)
    #expect(!state.isDrained)
    #expect(state.giveBack(0, isWarm: true) == .close)
    #expect(state.isDrained)
  }

  @Test func closingRefusesThoseThatWait() {
    var state = PoolState(limit: 1)
    #expect(state.arrive(1) == .lease(0))
    #expect(state.arrive(2) == .wait)
    let (refused, closing) = state.close()
    #expect(refused == [2])
    #expect(closing == [])
  }

  /// Random events against the two rules: never more leases than the limit, and nobody waits
  /// while a slot is free.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func invariantsHoldUnderRandomEvents(seed: UInt64) {
    var state = PoolState(limit: 3)
    var bits = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    func draw(_ bound: Int) -> Int {
      bits ^= bits << 13
      bits ^= bits >> 7
      bits ^= bits << 17
      return Int(bits % UInt64(bound))
    }
    var leased: [Int] = []
    var waiting: [UInt64] = []
    for request in 0..<500 as Range<UInt64> {
      switch draw(3) {
      case 0:
        switch state.arrive(request) {
        case .lease(let slot): leased.append(slot)
        case .wait: waiting.append(request)
        case .refuse: Issue.record("refused while open")
        }
      case 1 where !leased.isEmpty:
        let slot = leased.remove(at: draw(leased.count))
        switch state.giveBack(slot, isWarm: draw(2) == 0) {
        case .hand(let next):
          #expect(next == waiting.removeFirst())
          leased.append(slot)
        case .park: #expect(waiting.isEmpty)
        case .close: Issue.record("closed while open")
        }
      case 2 where !waiting.isEmpty:
        let ended = state.abandon(waiting.remove(at: draw(waiting.count)))
        #expect(ended)
      default: break
      }
      #expect(Set(leased).count == leased.count)
      #expect(state.leasedCount == leased.count)
      #expect(leased.count <= 3)
      #expect(waiting.isEmpty || leased.count == 3)
    }
  }
}
