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

/// The project's folder.
enum ProjectFolder {
  static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
}
