package import CoreMetrics
import Synchronization

/// Makes what swift-metrics records with, and tells what was recorded.
///
/// Every name must be described. Instruments are made once and kept: recording takes no lock, making
/// one does. The same name and labels give the same instrument.
package final class MetricRegistry: MetricsFactory, Sendable {
  private struct Key: Hashable {
    let name: String
    let labels: [MetricFamily.Label]

    func precedes(_ other: Self) -> Bool {
      if name != other.name { return name < other.name }
      return labels.lexicographicallyPrecedes(other.labels) {
        ($0.name, $0.value) < ($1.name, $1.value)
      }
    }
  }

  private enum Cell {
    case counter(CounterCell)
    case gauge(GaugeCell)
    case histogram(HistogramCell)
  }

  /// In the order in which they are told.
  package let descriptions: [MetricDescription]
  private let byName: [String: MetricDescription]
  private let cells = Mutex<[Key: Cell]>([:])

  /// A registry of metrics; two descriptions of one name trap.
  package init(_ descriptions: [MetricDescription]) {
    self.descriptions = descriptions
    byName = Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in
      preconditionFailure("\(first.name) is described twice")
    }
  }

  /// What was recorded, by name; series are ordered by their labels.
  package func families() -> [String: MetricFamily] {
    let cells = cells.withLock { $0 }
    var families: [String: MetricFamily] = [:]
    for (key, cell) in cells.sorted(by: { $0.key.precedes($1.key) }) {
      let value: MetricFamily.Value =
        switch cell {
        case .counter(let cell): .number(cell.value)
        case .gauge(let cell): .number(cell.value)
        case .histogram(let cell): .histogram(cell.value)
        }
      families[key.name, default: MetricFamily(description(of: key.name))].add(key.labels, value)
    }
    return families
  }

  /// What is known of a name.
  package func description(of name: String) -> MetricDescription {
    guard let description = byName[name] else { preconditionFailure("\(name) is not described") }
    return description
  }

  private func cell(_ label: String, _ dimensions: [(String, String)]) -> Cell {
    let description = description(of: label)
    let key = Key(name: label, labels: dimensions.map { .init($0.0, $0.1) })
    return cells.withLock { cells in
      if let cell = cells[key] { return cell }
      let cell: Cell =
        switch description.kind {
        case .counter: .counter(CounterCell())
        case .gauge: .gauge(GaugeCell())
        case .histogram(let bounds): .histogram(HistogramCell(bounds: bounds))
        }
      cells[key] = cell
      return cell
    }
  }

  package func makeCounter(
    label: String, dimensions: [(String, String)]
  ) -> any CounterHandler {
    guard case .counter(let cell) = cell(label, dimensions) else {
      preconditionFailure("\(label) is no counter")
    }
    return cell
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    guard case .gauge(let cell) = cell(label, dimensions) else {
      preconditionFailure("\(label) is no gauge")
    }
    return cell
  }

  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    switch cell(label, dimensions) {
    case .gauge(let cell) where !aggregate: return cell
    case .histogram(let cell) where aggregate: return cell
    default: preconditionFailure("\(label) is no \(aggregate ? "histogram" : "gauge")")
    }
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    guard case .histogram(let cell) = cell(label, dimensions) else {
      preconditionFailure("\(label) is no histogram")
    }
    return cell
  }

  // Counters of a process never vanish (Prometheus would see a reset), so nothing is destroyed.
  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyMeter(_ handler: any MeterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}
}
