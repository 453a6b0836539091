import Postgres
import Records

/// Which item of the database each row of a chunk belongs to.
struct ChunkPlacing {
  /// Places of the rows that are stored.
  private(set) var rows: [Int] = []
  /// Bad rows: those whose id an earlier line of the file has, in this chunk or already stored.
  private(set) var rejected: [RejectedRecord] = []
  /// How many stored rows gave way to an earlier line of the file.
  private(set) var overtaken = 0
  /// Stored source ids that are written anew.
  private(set) var replaced: [String] = []
  /// The items that they had; some may have no source left.
  private(set) var oldItems: [[UInt8]: Int64] = [:]
  /// Each content's item; nil until it is numbered or known, and for contents without a row.
  private(set) var items: [Int64?]
  /// What the database has of each content.
  private(set) var known: [KnownItem?]
  /// Places of contents that become new items, in the order of their keys.
  private(set) var new: [Int] = []
  private let contentOfRow: [Int]
  private let idOfRow: [String]

  init(
    _ chunk: PreparedChunk, known: [ContentKey: KnownItem], sources: [[UInt8]: KnownSource],
    path: String
  ) {
    self.known = chunk.contents.map { known[$0.key] }
    items = self.known.map { $0?.id }
    contentOfRow = chunk.rows.map(\.content)
    idOfRow = chunk.rows.map(\.id)
    var isUsed = [Bool](repeating: false, count: chunk.contents.count)
    for (place, row) in chunk.rows.enumerated() {
      if let source = sources[Array(row.id.utf8)] {
        if let line = source.line, line < row.line {
          rejected.append(.duplicate(id: row.id, line: row.line, path: path, firstLine: line))
          continue
        }
        if let line = source.line, line > row.line {
          // A chunk of later lines was stored before this one.
          rejected.append(.duplicate(id: row.id, line: line, path: path, firstLine: row.line))
          overtaken += 1
        }
        replaced.append(row.id)
        oldItems[Array(row.id.utf8)] = source.itemID
      }
      rows.append(place)
      isUsed[row.content] = true
    }
    new = chunk.contents.indices.filter { isUsed[$0] && items[$0] == nil }
      .sorted { chunk.contents[$0].key < chunk.contents[$1].key }
  }

  /// The item of a row that is stored.
  func item(ofRow row: Int) -> Int64 {
    guard let id = items[contentOfRow[row]] else {
      preconditionFailure("row \(row) has no item")
    }
    return id
  }

  /// Makes an item that the corpus had without its key a content's item.
  mutating func adopt(_ place: Int, _ item: KnownItem) {
    items[place] = item.id
    known[place] = item
    new.removeAll { $0 == place }
  }

  /// Gives new items their numbers, in the order of the file.
  mutating func number(with newIDs: (Int) throws -> [Int64]) rethrows {
    for (place, id) in zip(new.sorted(), try newIDs(new.count).sorted()) { items[place] = id }
  }

  /// The numbers of new items.
  var newIDs: [Int64] { new.compactMap { items[$0] } }

  /// Every item of a stored row, and those that stored source ids had.
  var touched: [Int64] {
    Set(rows.map { item(ofRow: $0) }).union(oldItems.values).sorted()
  }

  /// Items that were there and have gained a source id.
  var movedTo: [Int64] {
    let fresh = Set(new)
    return rows.filter { row in
      !fresh.contains(contentOfRow[row])
        && oldItems[Array(idOfRow[row].utf8)] != item(ofRow: row)
    }.map { item(ofRow: $0) }
  }

  /// Items that have lost a source id.
  var movedFrom: [Int64] {
    let lost = rows.compactMap { row -> Int64? in
      guard let old = oldItems[Array(idOfRow[row].utf8)], old != item(ofRow: row) else {
        return nil
      }
      return old
    }
    return Array(Set(lost)).sorted()
  }
}
