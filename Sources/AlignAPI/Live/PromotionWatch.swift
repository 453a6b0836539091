import Foundation
package import Postgres

/// Tells which model is promoted, at the start and whenever that changes.
///
/// A thread of its own listens for ``ModelStore/channel``; after a lost connection it comes back and
/// looks again. It ends when nobody reads its stream any more.
package struct PromotionWatch: Sendable {
  private let settings: ConnectionSettings

  /// Longest time until a change is seen that no notification told of.
  private static let lookInterval = Duration.seconds(2)

  package init(_ settings: ConnectionSettings) { self.settings = settings }

  /// Checksums of promoted models, each unlike the one before; nil while none is promoted.
  package func checksums() -> AsyncStream<String?> {
    let (stream, end) = AsyncStream.makeStream(of: String?.self)
    let isOver = StopFlag()
    end.onTermination = { _ in isOver.raise() }
    let thread = Thread {
      var last: String??
      while !isOver.isRaised {
        do {
          let connection = try Connection(settings)
          try connection.listen(ModelStore.channel)
          while !isOver.isRaised {
            let now = try Self.promoted(connection)
            if last != .some(now) {
              last = .some(now)
              end.yield(now)
            }
            let deadline = ContinuousClock.now + Self.lookInterval
            while !isOver.isRaised, .now < deadline {
              if !(try connection.notifications(within: .milliseconds(200))).isEmpty { break }
            }
          }
        } catch {
          // The follower of changes says that the database is away.
          Thread.sleep(forTimeInterval: 1)
        }
      }
    }
    thread.name = "ligature.promotion"
    thread.start()
    return stream
  }

  /// The checksum of the promoted model.
  package static func promoted(_ connection: Connection) throws -> String? {
    try connection.query("select checksum from models where is_promoted").first?
      .value(at: 0, as: String.self)
  }
}
