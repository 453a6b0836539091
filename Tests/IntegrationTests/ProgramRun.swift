import Foundation
import Glibc

/// One run of the built program, which lies beside the test bundle.
final class ProgramRun {
  private let process = Process()
  private let output: URL

  /// Where the built program lies.
  static var program: URL {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
    return URL(fileURLWithPath: bundle ?? CommandLine.arguments[0])
      .resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("ligature")
  }

  /// Starts the program; its standard output goes to a file, its messages nowhere.
  ///
  /// `launcher` is a command line that runs what follows it, such as one that changes the user.
  init(
    _ arguments: [String], program: URL = ProgramRun.program, launcher: [String] = [],
    environment: [String: String] = [:]
  ) throws {
    output = FileManager.default.temporaryDirectory
      .appendingPathComponent("ligature-output-\(UUID().uuidString)")
    try Data().write(to: output)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = launcher + [program.path] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit { try? FileManager.default.removeItem(at: output) }

  var isRunning: Bool { process.isRunning }

  func wait() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// What it has printed so far.
  func printed() throws -> Data { try Data(contentsOf: output) }

  /// Asks it to stop.
  func terminate() { Glibc.kill(process.processIdentifier, SIGTERM) }

  /// Its exit status, or nil when it runs longer than that; gives other tasks their thread.
  func status(within limit: Duration) async throws -> Int32? {
    let deadline = ContinuousClock.now + limit
    while process.isRunning {
      if ContinuousClock.now > deadline { return nil }
      try await Task.sleep(for: .milliseconds(5))
    }
    return process.terminationReason == .exit ? process.terminationStatus : nil
  }

  /// Kills it and returns whether it was still at work.
  func kill() -> Bool {
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }
}

/// A temporary folder that is removed with its owner.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/ligature-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A model that is trained in a second and bad at chemistry.
enum TinyModel {
  /// Trains it to `<folder>/tiny`; its other files are written to the folder.
  static func trainingArguments(
    in folder: String, name: String = "tiny", seed: Int = 1
  ) throws -> [String] {
    let compounds = try String(
      contentsOfFile: ProjectFolder.path + "/data/compounds.tsv", encoding: .utf8
    ).split(separator: "\n").prefix(13).joined(separator: "\n")
    let view = #"{"components": 16, "minimumDocumentFrequency": 1}"#
    let settings = """
      {"moleculeView": \(view), "structureView": \(view), "textView": \(view),
       "hiddenWidth": 16, "outputWidth": 16,
       "batchSize": 12, "epochs": 1, "seed": \(seed)}
      """
    let (pairs, config) = (folder + "/pairs.tsv", folder + "/config.json")
    try compounds.write(toFile: pairs, atomically: true, encoding: .utf8)
    try settings.write(toFile: config, atomically: true, encoding: .utf8)
    return [
      "train", "--pairs", pairs, "--dev", pairs, "--pool", pairs, "--config", config,
      "--out", folder + "/" + name,
    ]
  }
}

/// The project's folder.
enum ProjectFolder {
  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
}
