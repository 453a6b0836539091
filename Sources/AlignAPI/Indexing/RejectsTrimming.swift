import Foundation

/// Takes rows back that were written to a rejects file but whose chunk was never stored.
struct RejectsTrimming {
  /// The rejects file.
  let path: String
  /// The corpus file whose rows are meant; those of other files stay.
  let source: String
  /// The last line of the corpus file that is stored.
  let lastLine: Int

  private static let header = Data("file\tline\tfield\treason\traw".utf8)

  /// Rewrites the file without those rows.
  ///
  /// It is removed when nothing is left, and nothing happens when there is none. A run that begins anew has `lastLine` 0 and takes back every row.
  ///
  /// The file is read in blocks. Throws ``IndexError/notRejects(path:)`` when it is something else,
  /// and ``IndexError/rejectsNotWritten(path:reason:)``.
  func run() throws(IndexError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    do {
      try rewrite()
    } catch let error as IndexError {
      throw error
    } catch {
      throw .rejectsNotWritten(path: path, reason: error.localizedDescription)
    }
  }

  private func rewrite() throws {
    let input = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? input.close() }
    var lines = LineBlocks(input: input)
    guard let first = try lines.next() else { return }
    guard first == Self.header else { throw IndexError.notRejects(path: path) }

    let temporary = path + ".new"
    try Data().write(to: URL(fileURLWithPath: temporary))
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
    defer { try? output.close() }
    var kept = Self.header + Data([10])
    var rows = 0
    while let line = try lines.next() {
      guard isKept(line) else { continue }
      rows += 1
      kept += line + Data([10])
      if kept.count > 1 << 20 {
        try output.write(contentsOf: kept)
        kept = Data()
      }
    }
    try output.write(contentsOf: kept)
    if rows == 0 {
      try FileManager.default.removeItem(atPath: temporary)
      try FileManager.default.removeItem(atPath: path)
    } else {
      let failed = unsafe rename(temporary, path) != 0
      if failed {
        throw IndexError.rejectsNotWritten(
          path: path, reason: unsafe String(cString: strerror(errno)))
      }
    }
  }

  private func isKept(_ row: Data) -> Bool {
    let fields = row.split(separator: 9, maxSplits: 2, omittingEmptySubsequences: false)
    // A row cut short by a kill.
    guard fields.count == 3, let line = Int(String(decoding: fields[1], as: UTF8.self)) else {
      return false
    }
    let file = String(decoding: fields[0], as: UTF8.self).replacing("\\t", with: "\t")
      .replacing("\\n", with: "\n").replacing("\\r", with: "\r").replacing("\\\\", with: "\\")
    return Self.standardized(file) != Self.standardized(source) || line <= lastLine
  }

  private static func standardized(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// The lines of a file without their ends, read in blocks of 1 MiB.
  private struct LineBlocks {
    let input: FileHandle
    private var block = Data()

    init(input: FileHandle) {
      self.input = input
    }

    mutating func next() throws -> Data? {
      while true {
        if let end = block.firstIndex(of: 10) {
          defer { block = block[(end + 1)...] }
          return Data(block[..<end])
        }
        guard let more = try input.read(upToCount: 1 << 20), !more.isEmpty else {
          defer { block = Data() }
          return block.isEmpty ? nil : Data(block)
        }
        block = Data(block) + more
      }
    }
  }
}
