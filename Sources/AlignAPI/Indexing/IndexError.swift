package import Records

/// Why a corpus could not be indexed, or not further.
///
/// What is stored already stays.
package enum IndexError: Error, Sendable, Equatable {
  /// A corpus must be a file that can be read again, or standard input.
  case notAFile(path: String)
  /// Another process reads the job's file.
  case jobIsBusy(id: Int64)
  /// A bad row, where none are allowed.
  case badRow(RejectedRecord)
  /// The file was read before, or in part, and bad rows were left out where none are allowed.
  case indexedWithRejects(path: String, count: Int, rejectsPath: String)
  /// The model gives something else than numbers for the row on that line: its weights are broken.
  case vectorNotFinite(path: String, line: Int)
  /// The file changed while it was read.
  case sourceChanged(path: String)
  /// There is no job of that number.
  case unknownJob(id: Int64)
  /// The job stores vectors of another model than the worker's.
  case jobOfOtherModel(id: Int64, found: String, expected: String)
  /// The job is in another state than the command needs.
  case jobState(id: Int64, found: IndexJob.State, expected: String)
  /// The job failed, here or in another process.
  case jobFailed(id: Int64, reason: String)
  /// The job was cancelled while it was worked on.
  case jobCancelled(id: Int64)
  /// There is no corpus of that name to embed anew.
  case unknownCorpus(name: String)
  /// The database holds no such model, so nothing is queued for it.
  case unknownModel(checksum: String)
  /// A chunk's payload cannot be read.
  case damagedChunk
  /// The server's disk is full (SQLSTATE 53100).
  case databaseIsFull(message: String)
  /// The server takes no more connections (SQLSTATE 53300).
  case tooManyConnections(message: String)
  /// The connection was lost and could not be made again.
  case databaseLost(message: String)
}

extension IndexError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAFile(let path):
      "\(path) is not a regular file; a corpus is read from a file, so that indexing can be "
        + "resumed, or from standard input: -"
    case .jobIsBusy(let id):
      "another process reads the file of job \(id); help it with: ligature index work, "
        + "or run the command again when it has ended"
    case .badRow(let row):
      "\(row.file), line \(row.line)\(row.field.map { ", field \($0)" } ?? ""): \(row.reason)"
    case .indexedWithRejects(let path, let count, let rejectsPath):
      "\(path) was indexed before without --strict, and \(count) bad "
        + "\(count == 1 ? "row was" : "rows were") left out; see \(rejectsPath), correct the file "
        + "and index it again"
    case .vectorNotFinite(let path, let line):
      "\(path), line \(line): the model's vector is not finite; its weights are unusable"
    case .sourceChanged(let path):
      "\(path) changed while it was read; run the command again"
    case .unknownJob(let id): "there is no job \(id); see: ligature index status"
    case .jobOfOtherModel(let id, let found, let expected):
      "job \(id) belongs to model \(found), not \(expected); help it with the checkpoint of \(found)"
    case .jobState(let id, let found, let expected):
      "job \(id) is \(found.rawValue), not \(expected)"
    case .jobFailed(let id, let reason):
      "job \(id) failed: \(reason); try it again with: ligature index retry \(id)"
    case .jobCancelled(let id):
      "job \(id) was cancelled; take it up again with: ligature index retry \(id)"
    case .unknownCorpus(let name): "there is no corpus '\(name)'"
    case .unknownModel(let checksum):
      "no job was ever started for this model (checksum \(checksum.prefix(8))…)"
    case .damagedChunk: "the chunk's payload is damaged"
    case .databaseIsFull(let message):
      "the database's disk is full (\(message)); make room and run the command again, it goes on "
        + "where it stopped"
    case .tooManyConnections(let message):
      "the database takes no more connections (\(message)); use fewer --workers or raise its "
        + "max_connections"
    case .databaseLost(let message):
      "the database cannot be reached any more (\(message)); run the command again, it goes on "
        + "where it stopped"
    }
  }
}
