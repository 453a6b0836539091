package import Postgres

/// The connections of a server's operations on items, corpora, models and jobs.
package struct ServiceDatabase: Sendable {
  package let settings: ConnectionSettings
  /// For looking up and listing.
  package let reading: ConnectionPool
  /// For transactions that write.
  package let writing: ConnectionPool
  /// For what takes its time, each on a connection of its own meanwhile.
  package let lasting: ConnectionPool
  /// For what is streamed, for as long as its client reads.
  package let exporting: ConnectionPool
  /// How far jobs are.
  package let jobs: JobWatch
  /// Raised when the server ends; what would last for ever then ends too.
  package let isStopping = StopFlag()

  package init(_ settings: ConnectionSettings) {
    self.settings = settings
    reading = ConnectionPool(
      settings.limited(to: .seconds(30)), limit: 4, timeout: .seconds(5))
    jobs = JobWatch(reading)
    writing = ConnectionPool(
      settings.limited(to: .seconds(30)).withPlansForFewRows, limit: 4, timeout: .seconds(10))
    lasting = ConnectionPool(settings, limit: 4, timeout: .seconds(5))
    exporting = ConnectionPool(settings, limit: 4, timeout: .seconds(5))
  }
}
