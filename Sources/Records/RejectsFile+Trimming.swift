import Foundation

extension RejectsFile {
  /// Takes rows back that were written but whose chunk was never stored: those of file `source`
  /// behind `lastLine`, and rows cut short by a kill.
  ///
  /// Rows of other files stay. The file is rewritten in blocks; it is removed when nothing is left,
  /// and nothing happens when there is none.
  ///
  /// - Throws: ``RecordsError`` with reason `notRejects` when it is something else, and
  ///   `cannotWrite`.
  package static func trim(
    _ path: String, source: String, behind lastLine: Int
  ) throws(RecordsError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    do {
      try rewrite(path) { isKept($0, source: source, lastLine: lastLine) }
    } catch let error as RecordsError {
      throw error
    } catch {
      throw RecordsError(
        .cannotWrite, file: path, found: error.localizedDescription,
        expected: "a file that can be rewritten")
    }
  }

  private static func rewrite(_ path: String, keeping isKept: (Data) -> Bool) throws {
    let header = Data(header.utf8)
    let input = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? input.close() }
    var lines = LineBlocks(input: input)
    guard let first = try lines.next() else { return }
    guard first + [10] == header else {
      throw RecordsError(
        .notRejects, file: path, line: 1, found: "another first line",
        expected: "a file of rejects; name another with --rejects")
    }

    let temporary = path + ".new"
    try Data().write(to: URL(fileURLWithPath: temporary))
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
    defer { try? output.close() }
    var kept = header
    var rows = 0
    while let line = try lines.next() {
      guard isKept(line) else { continue }
      rows += 1
      kept += line + [10]
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
      if failed { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
  }

  private static func isKept(_ row: Data, source: String, lastLine: Int) -> Bool {
    let fields = row.split(separator: 9, omittingEmptySubsequences: false)
    // Fewer than five: a row cut short by a kill.
    guard fields.count == 5, let line = Int(String(decoding: fields[1], as: UTF8.self)) else {
      return false
    }
    let file = String(decoding: unescaped(fields[0]), as: UTF8.self)
    return standardized(file) != standardized(source) || line <= lastLine
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
