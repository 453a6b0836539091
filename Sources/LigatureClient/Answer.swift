/// A result with what it came with; the result's members are the answer's.
@dynamicMemberLookup
public struct Answer<Value: Sendable>: Sendable {
  /// The result.
  public let value: Value
  /// What became of it.
  public let status: Int
  /// The entity tag, for `ifMatch`.
  public let etag: String?
  /// Where what was made is found.
  public let location: String?
  /// Whether the write was done before, under the same idempotency key.
  public let isReplayed: Bool

  /// A member of the result.
  public subscript<Member>(dynamicMember path: KeyPath<Value, Member>) -> Member {
    value[keyPath: path]
  }
}

/// A server-sent event (WHATWG HTML §9.2).
public struct ServerEvent: Sendable, Equatable {
  /// Its name.
  public let name: String
  /// In the order of the inputs.
  public let data: String
  /// Its number.
  public let id: String?
}

/// Takes the pieces of a body apart into lines.
struct LineReader {
  private var rest: [UInt8] = []

  /// Whole lines, without their ends.
  mutating func lines(of piece: some Sequence<UInt8>) -> [String] {
    var lines: [String] = []
    for byte in piece {
      if byte == UInt8(ascii: "\n") {
        lines.append(taken())
      } else {
        rest.append(byte)
      }
    }
    return lines
  }

  /// What stands behind the last line end; nil where nothing does.
  mutating func end() -> String? { rest.isEmpty ? nil : taken() }

  private mutating func taken() -> String {
    defer { rest.removeAll() }
    if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
    return String(decoding: rest, as: UTF8.self)
  }
}

/// Puts lines together to events.
struct EventReader {
  private var name = "message"
  private var data: [String] = []
  private var id: String?

  /// The event that the line ends; nil for any other line.
  mutating func event(endedBy line: String) -> ServerEvent? {
    if line.isEmpty {
      defer { (name, data) = ("message", []) }
      return data.isEmpty
        ? nil : ServerEvent(name: name, data: data.joined(separator: "\n"), id: id)
    }
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    var value = parts.count == 2 ? parts[1] : ""
    if value.first == " " { value.removeFirst() }
    switch parts[0] {
    case "event": name = String(value)
    case "data": data.append(String(value))
    case "id": id = String(value)
    default: break
    }
    return nil
  }
}
