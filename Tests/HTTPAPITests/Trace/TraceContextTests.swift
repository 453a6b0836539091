import ModelTestSupport
import Testing

@testable import HTTPAPI

struct TraceContextTests {
  private let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  private func context(_ headers: String...) -> TraceContext {
    var random = SystemRandomNumberGenerator()
    return TraceContext(traceparents: headers, random: &random)
  }

  @Test func traceIsContinuedUnderASpanOfOurOwn() {
    let found = context(parent)
    #expect(found.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(found.parentID == "00f067aa0ba902b7" && found.spanID != found.parentID)
    #expect(
      found.traceparent == "00-4bf92f3577b34da6a3ce929d0e0e4736-\(found.spanID)-01")
    #expect(TraceContext.parse(found.traceparent) != nil)
  }

  @Test(arguments: [
    "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
    "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
    "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
    "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e473é-00f067aa0ba902b7-0",
  ])
  func brokenHeaderBeginsATrace(header: String) {
    let found = context(header)
    #expect(found.parentID == nil && found.flags == "00")
    #expect(TraceContext.parse(found.traceparent) != nil)
  }

  @Test func laterVersionIsReadAsFarAsItIsKnown() {
    let found = context("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-more")
    #expect(found.traceID == "4bf92f3577b34da6a3ce929d0e0e4736" && found.flags == "01")
  }

  @Test func twoHeadersAreNone() {
    #expect(context(parent, parent).parentID == nil)
  }

  @Test func answersCarryTheSpan() async throws {
    try await APIClient.withServer(try APIClient()) { client in
      let answer = try await client.get("/metrics")
      #expect(TraceContext.parse(answer.headers["traceparent"] ?? "") != nil)
    }
  }
}
