import Postgres
import Records

/// Rows that belong into one chunk.
struct SourceChunk: Sendable {
  var payload: ChunkPayload
  /// The reader's mark behind the chunk: lines, or the last item's id.
  var end: Int
  /// How far the reader is, in the unit of `IndexJob.size`.
  var bytesRead: Int
  /// Whether nothing follows; the chunk itself may be empty then.
  var isLast: Bool

  var isEmpty: Bool {
    switch payload {
    case .rows(let rows): rows.isEmpty
    case .items(let ids): ids.isEmpty
    }
  }
}

/// What a job's reader cuts into chunks.
protocol ChunkSource {
  /// The next chunk; the last one says so.
  mutating func next(_ connection: Connection) throws -> SourceChunk
}

/// Cuts a file or standard input into chunks.
///
/// Memory is bounded by one chunk: at most `rowLimit` rows, and not more than `byteLimit` bytes of
/// the file or `smilesByteLimit` bytes of SMILES, each and one row.
struct FileChunkSource: ChunkSource {
  private let reader: RecordReader
  private let rowLimit: Int
  private let byteLimit = 8 << 20
  private let smilesByteLimit = 512 << 10

  init(_ reader: RecordReader, rowLimit: Int) {
    self.reader = reader
    self.rowLimit = rowLimit
  }

  mutating func next(_: Connection) throws -> SourceChunk {
    var rows: [RecordOutcome] = []
    let firstByte = reader.byteOffset
    var smilesBytes = 0
    var isLast = false
    while rows.count < rowLimit, reader.byteOffset - firstByte < byteLimit,
      smilesBytes < smilesByteLimit
    {
      guard let outcome = try reader.next() else {
        isLast = true
        break
      }
      rows.append(outcome)
      if case .record(let record) = outcome, let bytes = record.smiles?.utf8.count,
        bytes <= InputLimits.item.smilesBytes
      {
        smilesBytes += bytes
      }
    }
    return SourceChunk(
      payload: .rows(rows), end: reader.nextLine - 1, bytesRead: reader.bytesRead, isLast: isLast)
  }
}

/// Cuts the items of a corpus that lack a model's vectors into chunks, by their ids.
struct CorpusChunkSource: ChunkSource {
  let corpusID: Int64
  let modelID: Int64
  let rowLimit: Int
  private var lastID: Int64 = 0
  private var itemsPassed = 0

  init(corpusID: Int64, modelID: Int64, rowLimit: Int) {
    self.corpusID = corpusID
    self.modelID = modelID
    self.rowLimit = rowLimit
  }

  mutating func next(_ connection: Connection) throws -> SourceChunk {
    let rows = try connection.query(
      """
      select i.id, (smiles is null)::integer + (text is null)::integer + (
          select count(*)::integer from embeddings e
          where e.item_id = i.id and e.model_id = \(modelID)) < 2 as lacks
      from items i where corpus_id = \(corpusID) and id > \(lastID) order by id limit \(rowLimit)
      """)
    var ids: [Int64] = []
    for row in rows {
      lastID = try row.value(at: 0)
      if try row.value(at: 1) { ids.append(lastID) }
    }
    itemsPassed += rows.count
    return SourceChunk(
      payload: .items(ids), end: Int(lastID), bytesRead: itemsPassed,
      isLast: rows.count < rowLimit)
  }
}
