/// A moment, to the microsecond, as `timestamp with time zone` keeps it.
package struct Timestamp: Sendable, Hashable, BindValue {
  /// Microseconds since 1970-01-01 00:00 UTC.
  package var microsecondsSince1970: Int64

  /// 2000-01-01 00:00 UTC, from which PostgreSQL counts, in the same unit.
  static let postgresEpoch: Int64 = 946_684_800_000_000

  package init(microsecondsSince1970: Int64) {
    self.microsecondsSince1970 = microsecondsSince1970
  }

  package static var postgresType: PostgresType { .timestamptz }
  package func encode(into buffer: inout [UInt8]) {
    buffer.append(bigEndian: microsecondsSince1970 - Self.postgresEpoch)
  }
}
