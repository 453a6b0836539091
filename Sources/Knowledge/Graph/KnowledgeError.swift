import Records

/// Why a knowledge graph cannot be read or written.
package struct KnowledgeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Reason: Hashable, Sendable {
    /// The system refused, or compressed data is damaged; in words.
    case unreadable(String)
    /// There is nothing in the file.
    case emptyFile
    /// The header of a table lacks a column.
    case missingColumn(found: [String])
    /// The file is not in the OBO format.
    case notOBO(found: String)
    /// A bad row or clause, in strict reading.
    case badRow(expected: String, found: String)
    /// No file held a usable term.
    case noTerms
    /// There is no graph in the folder.
    case notFound
    /// The file is not a graph file.
    case notAGraph
    /// The graph was written by a later version of the format.
    case newerFormat(found: Int, supported: Int)
    /// The graph file ends too early or goes on too long.
    case wrongSize(expected: Int, found: Int)
    /// The graph file's SHA-256 is not the one that it names.
    case checksumMismatch(found: String, expected: String)
    /// The graph file contradicts itself.
    case malformed(String)
    /// The system refused to write; its own words.
    case notWritten(String)
  }

  /// The file or folder.
  package let path: String
  /// The line, counted from 1, where the failure has one.
  package let line: Int?
  /// The column or tag, where the failure has one.
  package let field: String?
  /// What is wrong.
  package let reason: Reason

  /// Names a place and what is wrong there.
  package init(path: String, line: Int? = nil, field: String? = nil, reason: Reason) {
    self.path = path
    self.line = line
    self.field = field
    self.reason = reason
  }

  /// Refuses a bad row where none is wanted.
  static func refused(_ reject: RejectedRecord) -> KnowledgeError {
    KnowledgeError(
      path: reject.file, line: reject.line, field: reject.field,
      reason: .badRow(expected: reject.expected, found: reject.found))
  }

  /// A sentence for people.
  package var description: String {
    var place = path
    if let line { place += ", line \(line)" }
    if let field { place += ", field \(field)" }
    switch reason {
    case .unreadable(let words): return words.hasPrefix(path) ? words : "\(place): \(words)"
    case .emptyFile: return "\(place): empty; a header and rows expected"
    case .missingColumn(let found):
      let names = found.prefix(12).map { $0.prefix(40) }.joined(separator: ", ")
      return "\(place): missing from the header, which names: \(names)"
    case .notOBO(let found):
      return "\(place): not an OBO file: expected 'format-version: 1.4' or '[Term]', found \(found)"
    case .badRow(let expected, let found):
      return "\(place): expected \(expected), found \(found)"
    case .noTerms: return "\(place): no usable term"
    case .notFound:
      return "\(place): no knowledge graph here (graph.kg is missing); make it with: "
        + "ligature kg import"
    case .notAGraph: return "\(place): not a knowledge graph file"
    case .newerFormat(let found, let supported):
      return "\(place): format \(found) found, up to \(supported) supported: a newer Ligature "
        + "wrote it"
    case .wrongSize(let expected, let found):
      let what = found < expected ? "truncated" : "too long"
      return "\(place): \(what): \(found) bytes found, \(expected) expected"
    case .checksumMismatch(let found, let expected):
      return "\(place): corrupt: SHA-256 \(found) found, \(expected) expected"
    case .malformed(let words): return "\(place): malformed: \(words)"
    case .notWritten(let words): return "\(place): cannot be written: \(words)"
    }
  }
}
