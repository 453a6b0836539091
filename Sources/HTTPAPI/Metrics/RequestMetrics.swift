import CoreMetrics
import HTTPDaemon
import PrometheusText
import Synchronization

/// Counts requests; recording takes no lock once a route has answered with a class of status.
final class RequestMetrics: Sendable {
  /// What refused a request.
  enum Refusal: String, CaseIterable {
    case queueFull = "queue_full"
    case draining, loading, database
    case rateLimit = "rate_limit"
    case quota
  }

  private let registry: MetricRegistry
  private let inFlight = Atomic(0)
  private let refused: [Counter]

  init(_ registry: MetricRegistry) {
    self.registry = registry
    refused = Refusal.allCases.map { reason in
      Counter(
        label: "ligature_requests_refused_total", dimensions: [("reason", reason.rawValue)],
        factory: registry)
    }
  }

  /// Requests that are being answered.
  var inFlightCount: Int { inFlight.load(ordering: .relaxed) }

  func begin() { inFlight.add(1, ordering: .relaxed) }
  func end() { inFlight.subtract(1, ordering: .relaxed) }

  func count(_ refusal: Refusal) {
    guard let place = Refusal.allCases.firstIndex(of: refusal) else { return }
    refused[place].increment()
  }

  /// The instruments of a route.
  func route(_ path: String, method: String) -> Route {
    Route(path: path, method: method, registry: registry)
  }

  /// The instruments of one route and method.
  final class Route: Sendable {
    private final class Class: Sendable {
      let count: Counter
      let time: Timer

      init(_ labels: [(String, String)], _ registry: MetricRegistry) {
        count = Counter(
          label: "ligature_http_requests_total", dimensions: labels, factory: registry)
        time = Timer(
          label: "ligature_http_request_duration_seconds", dimensions: labels, factory: registry)
      }
    }

    private let path: String
    private let method: String
    private let registry: MetricRegistry
    /// By the first digit of the status, from 2; made when there is something to count.
    private let classes = InlineArray<4, AtomicLazyReference<Class>> { _ in AtomicLazyReference() }

    fileprivate init(path: String, method: String, registry: MetricRegistry) {
      self.path = path
      self.method = method
      self.registry = registry
    }

    /// Counts an answer.
    func record(_ status: HTTPStatus, _ time: Duration) {
      let digit = min(5, max(2, status.rawValue / 100))
      let known =
        classes[digit - 2].load()
        ?? classes[digit - 2].storeIfNil(
          Class([("route", path), ("method", method), ("status", "\(digit)xx")], registry))
      known.count.increment()
      let (seconds, attoseconds) = time.components
      known.time.recordNanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
  }
}
