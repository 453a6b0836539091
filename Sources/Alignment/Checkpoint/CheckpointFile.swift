import Foundation
import Tensor

/// Reads and writes the files of a checkpoint; what the system refuses is a ``CheckpointError``.
///
/// Whatever is written is on the disk, under its name and whole, when a call returns.
enum CheckpointFile {
  /// The bytes of a file of a folder; nil when it is not there.
  static func read(_ file: String, in folder: String) throws(CheckpointError) -> Data? {
    do throws(FileError) {
      return Data(try DurableFile.read(folder + "/" + file))
    } catch {
      if error.isNotFound { return nil }
      throw CheckpointError(path: folder, reason: .unreadable(file: file, error.words))
    }
  }

  /// Writes bytes.
  static func write(_ data: Data, to path: String) throws(CheckpointError) {
    try refusing(path) { () throws(FileError) in try DurableFile.write(Array(data), to: path) }
  }

  /// Writes a value as JSON for people: indented, keys sorted.
  static func write(json value: some Encodable, to path: String) throws(CheckpointError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("values of a checkpoint are finite")
    }
    try write(data, to: path)
  }

  /// Writes tensors.
  static func write(
    _ tensors: [String: StoredTensor], metadata: [String: String] = [:], to path: String
  ) throws(CheckpointError) {
    let temporary = path + ".new"
    do throws(SafetensorsError) {
      try SafetensorsWriter.write(tensors, metadata: metadata, to: temporary)
    } catch {
      guard case .system(let words) = error.reason else {
        throw CheckpointError(path: path, reason: .notWritten("\(error)"))
      }
      throw CheckpointError(path: path, reason: .notWritten(words))
    }
    try refusing(path) { () throws(FileError) in try DurableFile.rename(temporary, to: path) }
  }

  /// Reads saved tensors; what is wrong with them is wrong with the folder they lie in.
  static func reading<Result>(
    _ folder: String, _ body: () throws(SafetensorsError) -> Result
  ) throws(CheckpointError) -> Result {
    do throws(SafetensorsError) {
      return try body()
    } catch {
      throw CheckpointError(path: folder, reason: .malformedTensors("\(error)"))
    }
  }

  /// Runs an operation on a path; what the system refuses is `notWritten`.
  static func refusing<Result>(
    _ path: String, _ operation: () throws(FileError) -> Result
  ) throws(CheckpointError) -> Result {
    do throws(FileError) {
      return try operation()
    } catch {
      throw CheckpointError(path: path, reason: .notWritten(error.words))
    }
  }
}
