import Testing

@testable import Postgres

@Suite struct ConnectBackoffTests {
  private let start = ContinuousClock.now
  private let down = PostgresError(kind: .connectFailed, message: "down")
  private let full = PostgresError(kind: .connectFailed, message: "full")

  @Test func withoutFailuresEveryoneConnects() {
    var backoff = ConnectBackoff()
    #expect(backoff.decide(at: start) == .connect)
    #expect(backoff.decide(at: start) == .connect)
  }

  @Test func afterAFailureRequestsGetItsErrorAtOnce() {
    var backoff = ConnectBackoff(shortest: .milliseconds(100), longest: .seconds(5))
    backoff.fail(down, at: start, share: 0.999)
    #expect(backoff.decide(at: start) == .refuse(down))
    #expect(backoff.decide(at: start + .milliseconds(99)) == .refuse(down))
    #expect(backoff.decide(at: start + .milliseconds(100)) == .connect)
  }

  @Test func afterThePauseOneTriesAndTheOthersAreRefused() {
    var backoff = ConnectBackoff(shortest: .milliseconds(100), longest: .seconds(5))
    backoff.fail(down, at: start, share: 0)
    let later = start + .milliseconds(60)
    #expect(backoff.decide(at: later) == .connect)
    #expect(backoff.decide(at: later) == .refuse(down))
    backoff.succeed()
    #expect(backoff.decide(at: later) == .connect)
    #expect(backoff.decide(at: later) == .connect)
  }

  @Test(arguments: [0, 0.25, 0.5, 0.999])
  func pausesDoubleUpToTheLongest(share: Double) {
    var backoff = ConnectBackoff(shortest: .milliseconds(100), longest: .seconds(1))
    var now = start
    for expected in [0.1, 0.2, 0.4, 0.8, 1, 1, 1] {
      #expect(backoff.decide(at: now) == .connect)
      backoff.fail(down, at: now, share: share)
      let length = Duration.seconds(expected * (0.5 + share / 2))
      #expect(backoff.decide(at: now + length - .milliseconds(1)) == .refuse(down))
      now += length + .milliseconds(1)
    }
    #expect(backoff.decide(at: now) == .connect)
    backoff.succeed()
    backoff.fail(down, at: now, share: 0)
    #expect(backoff.decide(at: now + .milliseconds(51)) == .connect)
  }

  /// Many tasks may fail at the same moment; that is one failure.
  @Test func attemptsThatWereUnderWayDoNotProlongThePause() {
    var backoff = ConnectBackoff(shortest: .milliseconds(100), longest: .seconds(5))
    backoff.fail(down, at: start, share: 0)
    for _ in 0..<20 { backoff.fail(full, at: start + .milliseconds(10), share: 0) }
    #expect(backoff.decide(at: start + .milliseconds(20)) == .refuse(full))
    #expect(backoff.decide(at: start + .milliseconds(50)) == .connect)
  }

  /// An attempt that succeeds late ends the pause for everyone.
  @Test func aSuccessDuringThePauseEndsIt() {
    var backoff = ConnectBackoff()
    backoff.fail(down, at: start, share: 0)
    backoff.succeed()
    #expect(backoff.decide(at: start) == .connect)
  }
}
