import HTTPDaemon
import Postgres
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct KeyBookTests {
  private let start = ContinuousClock.now

  private func book(quota: Int64?) -> KeyBook {
    var book = KeyBook(limits: AccessLimits())
    let key = StoredKey(
      id: 1, name: "k", prefix: "p", scope: .read, rate: nil, burst: nil, dailyQuota: quota,
      createdAt: Timestamp(microsecondsSince1970: 0), expiresAt: nil, revokedAt: nil, salt: [],
      hash: [])
    book.note(key, prefix: "p", told: 0, telling: 0, day: 1, now: start)
    return book
  }

  private func admit(_ book: inout KeyBook) throws(AccessError) {
    _ = try book.admit("p", today: 1, secondsLeftToday: 100, now: start)
  }

  private func isRefused(_ book: inout KeyBook) -> Bool {
    do throws(AccessError) {
      try admit(&book)
      return false
    } catch {
      return true
    }
  }

  @Test func readersBesideEachOtherTellOfARequestOnce() throws {
    var book = book(quota: 100)
    for _ in 0..<30 { try admit(&book) }
    let telling = (0..<16).map { _ in book.takeUntold(prefix: "p") }
    #expect(telling == [30] + [Int64](repeating: 0, count: 15))
    let key = try #require(book.entries["p"]?.key)
    for count in telling {
      book.note(key, prefix: "p", told: 30, telling: count, day: 1, now: start)
    }
    #expect(book.untold.isEmpty)
    for _ in 0..<70 { try admit(&book) }
    let isOver = isRefused(&book)
    #expect(isOver)
  }

  @Test func requestsCountWhileTheyAreTold() throws {
    var book = book(quota: 2)
    try admit(&book)
    try admit(&book)
    let telling = book.takeUntold(prefix: "p")
    #expect(telling == 2)
    let isOver = isRefused(&book)
    #expect(isOver)
  }

  @Test func whatCouldNotBeToldIsToldLater() throws {
    var book = book(quota: nil)
    try admit(&book)
    let count = book.takeUntold(prefix: "p")
    book.noteFailure(prefix: "p", telling: count)
    let again = book.takeUntold(prefix: "p")
    #expect(again == 1)
  }

  @Test func aSlowRateFitsIntoAHeader() {
    let bucket = TokenBucket(rate: 1e-300, burst: 5, now: start)
    let headers = AccessGrant.headers(bucket, quota: nil)
    #expect(headers["RateLimit-Policy"] == "\"burst\";q=5;w=31536000")
    #expect(AccessError.rateExceeded(seconds: 1e300, [:]).headers["Retry-After"] == "31536000")
  }
}

@Suite struct AddressBucketsTests {
  private let start = ContinuousClock.now

  /// Whether an address gets a token some seconds after the start.
  private func isLetThrough(
    _ buckets: inout AddressBuckets, _ address: String, after seconds: Int = 0
  ) -> Bool {
    buckets.take(for: address, now: start + .seconds(seconds)) == nil
  }

  @Test func addressesHaveBucketsOfTheirOwn() {
    var buckets = AddressBuckets(rate: 1, burst: 2)
    let first = ["a", "a", "a", "b"].map { isLetThrough(&buckets, $0) }
    #expect(first == [true, true, false, true])
  }

  @Test func manyAddressesAreForgotten() {
    var buckets = AddressBuckets(rate: 1, burst: 1)
    let known = (0..<AddressBuckets.addressLimit).map { isLetThrough(&buckets, "\($0)") }
    #expect(known.allSatisfy { $0 })
    let again = isLetThrough(&buckets, "0")
    #expect(!again)
    // Two seconds later all are full again, which is as good as unknown.
    let later = ["new", "0"].map { isLetThrough(&buckets, $0, after: 2) }
    #expect(later == [true, true])
  }
}
