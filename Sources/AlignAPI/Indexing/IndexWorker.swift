package import Alignment
import Foundation
package import Postgres

/// Takes chunks from the queue, encodes them and stores them, until nothing is left.
///
/// Any number of workers, in any number of processes and machines, share the work. Reading and
/// encoding of a chunk overlaps storing of the one before.
package final class IndexWorker {
  private let checkpoint: Checkpoint
  private let model: StoredModel
  private let settings: ConnectionSettings
  private let scope: WorkScope
  private let lease: Duration
  private let name: String
  private let keeper: LeaseKeeper
  private let storing = BackgroundStep()
  private var connections: Connections
  private var jobs: [Int64: IndexJob] = [:]
  private var losses = ConnectionLosses()
  private var beingStored: ChunkLease?
  package private(set) var stages = IndexStages()
  /// Chunks that this worker stored.
  package private(set) var chunksDone = 0

  private struct Connections {
    /// For the queue and for look-ups.
    let queue: Connection
    /// For the thread that stores.
    let storing: Connection

    init(_ settings: ConnectionSettings) throws {
      let settings = settings.withPlansForFewRows
      queue = try Connection(settings)
      storing = try Connection(settings)
    }
  }

  /// A worker with connections of its own; `lease` is how long a chunk stays with a worker that
  /// gives no sign of life.
  package init(
    checkpoint: Checkpoint, model: StoredModel, settings: ConnectionSettings, scope: WorkScope,
    lease: Duration
  ) throws {
    self.checkpoint = checkpoint
    self.model = model
    self.settings = settings
    self.scope = scope
    self.lease = lease
    name = "\(ProcessInfo.processInfo.hostName):\(ProcessInfo.processInfo.processIdentifier)"
    keeper = LeaseKeeper(settings: settings, lease: lease)
    connections = try Connections(settings)
  }

  /// Works until `shouldStop`, which is asked before each chunk, or until `isOver`, which is asked
  /// when there is nothing to take; then waits a moment and asks again.
  ///
  /// `report` hears after each chunk and each wait. Throws ``IndexError`` and `PostgresError`; what
  /// a failed worker held is given back.
  package func run(
    shouldStop: () -> Bool, isOver: (IndexJobStore) throws -> Bool,
    report: (IndexJobStore) throws -> Void
  ) throws {
    let start = ContinuousClock.now
    defer {
      stages.writing = storing.seconds
      stages.total = (.now - start) / .seconds(1)
    }
    while true {
      do {
        while !shouldStop() {
          if try step() {
            try report(store)
          } else if try isOver(store) {
            break
          } else {
            try report(store)
            Thread.sleep(forTimeInterval: 0.03)
          }
        }
        try settle()
        try report(store)
        return
      } catch let error as PostgresError where error.isConnectionLoss {
        try reconnect(after: error)
      }
    }
  }

  private var store: IndexJobStore { IndexJobStore(connections.queue) }

  /// Takes and encodes one chunk and begins to store it; returns whether anything was done.
  ///
  /// With none to take, it waits for the one that is being stored.
  private func step() throws -> Bool {
    guard let (held, payload) = try store.take(scope, worker: name, lease: lease) else {
      return try settle()
    }
    keeper.hold(held)
    let job: IndexJob
    let output: ChunkEncoder.Output
    do {
      job = try self.job(held.jobID)
      var encoder = ChunkEncoder(
        lookup: ItemLookup(
          connection: connections.queue, corpusID: job.corpusID, modelID: model.id),
        model: checkpoint.model, path: job.path ?? "the corpus")
      output = try encoder.output(of: payload)
      stages.parsing += encoder.seconds.parsing
      stages.encoding += encoder.seconds.encoding
    } catch {
      try giveBack(held, after: error)
      return true
    }
    do {
      try settle()
    } catch {
      // The error is that of the chunk before; this one is as good as it was.
      keeper.drop(held)
      try? store.release(held)
      throw error
    }
    begin(output, held, job)
    return true
  }

  private func begin(_ output: ChunkEncoder.Output, _ held: ChunkLease, _ job: IndexJob) {
    let writer = ChunkWriter(
      connection: connections.storing, corpusID: job.corpusID, model: model,
      path: job.path ?? "the corpus", isStrict: job.isStrict)
    beingStored = held
    storing.begin {
      switch output {
      case .rows(let chunk): try writer.write(chunk, held)
      case .items(let items, let vectors): try writer.embed(items, vectors, held)
      }
    }
  }

  /// Waits for the chunk that is being stored; returns whether there was one.
  @discardableResult
  private func settle() throws -> Bool {
    let before = ContinuousClock.now
    defer { stages.waiting += (.now - before) / .seconds(1) }
    guard let held = beingStored else { return false }
    beingStored = nil
    do {
      _ = try storing.finish()
      keeper.drop(held)
      chunksDone += 1
      losses.reset()
    } catch {
      try giveBack(held, after: error)
    }
    return true
  }

  /// Lets go of a chunk, and throws the error when it ends this worker.
  ///
  /// What is wrong with the chunk itself makes its job fail. What is wrong with the server leaves
  /// the chunk for later.
  private func giveBack(_ held: ChunkLease, after error: any Error) throws {
    keeper.drop(held)
    switch error {
    case ChunkInterruption.leaseLost:
      jobs[held.jobID] = nil
    case is ChunkInterruption:
      try store.release(held)
    case IndexError.badRow, IndexError.vectorNotFinite, IndexError.damagedChunk:
      try store.fail(held, "\(error)")
      throw error
    case let lost as PostgresError where lost.isConnectionLoss:
      // The chunk may have been stored before the connection broke; then there is none to release.
      try reconnect(after: lost)
      try store.release(held)
    case let refusal as PostgresError:
      if let known = IndexError(refusal) {
        try? store.release(held)
        throw known
      }
      guard held.attempt < IndexJobStore.maximumAttempts, refusal.isWriteConflict else {
        try store.fail(held, "\(refusal)")
        throw refusal
      }
      try store.release(held)
    default:
      try? store.release(held)
      throw error
    }
  }

  /// The job of a chunk, as far as it does not change.
  private func job(_ id: Int64) throws -> IndexJob {
    if let known = jobs[id] { return known }
    let job = try store.job(id)
    jobs[id] = job
    return job
  }

  /// Replaces both connections; a chunk that was being stored is seen to first.
  private func reconnect(after loss: PostgresError) throws {
    let held = beingStored
    beingStored = nil
    if held != nil { _ = try? storing.finish() }
    while true {
      let first = try losses.reconnect(after: loss, settings)
      guard let both = try? Connections(settings) else { continue }
      withExtendedLifetime(first) { connections = both }
      break
    }
    if let held {
      keeper.drop(held)
      try store.release(held)
    }
  }
}

extension ConnectionSettings {
  /// The same for statements that look up the rows of a chunk by keys: the planner does not read a
  /// table as a whole for them, whatever it believes of a corpus that has just begun to grow.
  package var withPlansForFewRows: ConnectionSettings {
    let plans = ["seqscan", "bitmapscan", "hashjoin", "mergejoin"].map { "-c enable_\($0)=off" }
    let options = plans + [value(of: "options")].compactMap(\.self)
    return with(parameter: "options", value: options.joined(separator: " "))
  }
}
