import Postgres
import Tensor

/// The code beside a vector is what is computed from it today.
///
/// Codes are missing where an earlier version of the schema had none, and stale where the way to
/// compute them has changed.
struct CodeCheck: IntegrityCheck {
  let coding: DatabaseCheck.Coding
  let name = "embeddings whose code is missing or stale"

  /// Vectors whose codes are computed together.
  private static let block = 4096

  /// One embedding whose code is not what it should be.
  private struct Stale {
    let item: Int64
    let modality: Int16
    let code: [UInt8]
  }

  /// Vectors of one model as they are read, and the codes that they have.
  private struct Block {
    let dimension: Int
    var keys: [(item: Int64, modality: Int16)] = []
    var bits: [UInt16] = []
    var codes: [[UInt8]?] = []

    /// Reads `item_id, modality, vector, code`.
    mutating func append(_ row: Row) throws {
      keys.append((try row.value(at: 0), try row.value(at: 1)))
      try row.withElements(at: 2, as: UInt16.self) { values in
        for place in values.indices { bits.append(UInt16(littleEndian: values[place])) }
      }
      codes.append(try row.value(at: 3))
    }

    func stale(_ coding: DatabaseCheck.Coding) -> [Stale] {
      if keys.isEmpty { return [] }
      let computed = coding(HalfMatrix(rows: keys.count, columns: dimension, bits: bits))
      let width = computed.count / keys.count
      return keys.indices.compactMap { place in
        let code = Array(computed[place * width..<(place + 1) * width])
        if code == codes[place] { return nil }
        return Stale(item: keys[place].item, modality: keys[place].modality, code: code)
      }
    }
  }

  func find(_ connection: Connection) throws -> CheckFinding {
    var finding = CheckFinding()
    for model in try ModelStore(connection).all() {
      var block = Block(dimension: model.dimension)
      func close() {
        for stale in block.stale(coding) { finding.add("item \(stale.item), model \(model.name)") }
        block = Block(dimension: model.dimension)
      }
      try connection.forEachRow(
        """
        select item_id, modality, vector, code from embeddings
        where model_id = \(model.id) and octet_length(vector) = \(2 * model.dimension)
        """
      ) { row in
        try block.append(row)
        if block.keys.count == Self.block { close() }
      }
      close()
    }
    return finding
  }

  func repair(_ connection: Connection, batch: Int) throws {
    for model in try ModelStore(connection).all() {
      var last: (item: Int64, modality: Int16) = (0, 0)
      while true {
        var block = Block(dimension: model.dimension)
        for row in try connection.query(
          """
          select item_id, modality, vector, code from embeddings
          where model_id = \(model.id) and octet_length(vector) = \(2 * model.dimension)
            and (item_id, modality) > (\(last.item), \(last.modality))
          order by item_id, modality limit \(batch)
          """)
        { try block.append(row) }
        guard let end = block.keys.last else { break }
        last = end
        try store(block.stale(coding), model, connection)
      }
    }
  }

  /// Writes codes in one transaction.
  private func store(_ stale: [Stale], _ model: StoredModel, _ connection: Connection) throws {
    if stale.isEmpty { return }
    try connection.transaction {
      try connection.execute(
        """
        create temporary table if not exists computed_codes
          (item_id bigint, modality smallint, code bytea) on commit delete rows
        """)
      _ = try connection.copyIn(
        "computed_codes", columns: ["item_id", "modality", "code"]
      ) { writer in
        for entry in stale {
          writer.append(entry.item)
          writer.append(entry.modality)
          writer.append(entry.code)
          try writer.endRow()
        }
      }
      try connection.execute(
        """
        update embeddings e set code = c.code from computed_codes c
        where e.item_id = c.item_id and e.modality = c.modality and e.model_id = \(model.id)
        """)
      try connection.execute(
        """
        select record_change(corpus_id, \(model.id), array_agg(distinct item_id), '{}')
        from computed_codes join items on items.id = item_id group by corpus_id
        """)
    }
  }
}
