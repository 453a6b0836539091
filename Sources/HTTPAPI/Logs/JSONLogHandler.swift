import AlignAPI
import Foundation
package import Logging

/// Writes each log event as one line of JSON.
///
/// Members: `time` (RFC 3339, UTC, milliseconds), `level`, `logger`, `message`, then the metadata,
/// sorted; metadata of these names are left out.
package struct JSONLogHandler: LogHandler {
  private static let reserved: Set = ["time", "level", "logger", "message"]

  private let label: String
  private let write: @Sendable ([UInt8]) -> Void

  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?
  package var logLevel = Logger.Level.info

  /// A handler whose lines go to `write`, whole and each with its line feed.
  package init(label: String, write: @escaping @Sendable ([UInt8]) -> Void) {
    self.label = label
    self.write = write
  }

  /// A handler whose lines go to standard error.
  package static func standardError(label: String) -> JSONLogHandler {
    // One call for each line, which is shorter than what other writers could come between.
    JSONLogHandler(label: label) { FileHandle.standardError.write(Data($0)) }
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    write(Self.line(event, label: label, metadata: merged(event.metadata), time: Date()))
  }

  private func merged(_ own: Logger.Metadata?) -> Logger.Metadata {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
    if let own { all.merge(own) { _, new in new } }
    return all
  }

  static func line(
    _ event: LogEvent, label: String, metadata: Logger.Metadata, time: Date
  ) -> [UInt8] {
    var json = JSONWriter(capacity: 256)
    json.object { json in
      json.name("time")
      json.string(time.formatted(Self.timeFormat))
      json.name("level")
      json.string(event.level.rawValue)
      json.name("logger")
      json.string(label)
      json.name("message")
      json.string("\(event.message)")
      for (name, value) in metadata.sorted(by: { $0.key < $1.key })
      where !reserved.contains(name) {
        json.name(text: name)
        value.write(to: &json)
      }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private static let timeFormat = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}

extension Logger.MetadataValue {
  fileprivate func write(to json: inout JSONWriter) {
    switch self {
    case .string(let text): json.string(text)
    case .stringConvertible(let number as Int): json.integer(number)
    case .stringConvertible(let number as Double) where number.isFinite: json.number(number)
    case .stringConvertible(let flag as Bool): json.boolean(flag)
    case .stringConvertible(let value): json.string("\(value)")
    case .array(let values):
      json.array { json in
        for value in values { value.write(to: &json) }
      }
    case .dictionary(let members):
      json.object { json in
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
          json.name(text: name)
          value.write(to: &json)
        }
      }
    }
  }
}
