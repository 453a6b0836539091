public import Foundation

/// A file that is indexed.
public struct Job: Decodable, Sendable, Equatable {
  /// Its number.
  public let id: Int64
  /// The corpus's name.
  public let corpus: String
  /// The model's name.
  public let model: String
  /// "reading", "working", "done", "failed" or "cancelled".
  public let state: String
  /// Rows that are stored.
  public let rows: Int
  /// Rows that were left out.
  public let rejects: Int
  /// Rows of the file; nil where that is not known.
  public let totalRows: Int?
  /// Which part is done, 0 to 1.
  public let share: Double
  /// How fast it was of late.
  public let rowsPerSecond: Double
  /// What is wrong; nil where nothing is.
  public let problem: String?
}

/// A page of jobs.
public struct JobList: Decodable, Sendable {
  /// The newest first.
  public let jobs: [Job]
  /// Nil on the last page.
  public let cursor: String?
}

/// One event of a job.
public struct JobEvent: Sendable, Equatable {
  /// "progress", "done", or "gone" when the corpus was deleted.
  public let name: String
  /// Nil for "gone".
  public let job: Job?
  /// Its number.
  public let id: String?
}

/// A row that was left out.
public struct RejectedRow: Decodable, Sendable, Equatable {
  /// Its line, from 1.
  public let line: Int
  /// Which part.
  public let field: String?
  /// What was there.
  public let found: String
  /// What should have been there.
  public let expected: String
  /// The row, at most its first 4,096 bytes.
  public let raw: String
}

extension Client {
  /// The media type of each format of files.
  private static let mediaTypes = [
    "tsv": "text/tab-separated-values", "csv": "text/csv", "ndjson": "application/x-ndjson",
    "smi": "chemical/x-daylight-smiles", "sdf": "chemical/x-mdl-sdfile",
  ]

  /// Indexes a file, plain or gzip; without `format` the server tells it by the first line.
  public func startJob(
    _ file: Data, corpus: String, format: String? = nil, idempotencyKey: String? = nil
  ) async throws -> Answer<Job> {
    try await value(
      Call(
        operation: .startJob, query: [("corpus", corpus), ("format", format)],
        headers: [keyed(idempotencyKey)], body: file,
        contentType: format.flatMap { Self.mediaTypes[$0] } ?? "application/octet-stream"))
  }

  /// A page of jobs, the newest first.
  public func listJobs(limit: Int? = nil, cursor: String? = nil) async throws -> Answer<JobList> {
    try await value(
      Call(
        operation: .listJobs, query: [("limit", limit.map(String.init)), ("cursor", cursor)]))
  }

  /// How far a job is.
  public func getJob(_ job: Int64) async throws -> Answer<Job> {
    try await value(Call(operation: .getJob, path: ["job": "\(job)"]))
  }

  /// Ends a job; what is stored stays.
  public func cancelJob(_ job: Int64, idempotencyKey: String? = nil) async throws -> Answer<Job> {
    try await value(
      Call(operation: .cancelJob, path: ["job": "\(job)"], headers: [keyed(idempotencyKey)]))
  }

  /// The job's progress until it ends; a stream that is cut off is an error, and is taken up again
  /// with the id of the last event.
  public func followJob(
    _ job: Int64, lastEventID: String? = nil
  ) async throws -> AsyncThrowingStream<JobEvent, any Error> {
    let lines = try await lines(
      Call(
        operation: .followJob, path: ["job": "\(job)"], headers: [("Last-Event-ID", lastEventID)]))
    return AsyncThrowingStream { output in
      let task = Task {
        var reader = EventReader()
        do {
          for try await line in lines {
            guard let event = reader.event(endedBy: line) else { continue }
            let found =
              event.name == "gone"
              ? nil : try Self.decoder.decode(Job.self, from: Data(event.data.utf8))
            output.yield(JobEvent(name: event.name, job: found, id: event.id))
            if event.name != "progress" { return output.finish() }
          }
          output.finish(throwing: ClientError.connection("the events ended before the job"))
        } catch {
          output.finish(throwing: error)
        }
      }
      output.onTermination = { _ in task.cancel() }
    }
  }

  /// Rows that were left out, and why.
  public func listRejects(
    _ job: Int64
  ) async throws -> AsyncThrowingStream<RejectedRow, any Error> {
    try await objects(Call(operation: .listRejects, path: ["job": "\(job)"]))
  }
}
