import Foundation
import HTTPDaemon

/// The lines of a request's body, one after another, in bounded memory.
struct BodyLines {
  /// Longest line that is handed out whole, in bytes; of a longer one only its number is.
  static let longestLine = 4 << 20

  enum Line: Equatable {
    case bytes([UInt8])
    /// More bytes than ``longestLine``.
    case tooLong
  }

  private enum Source {
    case memory
    case file(FileHandle)
  }

  private let source: Source
  private var buffer: [UInt8]
  private var start = 0
  private var isAtEnd: Bool
  /// Whether the rest of a line that is too long is passed over.
  private var isSkipping = false
  /// Lines handed out so far, empty ones included.
  private(set) var count = 0

  init(_ request: HTTPRequest) throws {
    if let file = request.bodyFile {
      source = .file(try FileHandle(forReadingFrom: URL(fileURLWithPath: file.path)))
      (buffer, isAtEnd) = ([], false)
    } else {
      source = .memory
      (buffer, isAtEnd) = (request.body, true)
    }
  }

  /// The next line without its end, nil behind the last; blocks.
  mutating func next() throws -> Line? {
    while true {
      if let end = buffer[start...].firstIndex(of: 10) {
        defer { start = end + 1 }
        count += 1
        if isSkipping {
          isSkipping = false
          return .tooLong
        }
        return end - start > Self.longestLine ? .tooLong : .bytes(line(start..<end))
      }
      if isAtEnd {
        guard start < buffer.count || isSkipping else { return nil }
        defer { (start, isSkipping) = (buffer.count, false) }
        count += 1
        let isTooLong = isSkipping || buffer.count - start > Self.longestLine
        return isTooLong ? .tooLong : .bytes(line(start..<buffer.count))
      }
      buffer.removeSubrange(..<start)
      start = 0
      if buffer.count > Self.longestLine {
        isSkipping = true
        buffer = []
      }
      try fill()
    }
  }

  private mutating func fill() throws {
    guard case .file(let file) = source, let block = try file.read(upToCount: 256 << 10),
      !block.isEmpty
    else {
      isAtEnd = true
      return
    }
    buffer += block
  }

  /// Without a carriage return before the line's end.
  private func line(_ range: Range<Int>) -> [UInt8] {
    let bytes = buffer[range]
    return Array(bytes.last == 13 ? bytes.dropLast() : bytes)
  }
}

extension HTTPRequest {
  /// The whole body, wherever it is kept; for operations whose limit is small.
  func wholeBody() throws(APIError) -> [UInt8] {
    guard let file = bodyFile else { return body }
    guard let data = FileManager.default.contents(atPath: file.path), data.count == file.length
    else { throw .failed }
    return Array(data)
  }
}
