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
    return Registry(configuration: configuration, connectionLimit: 3)
  }

  @Test func deadlinesFollowThePhase() {
    var registry = makeRegistry()
    registry.opened(5, now: start)
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
    registry.responding(1, count: 0, now: start)
    #expect(registry.unresolved == 1)
    #expect(registry.isSending)
    registry.requestEnded(1, now: start)
    #expect(registry.unresolved == 1)
    registry.requestEnded(2, now: start)
    #expect(registry.unresolved == 0)
    #expect(registry.openRequests == 0)
  }

  @Test func clientThatLeavesIsReportedOnceWhileItWaits() {
    var registry = makeRegistry()
    registry.opened(1, now: start)
    registry.requestBegan(1, now: start)
    _ = registry.admit(1)
    _ = registry.suspended(1, request: "r")
    #expect(registry.departures().requests == [])
    registry.peerLeft(1)
    #expect(registry.departures().requests == ["r"])
    #expect(registry.departures() == ([], []))
    #expect(registry.beginStopping().suspended == ["r"], "still suspended")
  }

  @Test func clientThatEndsItsSendingSideLeavesAStream() {
    var registry = makeRegistry()
    registry.opened(1, now: start)
    registry.requestBegan(1, now: start)
    #expect(registry.admit(1) == true)
    #expect(registry.suspended(1, request: "r") == true)
    registry.peerLeft(1)
    #expect(registry.streaming(1, request: "r") == true)
    #expect(registry.unresolved == 0)
    #expect(registry.departures().requests == ["r"])
    #expect(registry.departures().requests == [])
    #expect(registry.beginStopping() == ([], ["r"]))
    #expect(registry.producing == 1)
  }

  @Test func endOfSendingIsNamedUntilTheConnectionCloses() {
    var registry = makeRegistry()
    registry.opened(1, now: start)
    registry.peerLeft(1)
    registry.peerLeft(2)
    #expect(registry.departures().receiving == [1])
    registry.requestBegan(1, now: start)
    #expect(registry.departures().receiving == [1])
    registry.closed(1)
    #expect(registry.departures() == ([], []))
    registry.opened(1, now: start)
    #expect(registry.departures() == ([], []), "another connection")
  }

  @Test func streamsAreNamedWhileTheyAreProduced() {
    var registry = makeRegistry()
    for socket: Int32 in 1...2 {
      registry.opened(socket, now: start)
      registry.requestBegan(socket, now: start)
      _ = registry.admit(socket)
      _ = registry.suspended(socket, request: "r\(socket)")
    }
    #expect(registry.streams() == [])
    #expect(registry.streaming(2, request: "r2") == true)
    #expect(registry.streams() == ["r2"])
    registry.producerEnded()
    #expect(registry.streams() == [])
  }

  @Test func bodyEarnsTime() {
    var registry = makeRegistry()
    registry.opened(1, now: start)
    registry.requestBegan(1, now: start)
    registry.bodyArrived(1, count: 5 * registry.minimumBodyRate)
    #expect(registry.takeOverdue(now: start + .milliseconds(14_999)) == [])
    #expect(registry.takeOverdue(now: start + .seconds(15)) == [1])
  }

  @Test func answerEarnsTime() {
    var registry = makeRegistry()
    registry.opened(1, now: start)
    registry.requestBegan(1, now: start)
    #expect(registry.admit(1) == true)
    #expect(registry.suspended(1, request: "r") == true)
    registry.responding(1, count: 5 * registry.minimumBodyRate, now: start + .seconds(100))
    #expect(registry.takeOverdue(now: start + .seconds(114)) == [])
    #expect(registry.takeOverdue(now: start + .seconds(115)) == [1])
  }

  @Test func longestIdleMakesRoom() {
    var registry = makeRegistry()
    for socket: Int32 in 1...2 {
      registry.opened(socket, now: start)
      registry.requestBegan(socket, now: start)
    }
    registry.requestEnded(2, now: start + .seconds(1))
    registry.requestEnded(1, now: start + .seconds(2))
    #expect(registry.takeCrowding(now: start + .seconds(3)) == [], "there is room")
    registry.opened(3, now: start + .seconds(3))
    #expect(registry.takeCrowding(now: start + .seconds(3)) == [2])
    #expect(registry.takeCrowding(now: start + .seconds(3)) == [1])
    #expect(registry.takeCrowding(now: start + .seconds(3)) == [], "it has only just connected")
    #expect(registry.takeCrowding(now: start + .seconds(4)) == [3])
  }

  @Test func tricklersMakeRoomToo() {
    var registry = makeRegistry()
    for socket: Int32 in 1...3 {
      registry.opened(socket, now: start)
      registry.requestBegan(socket, now: start)
    }
    registry.headersArrived(2)
    #expect(registry.takeCrowding(now: start + .milliseconds(900)) == [], "just begun")
    let later = start + .seconds(2)
    let taken = registry.takeCrowding(now: later) + registry.takeCrowding(now: later)
    #expect(Set(taken) == [1, 3])
    #expect(registry.takeCrowding(now: later) == [], "its body may take its time")
  }

  @Test func addressIsKeptForRequests() {
    var registry = makeRegistry()
    registry.opened(1, from: "::1", now: start)
    #expect(registry.requestBegan(1, now: start) == "::1")
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
    #expect(registry.takeIdle(now: start + .milliseconds(249)) == [], "it may be about to ask")
    #expect(registry.takeIdle(now: start + .milliseconds(250)) == [1])
    #expect(registry.takeIdle(now: start + .milliseconds(250)) == [])
    // What a closing connection had already sent is still served.
    registry.requestBegan(1, now: start)
    #expect(registry.admit(1) == true)
    registry.closed(1)
    registry.closed(2)
    registry.handlerEnded()
    #expect(registry.isEmpty)
  }
}
