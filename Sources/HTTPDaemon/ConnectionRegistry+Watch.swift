/// Questions of the watch and of drain.
extension ConnectionRegistry {
  /// Connections whose request, or whose client's reading of the answer, takes too long; each is named
  /// once.
  ///
  /// Looks at all connections only when one of the deadlines that were set has passed.
  mutating func takeOverdue(now: Instant) -> [Int32] {
    guard let earliestDeadline, earliestDeadline <= now else { return [] }
    let overdue = take { $0.deadline.map { $0 <= now } ?? false }
    self.earliestDeadline = connections.values.compactMap(\.deadline).min()
    return overdue
  }

  /// Connections without a request; each is named once.
  ///
  /// A client that has only just connected has a moment to send one.
  mutating func takeIdle(now: Instant) -> [Int32] {
    take { connection in
      guard case .awaiting = connection.phase else { return false }
      return connection.hadRequest || connection.opened + .milliseconds(250) <= now
    }
  }

  /// When no further connection is possible, those that have been idle the longest; each is named once.
  ///
  /// So idle clients, however many, do not keep busy ones out. One that has just connected is no
  /// idle client yet.
  mutating func takeCrowding(now: Instant) -> [Int32] {
    guard connections.count >= connectionLimit else { return [] }
    let idle = connections.compactMap { socket, connection -> (socket: Int32, deadline: Instant)? in
      guard case .awaiting(let deadline) = connection.phase,
        connection.hadRequest || connection.opened + .seconds(1) <= now
      else { return nil }
      return (socket, deadline)
    }
    let longest = idle.sorted { $0.deadline < $1.deadline }.prefix(max(1, connectionLimit / 16))
    for (socket, _) in longest { connections[socket]?.phase = .closing }
    return longest.map(\.socket)
  }

  private mutating func take(where matches: (Connection) -> Bool) -> [Int32] {
    let sockets = connections.filter { matches($0.value) }.map(\.key)
    for socket in sockets { connections[socket]?.phase = .closing }
    return sockets
  }

  /// Notes that a peer sends nothing more, or is gone.
  mutating func peerLeft(_ socket: Int32, isBroken: Bool) {
    guard connections[socket] != nil else { return }
    connections[socket]?.peer = isBroken ? .broken : .ended
    departing.insert(socket)
  }

  /// What to do about peers that are not present.
  ///
  /// `receiving` are connections from which something is still expected, named until they close;
  /// `requests`, each named once, wait for a handler although their client is gone, or send a stream
  /// to one that has ended its sending side.
  mutating func departures() -> (receiving: [Int32], requests: [Request]) {
    var result: (receiving: [Int32], requests: [Request]) = ([], [])
    for socket in departing {
      guard let connection = connections[socket] else { continue }
      switch connection.phase {
      case .awaiting, .reading: result.receiving.append(socket)
      case .suspended(let request, departed: false) where connection.peer == .broken:
        connections[socket]?.phase = .suspended(request, departed: true)
        result.requests.append(request)
      case .streaming(let request, departed: false):
        connections[socket]?.phase = .streaming(request, departed: true)
        result.requests.append(request)
      default: break
      }
    }
    return result
  }

  /// Whether a queued response has not been sent completely.
  var isSending: Bool {
    connections.values.contains { connection in
      if case .responding = connection.phase { true } else { false }
    }
  }

  mutating func beginDraining() {
    if acceptance == .open { acceptance = .draining }
  }

  /// Refuses every further request; returns those that wait for a handler now, and those that stream.
  mutating func beginStopping() -> (suspended: [Request], streaming: [Request]) {
    acceptance = .stopping
    return connections.values.reduce(into: ([], [])) { requests, connection in
      switch connection.phase {
      case .suspended(let request, _): requests.suspended.append(request)
      case .streaming(let request, _): requests.streaming.append(request)
      default: break
      }
    }
  }
}
