import Testing

@testable import HTTPAPI

@Suite struct TokenBucketTests {
  @Test func lettingThroughABurstAndThenTheRate() {
    let start = ContinuousClock.now
    var bucket = TokenBucket(rate: 10, burst: 3, now: start)
    for _ in 0..<3 { #expect(bucket.take(now: start) == nil) }
    let wait = bucket.take(now: start)
    #expect(abs((wait ?? 0) - 0.1) < 1e-9)
    #expect(bucket.take(now: start + .milliseconds(101)) == nil)
    #expect(bucket.take(now: start + .milliseconds(102)) != nil)
  }

  @Test func longRunRateIsKept() {
    let start = ContinuousClock.now
    var bucket = TokenBucket(rate: 5, burst: 2, now: start)
    let passed = (0..<1_000).count { bucket.take(now: start + .milliseconds(10 * $0)) == nil }
    #expect((51...52).contains(passed))
  }

  @Test func clockThatGoesBackGivesNothing() {
    let start = ContinuousClock.now
    var bucket = TokenBucket(rate: 1, burst: 1, now: start)
    #expect(bucket.take(now: start) == nil)
    #expect(bucket.take(now: start - .seconds(60)) != nil)
    #expect(bucket.take(now: start + .milliseconds(500)) != nil)
  }
}
