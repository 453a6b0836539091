import Testing

@testable import HTTPDaemon

@Suite struct ConnectionRegistryTests {
  typealias Registry = ConnectionRegistry<String>

  let start = ContinuousClock.now

  func makeRegistry() -> Registry {
    var configuration = DaemonConfiguration()
    configuration.requestReadLimit = .seconds(10)
    configuration.idleTimeoutSeconds = 60
    configuration.maximumConcurrentRequests = 2
    return Registry(configuration: configuration)
  }

  @Test func deadlinesFollowThePhase() {
    var registry = makeRegistry()
    registry.opened(5, now: start)
    #expect(registry.receivingSockets == [5])
    #expect(registry.takeOverdue(now: start + .seconds(9)) == [])
    registry.requestBegan(5, now: start + .seconds(9))
    #expect(registry.takeOverdue(now: start + .seconds(18)) == [])
    registry.requestEnded(5, now: start + .seconds(18))
    #expect(registry.takeOverdue(now: start + .seconds(87)) == [])
    #expect(registry.takeOverdue(now: start + .seconds(88)) == [5])
    #expect(registry.takeOverdue(now: start + .seconds(99)) == [], "named once")
  }

  @Test func handlersAreNeverOverdueAndAreLimited() {
    var registry = makeRegistry()
    for socket: Int32 in 1...3 {
      registry.opened(socket, now: start)
      registry.requestBegan(socket, now: start)
    }
    #expect(registry.admit(1) == true)
    #expect(registry.admit(2) == true)
    #expect(registry.admit(3) == false)
    #expect(registry.suspended(1, request: "one") == true)
    #expect(registry.takeOverdue(now: start + .seconds(1000)) == [3])
    registry.handlerEnded()
    #expect(registry.admit(3) == true)
    #expect(registry.unresolved == 3)
  }

  @Test func suspendedRequestIsResolvedOnceByAnswerOrByEnd() {
    var registry = makeRegistry()
    for socket: Int32 in 1...2 {
      registry.opened(socket, now: start)
      registry.requestBegan(socket, now: start)
      #expect(registry.admit(socket) == true)
      #expect(registry.suspended(socket, request: "\(socket)") == true)
    }
    registry.responding(1)
    #expect(registry.unresolved == 1)
    #expect(registry.isSending)
    registry.requestEnded(1, now: start)
    #expect(registry.unresolved == 1)
    registry.requestEnded(2, now: start)
    #expect(registry.unresolved == 0)
    #expect(registry.openRequests == 0)
  }

  @Test func departureIsReportedOnce() {
    var registry = makeRegistry()
    registry.opened(1, now: start)
    registry.requestBegan(1, now: start)
    _ = registry.admit(1)
    _ = registry.suspended(1, request: "r")
    #expect(registry.waitingSockets == [1])
    #expect(registry.receivingSockets == [])
    #expect(registry.departed([1]) == ["r"])
    #expect(registry.waitingSockets == [])
    #expect(registry.beginStopping().suspended == ["r"], "still suspended")
  }

  @Test func stoppingRefusesWhatIsAboutToBeSuspended() {
    var registry = makeRegistry()
    registry.opened(1, now: start)
    registry.requestBegan(1, now: start)
    #expect(registry.admit(1) == true)
    #expect(registry.beginStopping().suspended == [])
    #expect(registry.unresolved == 1, "so that nobody stops the daemon now")
    #expect(registry.suspended(1, request: "r") == false)
    #expect(registry.admit(1) == false)
  }

  @Test func drainingNamesOnlyConnectionsWithoutRequest() {
    var registry = makeRegistry()
    registry.opened(1, now: start)
    registry.opened(2, now: start)
    registry.requestBegan(2, now: start)
    registry.beginDraining()
    #expect(registry.takeIdle() == [1])
    // What a closing connection had already sent is still served.
    registry.requestBegan(1, now: start)
    #expect(registry.admit(1) == true)
    registry.closed(1)
    registry.closed(2)
    registry.handlerEnded()
    #expect(registry.isEmpty)
  }
}
