import Foundation
package import Postgres

extension Timestamp {
  private var date: Date {
    Date(timeIntervalSince1970: Double(microsecondsSince1970) / 1_000_000)
  }

  /// For JSON: `2026-11-25T21:42:58Z`.
  package var iso8601: String { date.formatted(.iso8601) }

  /// For tables: `2026-11-25 21:42`, in UTC.
  package var short: String { String(iso8601.prefix(16)).replacing("T", with: " ") }
}
