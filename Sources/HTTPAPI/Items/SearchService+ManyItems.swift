import AlignAPI
import HTTPDaemon
import Logging
import Postgres

extension SearchService {
  /// `POST /v1/corpora/{corpus}/items`.
  func writeItems(_ request: HTTPRequest) async throws -> HTTPResponse {
    let model = try model()
    let corpus = try request.corpusName()
    try request.expect(["application/x-ndjson", "application/jsonl", "application/ndjson"])
    let context = try WriteContext(request, operation: "writeItems")
    let settings = model.database.settings
    let run = try await context.key.asyncMap { key in
      try await model.database.lasting.withConnection { _ in
        try IdempotentRun(key, operation: "writeItems", settings)
      }
    }
    let writer = ManyItemsWriter(
      model: model, corpus: corpus, context: context, run: run, requests: requests,
      log: requestLog)
    var response = HTTPResponse(
      contentType: "application/x-ndjson",
      stream: HTTPStream { output in try await writer.write(request, to: output) })
    if run?.isFinished == true { response.headers["Idempotency-Replayed"] = "true" }
    return response
  }
}

/// Works on the lines of one request.
private struct ManyItemsWriter: Sendable {
  let model: SearchService.Model
  let corpus: String
  let context: WriteContext
  /// Keeps the answer; nil without a key.
  let run: IdempotentRun?
  let requests: RequestMetrics
  let log: Logger

  /// How often a batch is tried while the server is busy, with a pause of 0.2 s between.
  private static let tries = 25

  func write(_ request: HTTPRequest, to output: HTTPStreamWriter) async throws {
    try await replay(to: output)
    if run?.isFinished == true { return }
    var batches = try ItemBatches(request)
    var (number, linesToPass) = (run?.parts ?? 0, run?.lines ?? 0)
    while let batch = try batches.batch() {
      if linesToPass > 0 {
        linesToPass -= batch.count
        continue
      }
      number += 1
      do {
        try await output.write(try await apply(batch, number: number))
      } catch let error where run == nil && !(error is CancellationError) {
        // Without a key the client could not tell what was done: every line is answered.
        let error = APIError(error, log: log)
        if let refusal = error.refusal { requests.count(refusal) }
        try await output.write(
          batch.flatMap { $0.result(ItemResult(.refused), problem: error.problem) })
      }
    }
    if let run {
      try await model.database.writing.withConnection { try run.finish($0) }
    }
  }

  /// What was answered before.
  private func replay(to output: HTTPStreamWriter) async throws {
    guard let run, run.parts > 0 else { return }
    for number in 1...run.parts {
      try await output.write(
        try await model.database.reading.withConnection { try run.part(number, $0) })
    }
  }

  /// Works on one batch, again when the server was busy; returns its results.
  private func apply(_ batch: [ItemLine], number: Int) async throws -> [UInt8] {
    var attempt = 1
    while true {
      do {
        return try await applyOnce(batch, number: number)
      } catch SearchError.overloaded where attempt < Self.tries {
        attempt += 1
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }

  private func applyOnce(_ batch: [ItemLine], number: Int) async throws -> [UInt8] {
    let good = batch.filter { $0.change != nil }
    let steps = ItemWriteSteps<[UInt8]>(
      begin: { _ in nil },
      finish: { connection, outcome in
        let (bytes, counts) = results(batch, outcome)
        if counts.contains(where: { $0.key.isChange && $0.value > 0 }) {
          try AuditLog(connection).record(context.entry("items.write", corpus, detail(counts)))
        }
        try run?.append(bytes, number: number, lines: batch.count, connection)
        return bytes
      })
    return try await model.items.apply(good.compactMap(\.change), to: corpus, steps)
  }

  /// The results of all lines, and how many there are of each kind.
  private func results(
    _ batch: [ItemLine], _ outcome: ItemWriteOutcome
  ) -> ([UInt8], [ItemResult.Status: Int]) {
    var counts: [ItemResult.Status: Int] = [:]
    var results = outcome.results.makeIterator()
    var bytes: [UInt8] = []
    for line in batch {
      let result = line.change == nil ? ItemResult(.refused) : results.next()
      guard let result else { preconditionFailure("fewer results than changes") }
      counts[result.status, default: 0] += 1
      bytes += line.result(result)
    }
    return (bytes, counts)
  }

  private func detail(_ counts: [ItemResult.Status: Int]) -> JSONText {
    var json = JSONWriter()
    json.object { json in
      for status in ItemResult.Status.allCases {
        guard let count = counts[status] else { continue }
        json.name(text: status.rawValue)
        json.integer(count)
      }
    }
    return JSONText(String(decoding: json.bytes, as: UTF8.self))
  }
}

extension ItemResult.Status {
  fileprivate var isChange: Bool { self == .created || self == .updated || self == .deleted }
}

extension Optional {
  /// The same as `map` for work that waits.
  fileprivate func asyncMap<Value>(
    _ transform: (Wrapped) async throws -> Value
  ) async rethrows -> Value? {
    guard let value = self else { return nil }
    return try await transform(value)
  }
}

extension HTTPRequest {
  /// Throws `.notJSON`'s like, 415, unless the body is of one of the media types.
  func expect(_ mediaTypes: [String]) throws(APIError) {
    let found = headers["Content-Type"] ?? ""
    let mediaType = found.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
    if !mediaTypes.contains(mediaType) {
      throw .refused(
        .unsupportedMediaType, "Found '\(found.echoed)', expected '\(mediaTypes[0])'.")
    }
  }
}
