import CoreMetrics
import Dispatch
import Testing

@testable import PrometheusText

struct MetricRegistryTests {
  private let registry = MetricRegistry([
    MetricDescription("calls_total", .counter, "Calls."),
    MetricDescription("level", .gauge, "Level."),
    MetricDescription("time_seconds", .histogram(bounds: [0.001, 0.1]), "Time."),
    MetricDescription("size", .histogram(bounds: [1, 2]), "Size."),
  ])

  private func value(_ name: String) throws -> MetricFamily.Value {
    try #require(registry.families()[name]?.samples.first?.value)
  }

  @Test func sameNameAndLabelsAreOneSeries() throws {
    for _ in 0..<2 {
      let counter = Counter(label: "calls_total", dimensions: [("x", "1")], factory: registry)
      counter.increment(by: 2)
    }
    Counter(label: "calls_total", dimensions: [("x", "0")], factory: registry).increment()
    let samples = try #require(registry.families()["calls_total"]).samples
    #expect(samples.map(\.labels) == [[.init("x", "0")], [.init("x", "1")]])
    #expect(samples.map(\.value) == [.number(1), .number(4)])
  }

  @Test func timesAreRecordedInSeconds() throws {
    let timer = Timer(label: "time_seconds", dimensions: [], factory: registry)
    timer.recordMilliseconds(1)
    timer.recordMilliseconds(50)
    timer.recordSeconds(2)
    guard case .histogram(let found) = try value("time_seconds") else {
      Issue.record("no histogram")
      return
    }
    #expect(found.counts == [1, 1, 1])
    #expect(abs(found.sum - 2.051) < 1e-9)
  }

  @Test func valueOnABoundIsInItsBucket() throws {
    let recorder = Recorder(label: "size", dimensions: [], aggregate: true, factory: registry)
    for size in 1...4 { recorder.record(size) }
    #expect(
      try value("size") == .histogram(HistogramValue(bounds: [1, 2], counts: [1, 1, 2], sum: 10)))
  }

  @Test func gaugesGoUpAndDown() throws {
    let meter = Meter(label: "level", dimensions: [], factory: registry)
    meter.set(3)
    meter.increment(by: 1.5)
    meter.decrement(by: 0.5)
    #expect(try value("level") == .number(4))
  }

  @Test func nothingIsLostBetweenThreads() throws {
    let counter = Counter(label: "calls_total", dimensions: [], factory: registry)
    let recorder = Recorder(label: "size", dimensions: [], aggregate: true, factory: registry)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<10_000 {
        counter.increment()
        recorder.record(1.5)
      }
    }
    #expect(try value("calls_total") == .number(80_000))
    #expect(
      try value("size")
        == .histogram(HistogramValue(bounds: [1, 2], counts: [0, 80_000, 0], sum: 120_000)))
  }

  @Test func nameWithoutDescriptionTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = Counter(label: "other", dimensions: [], factory: MetricRegistry([]))
    }
  }
}
