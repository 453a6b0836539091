import AlignAPI
import Foundation

/// Further processes of this program that work on a job.
final class WorkerProcesses {
  private let count: Int
  private let arguments: [String]
  private var running: [Process] = []

  /// `arguments` are those of `ligature index work` but for the job.
  init(count: Int, arguments: [String]) {
    self.count = count
    self.arguments = arguments
  }

  /// Starts them; one that cannot be started is said to be missing, and the work goes on.
  func start(job: Int64) {
    for _ in 0..<count {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: MigrationsFolder.runningExecutable)
      process.arguments = ["index", "work", "--quiet", "--job", "\(job)"] + arguments
      process.standardInput = FileHandle.nullDevice
      do {
        try process.run()
        running.append(process)
      } catch {
        let message = "a worker could not be started: \(error.localizedDescription)\n"
        FileHandle.standardError.write(Data(message.utf8))
      }
    }
  }

  /// Asks those that still run to end behind the chunk at hand, and waits for them.
  func end() {
    for process in running where process.isRunning { process.terminate() }
    for process in running { process.waitUntilExit() }
    running = []
  }
}
