/// Why a checkpoint or a training folder was refused.
public struct CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    /// There is no checkpoint at the path.
    case notFound
    /// config.json is not what this format asks for.
    case malformedConfiguration(String)
    /// The checkpoint was written by a later version of the format.
    case newerFormat(found: Int, supported: Int)
    /// The checkpoint was written by an earlier version of the format, which is not read any more.
    case olderFormat(found: Int, supported: Int)
    /// A file's SHA-256 is not the one in config.json.
    case checksumMismatch(file: String, found: String, expected: String)
    /// A file that config.json names is missing or cannot be read.
    case unreadable(file: String, String)
    /// A tensor is missing or has the wrong shape.
    case malformedTensors(String)
    /// The sub-words or the knowledge graph are not what was written; in words.
    case malformedPart(String)
    /// The system refused to write; its own words.
    case notWritten(String)
    /// The path is taken already.
    case alreadyExists
    /// A run to resume was started with other settings or data.
    case differentRun(String)
    /// Another process holds the training folder.
    case inUse
    /// A re-ranker belongs to another model; checksums.
    case otherModel(found: String, expected: String)
    /// A re-ranker is wanted of a model that it cannot be made for.
    case noRidgeViews
  }

  /// The checkpoint's folder.
  public let path: String
  /// What is wrong.
  public let reason: Reason

  /// A sentence for people.
  public var description: String {
    switch reason {
    case .notFound: "\(path): no checkpoint here (config.json is missing)"
    case .malformedConfiguration(let words): "\(path)/config.json: \(words)"
    case .newerFormat(let found, let supported):
      "\(path): format \(found) found, up to \(supported) supported: a newer Ligature wrote it"
    case .olderFormat(let found, let supported):
      "\(path): format \(found) found, \(supported) supported: an older Ligature wrote it; "
        + "train it again"
    case .checksumMismatch(let file, let found, let expected):
      "\(path)/\(file): corrupt: SHA-256 \(found) found, \(expected) expected"
    case .unreadable(let file, let words): "\(path)/\(file): \(words)"
    case .malformedTensors(let words): "\(path): \(words)"
    case .malformedPart(let words): words
    case .notWritten(let words): "\(path): cannot be written: \(words)"
    case .alreadyExists: "\(path): exists already; choose another name or remove it"
    case .differentRun(let words): "\(path): cannot resume: \(words)"
    case .inUse: "\(path): another process is training here"
    case .otherModel(let found, let expected):
      "\(path): was trained for the model with the checksum \(expected.prefix(8))…, "
        + "not \(found.prefix(8))…"
    case .noRidgeViews: "\(path): a re-ranker needs a model with ridge views (ridge.isEnabled)"
    }
  }
}
