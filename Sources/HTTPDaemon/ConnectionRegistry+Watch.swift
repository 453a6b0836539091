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
  /// So idle clients, and those that trickle header fields, however many, do not keep busy ones out.
  /// One that has just connected, or just begun a request, is no idle client yet.
  mutating func takeCrowding(now: Instant) -> [Int32] {
    guard connections.count >= connectionLimit else { return [] }
    let idle = connections.compactMap { socket, connection -> (socket: Int32, deadline: Instant)? in
      switch connection.phase {
      case .awaiting(let deadline)
      where connection.hadRequest || connection.opened + .seconds(1) <= now:
        return (socket, deadline)
      case .reading(let deadline)
      where !connection.hasHeaders && connection.opened + .seconds(1) <= now
        && deadline - readLimit + .seconds(1) <= now:
        return (socket, deadline)
      default: return nil
      }
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
  mutating func peerLeft(_ socket: Int32) {
    if connections[socket] != nil { departing.insert(socket) }
  }

  /// Requests that are answered with streams.
  func streams() -> [Request] {
    if producing == 0 { return [] }
    return connections.values.compactMap { connection in
      if case .streaming(let request, departed: false) = connection.phase { request } else { nil }
    }
  }

  /// What to do about peers that are not present.
  ///
  /// `receiving` are connections from which something is still expected, named until they close;
  /// `requests`, each named once, wait for a handler, or send a stream, although their client is gone.
  /// A client that has ended its sending side counts as gone: TCP does not tell the two apart, and what
  /// closes while it waits has given up far more often than it listens on.
  mutating func departures() -> (receiving: [Int32], requests: [Request]) {
    var result: (receiving: [Int32], requests: [Request]) = ([], [])
    for socket in departing {
      guard let connection = connections[socket] else { continue }
      switch connection.phase {
      case .awaiting, .reading: result.receiving.append(socket)
      case .suspended(let request, departed: false):
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
