import ArgumentParser
import Postgres

/// An error of the database as a person reads it: what, where, what to do.
struct AdvisedError: Error, CustomStringConvertible {
  let description: String

  /// The same error where there is nothing better to say.
  static func of(_ error: any Error) -> any Error {
    let cause: PostgresError? =
      switch error {
      case let error as PostgresError: error
      case MigrationError.failed(_, _, let error): error
      default: nil
      }
    guard let cause, let advice = cause.advice else { return error }
    if error is MigrationError { return AdvisedError(description: "\(error); \(advice)") }
    return AdvisedError(description: advice)
  }
}

extension Ligature {
  /// Runs the command line; the one place where errors of the database get their advice.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      exit(withError: AdvisedError.of(error))
    }
  }
}
