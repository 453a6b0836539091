import Testing

@testable import PrometheusText

struct ExpositionWriterTests {
  private func text(_ family: MetricFamily) -> String {
    var writer = ExpositionWriter()
    writer.write(family)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func countersHaveHelpTypeAndOneLineASeries() {
    var family = MetricFamily(MetricDescription("a_total", .counter, "What \\ and\nwhat."))
    family.add([], 3)
    family.add([.init("x", "a\"b\\c\nd"), .init("y", "é")], 0.5)
    #expect(
      text(family) == #"""
        # HELP a_total What \\ and\nwhat.
        # TYPE a_total counter
        a_total 3
        a_total{x="a\"b\\c\nd",y="é"} 0.5

        """#)
  }

  @Test func bucketsOfAHistogramAddUp() {
    var family = MetricFamily(MetricDescription("h", .histogram(bounds: [0.5, 1]), "H."))
    family.add(
      [.init("s", "x")],
      .histogram(HistogramValue(bounds: [0.5, 1], counts: [2, 0, 3], sum: 7.25)))
    #expect(
      text(family) == """
        # HELP h H.
        # TYPE h histogram
        h_bucket{s="x",le="0.5"} 2
        h_bucket{s="x",le="1"} 2
        h_bucket{s="x",le="+Inf"} 5
        h_sum{s="x"} 7.25
        h_count{s="x"} 5

        """)
  }

  @Test func familyWithoutValuesIsNotWritten() {
    #expect(text(MetricFamily(MetricDescription("a", .gauge, "A."))) == "")
  }

  @Test(arguments: [
    (0.0, "0"), (-2.0, "-2"), (1e-9, "1e-09"), (0.1, "0.1"), (.infinity, "+Inf"),
    (-.infinity, "-Inf"), (.nan, "NaN"), (9_007_199_254_740_991, "9007199254740991"),
  ])
  func numbersAreSpelledForGo(value: Double, spelling: String) {
    #expect(ExpositionWriter.spelling(of: value) == spelling)
  }

  @Test(arguments: ["a", "a_b:c9", "_"]) func names(name: String) {
    #expect(MetricDescription.isName(name))
  }

  @Test(arguments: ["", "9a", "a-b", "a.b", "é"]) func noNames(name: String) {
    #expect(!MetricDescription.isName(name))
  }
}
