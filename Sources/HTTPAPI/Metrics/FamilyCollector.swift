import PrometheusText

/// Gathers what is told at one moment: what was recorded, and what is looked up now.
struct FamilyCollector {
  private let registry: MetricRegistry
  private var families: [String: MetricFamily]

  init(_ registry: MetricRegistry) {
    self.registry = registry
    families = registry.families()
  }

  /// Adds a value of a counter or gauge.
  mutating func add(
    _ name: String, _ value: Double, _ labels: [MetricFamily.Label] = []
  ) {
    families[name, default: MetricFamily(registry.description(of: name))].add(labels, value)
  }

  /// Adds a value of a counter or gauge, unless there is none.
  mutating func add(_ name: String, _ value: Double?, _ labels: [MetricFamily.Label] = []) {
    if let value { add(name, value, labels) }
  }

  /// Adds a number of a counter or gauge.
  mutating func add(
    _ name: String, _ value: some BinaryInteger, _ labels: [MetricFamily.Label] = []
  ) {
    add(name, Double(value), labels)
  }

  /// The text of it all, in the order of the descriptions.
  func encoded() -> [UInt8] {
    var writer = ExpositionWriter()
    for description in registry.descriptions {
      if let family = families[description.name] { writer.write(family) }
    }
    return writer.bytes
  }
}
