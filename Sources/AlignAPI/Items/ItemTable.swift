import Molecule
import Synchronization
import Tensor

/// What filters look up, of every item of the loaded corpora; an unchanging picture.
struct ItemTable: Sendable {
  let segments: [ItemSegment]
  /// Every item that is not deleted.
  let all: ItemIDSet
  /// Which loading of the database it goes back to; greater for later ones, within the process.
  ///
  /// After a restore an id may be another item's: what is known of items holds for one generation.
  let generation: UInt64

  /// The number of items.
  var count: Int { segments.reduce(0) { $0 + $1.liveCount } }

  /// The items for which a predicate of segment and row holds; segments run in parallel.
  func items(with isChosen: (ItemSegment, Int) -> Bool) -> ItemIDSet {
    marked { segment in (0..<segment.count).map { isChosen(segment, $0) } }
  }

  /// The items that a function of a segment marks; segments run in parallel.
  func marked(by marks: (ItemSegment) -> [Bool]) -> ItemIDSet {
    let parts = Parallel.map(segments.count, by: 1) { place in
      let segment = segments[place]
      let marked = marks(segment)
      var found = ItemIDSet()
      found.insert(segment.ids) { marked[$0] && !segment.isDeleted[$0] }
      return found
    }
    return parts.reduce(into: ItemIDSet()) { $0.formUnion($1) }
  }

  /// Tanimoto similarity of each row's fingerprint to a query; −1 for rows without a molecule.
  static func similarities(_ segment: ItemSegment, to query: BitFingerprint) -> [Float] {
    let left = query.population
    let shared = segment.fingerprints.overlaps(with: query.words, rows: 0..<segment.count)
    return segment.populations.indices.map { row in
      let right = segment.populations[row]
      if right < 0 { return -1 }
      return Float(
        Similarity.tanimoto.value(left: left, right: Int(right), shared: Int(shared[row])))
    }
  }

  /// The molecules with fingerprints most like the query's, best first, ties by ascending id.
  func mostSimilar(
    to query: BitFingerprint, count: Int, among allowed: ItemIDSet?
  ) -> [(id: Int64, similarity: Float)] {
    let parts = Parallel.map(segments.count, by: 1) { place in
      let segment = segments[place]
      let similarities = Self.similarities(segment, to: query)
      var found: [(id: Int64, similarity: Float)] = []
      for row in 0..<segment.count where similarities[row] >= 0 && !segment.isDeleted[row] {
        if let allowed, !allowed.contains(segment.ids[row]) { continue }
        found.append((segment.ids[row], similarities[row]))
      }
      return Self.best(found, count)
    }
    return Self.best(parts.flatMap(\.self), count)
  }

  /// The molecules of some items, in no order.
  func smiles(of wanted: ItemIDSet) -> [(id: Int64, smiles: String?)] {
    Parallel.map(segments.count, by: 1) { place in
      let segment = segments[place]
      return (0..<segment.count).filter {
        !segment.isDeleted[$0] && wanted.contains(segment.ids[$0])
      }.map { (id: segment.ids[$0], smiles: segment.smiles[$0]) }
    }.flatMap(\.self)
  }

  private static func best(
    _ found: [(id: Int64, similarity: Float)], _ count: Int
  ) -> [(id: Int64, similarity: Float)] {
    Array(
      found.sorted { (-$0.similarity, $0.id) < (-$1.similarity, $1.id) }.prefix(count))
  }
}

/// Makes pictures of the items while they come and go.
struct ItemTableEditor {
  private var segments: [ItemSegment] = []
  private var all = ItemIDSet()
  /// Segment and row of each item, as segment · capacity + row.
  private var places: [Int64: Int] = [:]
  private let generation: UInt64

  private static let generations = Atomic<UInt64>(0)

  /// Without items, of a new generation.
  init() {
    self.init(generation: Self.generations.add(1, ordering: .relaxed).newValue)
  }

  private init(generation: UInt64) { self.generation = generation }

  /// The items as they stand; O(segments), shared until the next change.
  var table: ItemTable { ItemTable(segments: segments, all: all, generation: generation) }

  var count: Int { places.count }

  func contains(_ id: Int64) -> Bool { places[id] != nil }

  /// The corpus of an item.
  func corpus(of id: Int64) -> Int64? {
    places[id].map { segments[$0 / ItemSegment.capacity].corpora[$0 % ItemSegment.capacity] }
  }

  mutating func reserveCapacity(_ items: Int) { places.reserveCapacity(items) }

  /// Adds a segment whose items are all new and there.
  mutating func take(_ segment: ItemSegment) {
    // Rows are numbered by full segments.
    guard segments.last?.isFull ?? true else {
      for row in 0..<segment.count { put(segment.item(row)) }
      return
    }
    for (row, id) in segment.ids.enumerated() {
      places[id] = segments.count * ItemSegment.capacity + row
    }
    all.insert(segment.ids) { _ in true }
    segments.append(segment)
  }

  /// Adds an item, or replaces it.
  mutating func put(_ item: StoredItem) {
    remove(item.id)
    if segments.last?.isFull ?? true { segments.append(ItemSegment()) }
    let last = segments.count - 1
    places[item.id] = last * ItemSegment.capacity + segments[last].count
    segments[last].append(item)
    all.insert(item.id)
  }

  /// Takes an item out; nothing where it is not there.
  mutating func remove(_ id: Int64) {
    guard let place = places.removeValue(forKey: id) else { return }
    segments[place / ItemSegment.capacity].delete(place % ItemSegment.capacity)
    all.remove(id)
  }

  /// Whether half the rows are deleted, so that ``compact()`` is worth its time.
  var isSparse: Bool {
    let rows = segments.reduce(0) { $0 + $1.count }
    return rows > 4 * ItemSegment.capacity && rows > 2 * places.count
  }

  /// Leaves deleted rows out; O(items).
  mutating func compact() {
    var fresh = ItemTableEditor(generation: generation)
    fresh.reserveCapacity(count)
    for segment in segments {
      for row in 0..<segment.count where !segment.isDeleted[row] { fresh.put(segment.item(row)) }
    }
    self = fresh
  }
}
