import Foundation

/// Appends rejected rows to a file of tab-separated `file`, `line`, `field`, `reason`, `raw`.
///
/// The file is made at the first reject, with a header when it is new or empty; every row is
/// written at once. Inside values, tab, line feed, carriage return and backslash are written `\t`,
/// `\n`, `\r` and `\\`, as PostgreSQL's COPY text does.
public final class RejectsFile {
  /// The first line of such a file.
  package static let header = "file\tline\tfield\treason\traw\n"

  /// Where the rejects go.
  public let path: String
  /// How many rows this writer has written.
  public private(set) var count = 0
  private var handle: FileHandle?

  /// Names the file; nothing is created yet.
  public init(path: String) {
    self.path = path
  }

  deinit {
    try? handle?.close()
  }

  /// Writes one row.
  ///
  /// - Throws: ``RecordsError`` with reason `cannotWrite`.
  public func append(_ reject: RejectedRecord) throws(RecordsError) {
    let row = Self.line(reject) + "\n"
    do {
      let handle = try handle ?? open()
      try handle.write(contentsOf: Data(row.utf8))
    } catch {
      throw RecordsError(
        .cannotWrite, file: path, found: error.localizedDescription, expected: "a writable file")
    }
    count += 1
  }

  /// A row as the file spells it, without its end.
  package static func line(_ reject: RejectedRecord) -> String {
    let values = [
      reject.file, String(reject.line), reject.field ?? "", reject.reason, reject.raw,
    ]
    return values.map(escaped).joined(separator: "\t")
  }

  private func open() throws -> FileHandle {
    if !FileManager.default.fileExists(atPath: path) {
      try Data().write(to: URL(fileURLWithPath: path))
    }
    let opened = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    if try opened.seekToEnd() == 0 { try opened.write(contentsOf: Data(Self.header.utf8)) }
    handle = opened
    return opened
  }

  /// Undoes ``escaped(_:)``; a backslash before anything else stays.
  static func unescaped(_ value: some Sequence<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var isEscaped = false
    for byte in value {
      if !isEscaped && byte == UInt8(ascii: "\\") {
        isEscaped = true
        continue
      }
      guard isEscaped else {
        result.append(byte)
        continue
      }
      isEscaped = false
      switch byte {
      case UInt8(ascii: "\\"): result.append(byte)
      case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "r"): result.append(UInt8(ascii: "\r"))
      default: result += [UInt8(ascii: "\\"), byte]
      }
    }
    if isEscaped { result.append(UInt8(ascii: "\\")) }
    return result
  }

  static func escaped(_ value: String) -> String {
    var result = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
