/// Values by key, bounded in bytes: the least recently used ones make room for new ones.
///
/// Entries stand in one array, linked from the most to the least recently used; every operation is
/// O(1) on average.
struct LRUCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry {
    let key: Key
    var value: Value?
    var bytes: Int
    /// Places of the neighbours; −1 for none.
    var newer: Int
    var older: Int
  }

  /// Bytes that an entry takes beside its value.
  static var overhead: Int { MemoryLayout<Entry>.stride + MemoryLayout<(Key, Int)>.stride * 2 }

  /// Bytes that all entries may take.
  let limit: Int
  /// Bytes that they take.
  private(set) var bytes = 0
  /// Entries that made room for others since the start.
  private(set) var evictions = 0
  private var places: [Key: Int] = [:]
  private var entries: [Entry] = []
  private var free: [Int] = []
  private var newest = -1
  private var oldest = -1

  init(limit: Int) {
    precondition(limit >= 0, "a cache of \(limit) bytes")
    self.limit = limit
  }

  var count: Int { places.count }

  /// The value of a key, which is then the most recently used.
  mutating func value(of key: Key) -> Value? {
    guard let place = places[key] else { return nil }
    if place != newest {
      unlink(place)
      linkAsNewest(place)
    }
    return entries[place].value
  }

  /// Keeps a value of so many bytes; one that alone is above the limit is not kept.
  mutating func insert(_ value: Value, bytes size: Int, for key: Key) {
    remove(key)
    let size = size + Self.overhead
    if size > limit { return }
    while bytes + size > limit {
      evictions += 1
      removeEntry(at: oldest)
    }
    let entry = Entry(key: key, value: value, bytes: size, newer: -1, older: -1)
    let place = free.popLast() ?? entries.count
    if place == entries.count { entries.append(entry) } else { entries[place] = entry }
    places[key] = place
    bytes += size
    linkAsNewest(place)
  }

  /// Forgets a key; not an eviction.
  mutating func remove(_ key: Key) {
    if let place = places[key] { removeEntry(at: place) }
  }

  /// Forgets everything; not evictions.
  mutating func removeAll() {
    places = [:]
    entries = []
    free = []
    (newest, oldest, bytes) = (-1, -1, 0)
  }

  private mutating func removeEntry(at place: Int) {
    unlink(place)
    places[entries[place].key] = nil
    bytes -= entries[place].bytes
    entries[place].value = nil
    free.append(place)
  }

  private mutating func unlink(_ place: Int) {
    let (newer, older) = (entries[place].newer, entries[place].older)
    if newer < 0 { newest = older } else { entries[newer].older = older }
    if older < 0 { oldest = newer } else { entries[older].newer = newer }
  }

  private mutating func linkAsNewest(_ place: Int) {
    entries[place].newer = -1
    entries[place].older = newest
    if newest < 0 { oldest = place } else { entries[newest].newer = place }
    newest = place
  }
}
