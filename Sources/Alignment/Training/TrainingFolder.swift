import Foundation
import MoEBackbone
import Tensor

/// `<out>.training`, where a run works, and `<out>`, where its checkpoint appears.
struct TrainingFolder {
  /// How a run begins.
  enum Start {
    /// The same run is finished; this is how it did.
    case finished(Evaluation)
    /// The folder is ready and belongs to this process for as long as it keeps the lock.
    case begun(FileLock)
  }

  let destination: String

  var staging: String { destination + ".training" }
  var state: String { staging + "/" + Self.stateFile }
  /// Beside the checkpoint, so that its path is the same before and after the run.
  var rejects: String { destination + ".rejects.tsv" }

  private static let heatmaps = "heatmaps"
  private static let stateFile = "state.safetensors"
  private static let lockFile = "lock"

  /// Finds the run finished, or takes the folder for it.
  func begin(_ manifest: TrainingManifest, resume: Bool) throws(CheckpointError) -> Start {
    if let evaluation = try finished(manifest, resume: resume) { return .finished(evaluation) }
    let lock = try lock()
    // Whoever held the lock may have finished meanwhile.
    if FileManager.default.fileExists(atPath: destination) {
      try? FileManager.default.removeItem(atPath: staging + "/" + Self.lockFile)
      DurableFile.removeEmptyFolder(staging)
      if let evaluation = try finished(manifest, resume: resume) { return .finished(evaluation) }
    }
    try prepare(manifest, resume: resume)
    return .begun(lock)
  }

  /// Draws what the experts of a block did in an epoch.
  func write(
    heatmap snapshot: ExpertCapacitySnapshot, epoch: Int, block: Int
  ) throws(CheckpointError) {
    let pictures = staging + "/" + Self.heatmaps
    let path = pictures + "/epoch-\(epoch)-block-\(block + 1).svg"
    try CheckpointFile.refusing(path) { () throws(FileError) in
      try DurableFile.makeFolder(pictures)
      try DurableFile.write(
        snapshot.svg(title: "Block \(block + 1), epoch \(epoch)"), to: path)
    }
  }

  /// Removes what only an unfinished run needs from the finished checkpoint.
  func removeLeftovers(_ configuration: TrainingConfiguration) {
    let unread = configuration.readsLexicalView ? [] : [Checkpoint.textViewFile]
    for leftover in [Self.stateFile, Self.stateFile + ".new", Self.lockFile] + unread {
      try? FileManager.default.removeItem(atPath: destination + "/" + leftover)
    }
  }

  private func finished(
    _ manifest: TrainingManifest, resume: Bool
  ) throws(CheckpointError) -> Evaluation? {
    guard FileManager.default.fileExists(atPath: destination) else { return nil }
    if !resume { throw CheckpointError(path: destination, reason: .alreadyExists) }
    let evaluation = try Checkpoint(contentsOf: destination).evaluation
    guard let data = try CheckpointFile.read(Checkpoint.runFile, in: destination) else {
      throw CheckpointError(
        path: destination,
        reason: .differentRun(
          "it does not tell what it was trained on (\(Checkpoint.runFile) is missing); "
            + "choose another name"))
    }
    try compare(manifest, with: data, in: destination)
    removeLeftovers(manifest.configuration)
    return evaluation
  }

  private func lock() throws(CheckpointError) -> FileLock {
    let lock = try CheckpointFile.refusing(staging) { () throws(FileError) in
      try DurableFile.makeFolder(staging)
      return try FileLock(staging + "/" + Self.lockFile)
    }
    guard let lock else { throw CheckpointError(path: staging, reason: .inUse) }
    return lock
  }

  private func prepare(_ manifest: TrainingManifest, resume: Bool) throws(CheckpointError) {
    if try holdsNothingSaved() {
      try CheckpointFile.write(json: manifest, to: staging + "/" + Checkpoint.runFile)
      return
    }
    guard let data = try CheckpointFile.read(Checkpoint.runFile, in: staging) else {
      throw CheckpointError(path: staging, reason: .alreadyExists)
    }
    if !resume {
      throw CheckpointError(
        path: staging,
        reason: .differentRun(
          "an interrupted run lies here: continue it with --resume, or remove the folder"))
    }
    try compare(manifest, with: data, in: staging)
  }

  /// Whether a run failed here before it saved a view: it must not stand in the way of the next.
  private func holdsNothingSaved() throws(CheckpointError) -> Bool {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: staging)
    } catch {
      throw CheckpointError(
        path: staging, reason: .unreadable(file: "", error.localizedDescription))
    }
    let disposable = [Checkpoint.runFile, Checkpoint.historyFile, Self.lockFile]
    return names.allSatisfy { disposable.contains($0) || $0.hasSuffix(".new") }
  }

  private func compare(
    _ manifest: TrainingManifest, with data: Data, in folder: String
  ) throws(CheckpointError) {
    let started: TrainingManifest
    do throws(JSONProblem) {
      started = try TrainingManifest(json: data)
    } catch {
      throw CheckpointError(
        path: folder, reason: .unreadable(file: Checkpoint.runFile, error.clause))
    }
    if let difference = manifest.difference(from: started) {
      throw CheckpointError(path: folder, reason: .differentRun(difference))
    }
  }
}
