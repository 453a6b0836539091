import AlignAPI
import ArgumentParser
import Dispatch
import Foundation
import Postgres
import Records
import Synchronization
import Tensor

/// Measures how fast chunks whose vectors are ready are stored.
@main
struct IndexWriteBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index-write-benchmark",
    abstract: "Stores rows shaped like a corpus's, with vectors that are ready.")

  @Option(help: "A migrated database.")
  var database: String

  @Option(help: "A file whose molecules are stored again and again, each time as other ones.")
  var corpus: String

  @Option var rows = 1_000_000
  @Option var dimension = 769
  @Option var chunkRows = 2048
  @Option(help: "Connections that write at the same time.")
  var connections = 2

  func run() throws {
    let settings = try ConnectionSettings(database)
    let templates = try readTemplates()
    let vectors = randomVectors()
    let chunks = rows / chunkRows
    let (corpusID, jobID, model) = try prepare(Connection(settings), chunks: chunks)
    let next = Mutex(0)
    let failure = Mutex<(any Error)?>(nil)
    let clock = ContinuousClock()
    let start = clock.now
    DispatchQueue.concurrentPerform(iterations: connections) { _ in
      do {
        let writer = ChunkWriter(
          connection: try Connection(settings.withPlansForFewRows), corpusID: corpusID,
          model: model, path: corpus,
          isStrict: false)
        while true {
          let number = next.withLock { number in
            number += 1
            return number
          }
          if number > chunks { return }
          let chunk = chunk(number, templates, vectors)
          try writer.write(chunk, ChunkLease(jobID: jobID, number: Int32(number), attempt: 1))
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    let seconds = (clock.now - start) / .seconds(1)
    print(
      String(
        format: "%d rows of %d numbers, %d connections: %.1f s, %.0f rows/s", chunks * chunkRows,
        dimension, connections, seconds, Double(chunks * chunkRows) / seconds))
  }

  private func readTemplates() throws -> [ItemContent] {
    let reader = try RecordReader(path: corpus)
    var outcomes: [RecordOutcome] = []
    while let outcome = try reader.next() { outcomes.append(outcome) }
    return PreparedChunk(outcomes, path: corpus).contents
  }

  /// Numbers as unit vectors have them, so that nothing compresses.
  private func randomVectors() -> HalfMatrix {
    var generator = SystemRandomNumberGenerator()
    let values = (0..<chunkRows * dimension).map { _ in
      Float.random(in: -0.1...0.1, using: &generator)
    }
    return HalfMatrix(rounding: Matrix(rows: chunkRows, columns: dimension, values: values))
  }

  private func chunk(
    _ number: Int, _ templates: [ItemContent], _ vectors: HalfMatrix
  ) -> PreparedChunk {
    let first = (number - 1) * chunkRows
    let contents = (first..<first + chunkRows).map { templates[$0 % templates.count].rekeyed($0) }
    let rows = contents.indices.map { place in
      PreparedChunk.Row(
        id: "row \(first + place)", line: first + place + 2, properties: JSONText("{}"),
        content: place)
    }
    return PreparedChunk(
      contents: contents, rows: rows, vectors: ContentVectors(molecules: vectors))
  }

  /// A model, an empty corpus, and a job whose chunks are all taken.
  private func prepare(
    _ connection: Connection, chunks: Int
  ) throws -> (corpus: Int64, job: Int64, model: StoredModel) {
    let name = "write \(UUID().uuidString)"
    let digits = (0..<64).map { _ in String("0123456789abcdef".randomElement() ?? "0") }.joined()
    let modelID: Int64 = try connection.query(
      """
      insert into models (name, checksum, dimension, config)
      values (\(name), \(digits), \(Int32(dimension)), '{}') returning id
      """
    ).single().value(at: 0)
    try connection.execute("select add_embedding_partitions(\(modelID))")
    let corpusID = try CorpusStore(connection).findOrAdd(name).id
    let jobID: Int64 = try connection.query(
      """
      insert into index_jobs (corpus_id, model_id, kind, source_path, state, chunks_made)
      values (\(corpusID), \(modelID), 'file', \(corpus), 'working', \(Int32(chunks))) returning id
      """
    ).single().value(at: 0)
    try connection.execute(
      """
      insert into index_chunks (job_id, number, payload, attempts)
      select \(jobID), n, '', 1 from generate_series(1, \(Int32(chunks))) n
      """)
    guard let model = try ModelStore(connection).find(checksum: digits) else {
      throw ValidationError("the model was not stored")
    }
    return (corpusID, jobID, model)
  }
}
