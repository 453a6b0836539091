import Postgres
import TestSupport
import Testing

@Suite struct ConnectionAdvisoryLockDatabaseTests {
  private struct Stop: Error {}
  let first: Connection
  let second: Connection

  init() throws {
    let settings = try TemporaryCluster.shared().settings
    first = try Connection(settings)
    second = try Connection(settings)
  }

  @Test func oneHolderAtATime() throws {
    try first.lockAdvisory(-7)
    #expect(try !second.tryLockAdvisory(-7))
    #expect(try second.tryLockAdvisory(8))
    #expect(try !second.unlockAdvisory(-7))
    #expect(try first.unlockAdvisory(-7))
    #expect(try second.tryLockAdvisory(-7))
  }

  @Test func theLockIsGivenBackAfterAnError() throws {
    #expect(throws: Stop.self) {
      try first.withAdvisoryLock(1) {
        #expect(try !second.tryLockAdvisory(1))
        throw Stop()
      }
    }
    #expect(try second.tryLockAdvisory(1))
  }
}
