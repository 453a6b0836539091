import Alignment
import ModelTestSupport
import Postgres
import Records

@testable import AlignAPI

/// A file's chunks in the queue, to be stored in an order of the test's choice.
struct IndexQueueFixture {
  let fixture: IndexFixture
  let connection: Connection
  let model: StoredModel
  let job: IndexJob
  let checkpoint: Checkpoint

  /// Queues a file's chunks as its reader would, and stores none.
  init(_ path: String, in fixture: IndexFixture, chunkRows: Int, isStrict: Bool = false) throws {
    self.fixture = fixture
    let tiny = try IndexFixture.model()
    checkpoint = tiny.checkpoint
    connection = try Connection(fixture.settings)
    model = try ModelStore(connection).register(checkpoint, folder: tiny.folder)
    let corpus = try CorpusStore(connection).findOrAdd("test")
    let store = IndexJobStore(connection)
    let source = IndexSource.file(try SourceFile(path: path))
    let id = try store.findOrAdd(source, corpus: corpus, model: model)
    job = try store.begin(id, source: source, corpus: corpus, isStrict: isStrict)
    var chunks = FileChunkSource(try RecordReader(path: path), rowLimit: chunkRows)
    var mark = 0
    while true {
      let chunk = try chunks.next(connection)
      if !chunk.isEmpty {
        _ = try store.put(
          chunk.payload.bytes, job: id, from: mark, to: chunk.end, bytesRead: chunk.bytesRead)
        mark = chunk.end
      }
      if chunk.isLast { break }
    }
    try store.finishReading(id, linesRead: mark, bytesRead: 0)
  }

  var store: IndexJobStore { IndexJobStore(connection) }

  func take(lease: Duration = .seconds(60)) throws -> (lease: ChunkLease, payload: [UInt8])? {
    try store.take(.job(job.id, model: model.id), worker: "test", lease: lease)
  }

  /// Takes the chunk of that number, whatever comes before it.
  func take(number: Int32) throws -> (lease: ChunkLease, payload: [UInt8]) {
    try connection.execute(
      """
      update index_chunks set leased_until =
        case when number <> \(number) then 'infinity'::timestamptz end
      """)
    guard let taken = try take(), taken.lease.number == number else {
      throw IndexError.damagedChunk
    }
    return taken
  }

  /// Encodes and stores a chunk.
  func store(_ taken: (lease: ChunkLease, payload: [UInt8])) throws {
    var encoder = ChunkEncoder(
      lookup: ItemLookup(
        connection: connection, corpusID: job.corpusID, modelID: model.id),
      model: checkpoint.model, path: job.path ?? "")
    guard case .rows(let chunk) = try encoder.output(of: taken.payload) else {
      throw IndexError.damagedChunk
    }
    try ChunkWriter(
      connection: connection, corpusID: job.corpusID, model: model, path: job.path ?? "",
      isStrict: job.isStrict
    ).write(chunk, taken.lease)
  }

  /// Stores every chunk, in that order.
  func store(inOrder numbers: [Int32]) throws {
    for number in numbers { try store(take(number: number)) }
  }
}
