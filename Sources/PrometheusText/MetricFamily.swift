/// One name with the values that it has now.
package struct MetricFamily: Sendable, Equatable {
  /// One label of a series.
  package struct Label: Sendable, Equatable, Hashable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The value of one series.
  package enum Value: Sendable, Equatable {
    case number(Double)
    case histogram(HistogramValue)
  }

  /// One series.
  package struct Sample: Sendable, Equatable {
    package let labels: [Label]
    package let value: Value
  }

  package let description: MetricDescription
  package private(set) var samples: [Sample] = []

  /// A name without values yet.
  package init(_ description: MetricDescription) { self.description = description }

  /// Adds a series; one with these labels must not be there, and the value must be of the kind.
  package mutating func add(_ labels: [Label] = [], _ value: Value) {
    for label in labels {
      precondition(
        MetricDescription.isLabel(label.name) && label.name != "le",
        "\(description.name): label '\(label.name)'")
    }
    switch (description.kind, value) {
    case (.counter, .number), (.gauge, .number), (.histogram, .histogram): break
    default: preconditionFailure("\(description.name) is no \(value)")
    }
    samples.append(Sample(labels: labels, value: value))
  }

  /// Adds a series of a counter or gauge.
  package mutating func add(_ labels: [Label] = [], _ value: some BinaryInteger) {
    add(labels, .number(Double(value)))
  }

  /// Adds a series of a counter or gauge.
  package mutating func add(_ labels: [Label] = [], _ value: Double) {
    add(labels, .number(value))
  }
}

/// What a histogram has counted.
package struct HistogramValue: Sendable, Equatable {
  /// The upper bounds of the buckets but the last.
  package let bounds: [Double]
  /// Values of each bucket by itself; one more than bounds.
  package let counts: [UInt64]
  /// The sum of all values.
  package let sum: Double
}
