import ArgumentParser
import HTTPAPI
import Logging

/// Options of what a server logs, and how.
struct ServeLogOptions: ParsableArguments {
  /// How a line is written.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  @Option(
    name: .long, help: "What is logged to standard error; debug logs every request.",
    transform: { word in
      guard let level = Logger.Level(rawValue: word) else {
        let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("'\(word)' is none of: \(known)")
      }
      return level
    })
  var logLevel = Logger.Level.info

  @Option(name: .long, help: "How it is logged; json writes one object a line.")
  var logFormat = Format.text

  @Flag(
    name: .long,
    help: "Log targets and bodies of requests too, with their texts and SMILES; needs debug.")
  var logQueries = false

  /// The process's logger.
  func makeLogger() -> Logger {
    let isJSON = logFormat == .json
    LoggingSystem.bootstrap { label -> any LogHandler in
      if isJSON { return JSONLogHandler.standardError(label: label) }
      return StreamLogHandler.standardError(label: label)
    }
    var log = Logger(label: "ligature")
    log.logLevel = logLevel
    return log
  }
}
