import Testing

@testable import AlignAPI

struct LRUCacheTests {
  private typealias Cache = LRUCache<Int, String>

  private func cache(entries: Int) -> Cache {
    Cache(limit: entries * (Cache.overhead + 10))
  }

  @Test func leastRecentlyUsedMakesRoom() {
    var cache = cache(entries: 3)
    for key in 1...3 { cache.insert("\(key)", bytes: 10, for: key) }
    #expect(cache.value(of: 1) == "1")
    cache.insert("4", bytes: 10, for: 4)
    #expect(cache.value(of: 2) == nil)
    #expect([1, 3, 4].map { cache.value(of: $0) } == ["1", "3", "4"])
    #expect(cache.evictions == 1 && cache.count == 3)
  }

  @Test func bytesNeverExceedTheLimit() {
    var cache = Cache(limit: 10_000)
    var model: [(key: Int, bytes: Int)] = []
    var random = SystemRandomNumberGenerator()
    for step in 0..<5_000 {
      let key = Int.random(in: 0..<100, using: &random)
      if step % 3 == 0 {
        let found = cache.value(of: key)
        #expect((found != nil) == model.contains { $0.key == key })
        if let place = model.firstIndex(where: { $0.key == key }) {
          model.append(model.remove(at: place))
        }
      } else {
        let size = Int.random(in: 0..<2_000, using: &random)
        cache.insert("\(key)", bytes: size, for: key)
        model.removeAll { $0.key == key }
        let bytes = size + Cache.overhead
        while model.reduce(0, { $0 + $1.bytes }) + bytes > 10_000 { model.removeFirst() }
        model.append((key, bytes))
      }
      #expect(cache.bytes == model.reduce(0) { $0 + $1.bytes })
      #expect(cache.bytes <= cache.limit && cache.count == model.count)
    }
  }

  @Test func entryAboveTheLimitIsNotKept() {
    var cache = cache(entries: 1)
    cache.insert("a", bytes: 10, for: 1)
    cache.insert("b", bytes: 11, for: 2)
    #expect(cache.value(of: 1) == "a" && cache.value(of: 2) == nil)
    var none = Cache(limit: 0)
    none.insert("a", bytes: 0, for: 1)
    #expect(none.count == 0)
  }

  @Test func removedEntriesAreNoEvictions() {
    var cache = cache(entries: 2)
    cache.insert("a", bytes: 10, for: 1)
    cache.insert("b", bytes: 10, for: 1)
    #expect(cache.value(of: 1) == "b" && cache.count == 1)
    cache.remove(1)
    cache.insert("c", bytes: 10, for: 2)
    cache.removeAll()
    #expect(cache.count == 0 && cache.bytes == 0 && cache.evictions == 0)
  }

  @Test func missRatioIsOfTheLastThousand() {
    var outcomes = CacheOutcomes()
    for _ in 0..<999 { outcomes.note(hit: false) }
    #expect(outcomes.recentMissRatio == nil)
    outcomes.note(hit: true)
    #expect(outcomes.recentMissRatio == 0.999)
    for _ in 0..<1000 { outcomes.note(hit: true) }
    #expect(outcomes.recentMissRatio == 0)
    #expect(outcomes.hits == 1001 && outcomes.misses == 999)
  }

  @Test func rateTellsWholeSeconds() {
    var rate = ServiceRate()
    #expect(rate.seconds(until: 1000) == 1)
    rate.note(.seconds(1), weight: 2)
    #expect(rate.seconds(until: 1) == 1)
    #expect(rate.seconds(until: 5) == 3)
    #expect(rate.seconds(until: 1000) == 60)
    for _ in 0..<100 { rate.note(.milliseconds(10), weight: 1) }
    #expect(rate.seconds(until: 500) == 6)
  }
}
