package import Digest
import Tensor

/// A graph file: 8 bytes that name the kind, the format as 4 bytes, the size of the content as 8 bytes
/// (both little-endian), a SHA-256 of all that and the content (32 bytes), then the content.
///
/// The content is a sequence of variable-length numbers and counted UTF-8 strings: sources, relations,
/// terms, then the edges of every term in turn.
extension KnowledgeGraph {
  /// The newest format this version reads and the one it writes.
  package static let format = 1
  /// The file's name in its folder.
  package static let fileName = "graph.kg"

  /// A byte outside ASCII and both line ends show up what a text-mode copy does to a file.
  private static let magic: [UInt8] = [0x89] + Array("KG\r\n".utf8) + [0x1A, 0x0A, 0x00]
  private static let headerCount = 8 + 4 + 8 + SHA256Digest.byteCount

  /// Writes the graph to a folder, made if need be; an older graph there is replaced in one step.
  ///
  /// - Returns: the SHA-256 that the file carries, which names the graph's content.
  /// - Throws: ``KnowledgeError``.
  @discardableResult
  package func write(toFolder folder: String) throws(KnowledgeError) -> SHA256Digest {
    let content = encoded()
    var start = Self.magic
    start += Self.littleEndian(UInt64(Self.format), bytes: 4)
    start += Self.littleEndian(UInt64(content.count), bytes: 8)
    let digest = SHA256Digest.of(bytes: start + content)
    do throws(FileError) {
      try DurableFile.makeFolder(folder)
      try DurableFile.write(start + digest.bytes + content, to: folder + "/" + Self.fileName)
    } catch {
      throw KnowledgeError(path: error.path, reason: .notWritten(error.words))
    }
    return digest
  }

  /// Reads the graph of a folder, checking its SHA-256 and every number.
  ///
  /// - Returns: the graph, and the SHA-256 that names its content.
  /// - Throws: ``KnowledgeError`` that says how the file is wrong.
  package static func read(
    fromFolder folder: String
  ) throws(KnowledgeError) -> (graph: KnowledgeGraph, checksum: SHA256Digest) {
    let path = folder + "/" + fileName
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try DurableFile.read(path)
    } catch {
      if error.isNotFound { throw KnowledgeError(path: folder, reason: .notFound) }
      throw KnowledgeError(path: path, reason: .unreadable(error.words))
    }
    return try decode(bytes, path: path)
  }

  private static func decode(
    _ bytes: [UInt8], path: String
  ) throws(KnowledgeError) -> (graph: KnowledgeGraph, checksum: SHA256Digest) {
    func failure(_ reason: KnowledgeError.Reason) -> KnowledgeError {
      KnowledgeError(path: path, reason: reason)
    }
    guard !bytes.isEmpty, bytes.starts(with: magic.prefix(bytes.count)) else {
      throw failure(.notAGraph)
    }
    guard bytes.count >= headerCount else {
      throw failure(.wrongSize(expected: headerCount, found: bytes.count))
    }
    let version = number(bytes[8..<12])
    guard version >= 1 else { throw failure(.malformed("format 0")) }
    guard version <= UInt64(format) else {
      throw failure(.newerFormat(found: Int(version), supported: format))
    }
    let (size, overflow) = number(bytes[12..<20]).addingReportingOverflow(UInt64(headerCount))
    guard !overflow, size == UInt64(bytes.count) else {
      throw failure(.wrongSize(expected: Int(clamping: size), found: bytes.count))
    }
    let expected = SHA256Digest(bytes: Array(bytes[20..<headerCount]))
    let content = Array(bytes[headerCount...])
    let found = SHA256Digest.of(bytes: bytes[..<20] + content)
    guard found == expected else {
      throw failure(
        .checksumMismatch(found: found.hexadecimal, expected: expected.hexadecimal))
    }
    var reader = GraphBytesReader(content)
    do throws(GraphBytesReader.Malformed) {
      return (try KnowledgeGraph(from: &reader), expected)
    } catch {
      throw failure(.malformed(error.words))
    }
  }

  private static func littleEndian(_ value: UInt64, bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
