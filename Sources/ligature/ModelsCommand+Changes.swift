import AlignAPI
import ArgumentParser
import Foundation
import Postgres

struct ModelsPromoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote", abstract: "Make a model the one that answers.",
    discussion: """
      One transaction clears the old mark and sets the new one, and servers are told. Corpora that
      the model has not embedded as a whole are named, for they answer with a part only.

      Example: ligature models promote m2
      """)

  @Argument(help: "The model's name in the database.")
  var name: String

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let connection = try Connection(database.readySettings())
    let store = ModelStore(connection)
    let model = try ModelsCommand.find(name, in: store)
    let isNew = try store.promote(
      model,
      recording: AuditEntry(
        actor: AuditLog.commandLine, action: "model.promote", target: model.name))
    print(isNew ? "\(model.name) answers now" : "\(model.name) answers already")
    for entry in try CorpusStore(connection).overview() {
      let share = entry.shares.first { $0.model.id == model.id }.map(entry.share) ?? 0
      guard share < 1, entry.counts.items > 0 else { continue }
      let percent = String(format: "%.1f", share * 100)
      FileHandle.standardError.write(
        Data("corpus \(entry.corpus.name) is embedded to \(percent)% only\n".utf8))
    }
  }
}

struct ModelsDropCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop", abstract: "Delete a model with its embeddings; items stay.",
    discussion: """
      One transaction drops the tables of its embeddings and its row, and servers are told. A model
      that has embeddings, is promoted or is indexing needs --yes.

      Example: ligature models drop m1 --yes
      """)

  @Argument(help: "The model's name in the database.")
  var name: String

  @Flag(name: .long, help: "Drop it although it is in use.")
  var yes = false

  @OptionGroup var database: DatabaseOptions

  func run() throws {
    let store = ModelStore(try Connection(database.readySettings()))
    let model = try ModelsCommand.find(name, in: store)
    let entry = try store.overview(model)
    if entry.isInUse && !yes { throw ConfirmationNeeded(Self.uses(of: entry)) }
    try store.drop(
      model,
      recording: AuditEntry(
        actor: AuditLog.commandLine, action: "model.delete", target: model.name))
    let counts = entry.embeddings
    print(
      "dropped \(model.name) with embeddings of \(grouped(counts.molecules)) molecules and "
        + "\(grouped(counts.texts)) texts")
  }

  static func uses(of entry: ModelOverview) -> String {
    var uses: [String] = []
    if entry.isPromoted { uses.append("answers now") }
    if entry.openJobs > 0 {
      uses.append("is indexing (\(entry.openJobs) job\(entry.openJobs == 1 ? "" : "s"))")
    }
    let counts = entry.embeddings
    if counts.molecules + counts.texts > 0 {
      uses.append(
        "has embedded \(grouped(counts.molecules)) molecules and \(grouped(counts.texts)) texts")
    }
    return "\(entry.model.name) " + uses.joined(separator: ", ")
  }
}

/// Something would be lost, and nobody has said that it may.
struct ConfirmationNeeded: Error, CustomStringConvertible {
  let loss: String

  init(_ loss: String) {
    self.loss = loss
  }

  var description: String { "\(loss); say --yes to drop it all the same" }
}
