import Dispatch
import Foundation
import Synchronization

/// Notes SIGINT and SIGTERM, so that work can end at a good place; a second one ends it at once.
final class StopSignals {
  private let state: Received
  private let sources: [any DispatchSourceSignal]

  /// Shared with the handlers, which run on another thread.
  private final class Received: Sendable {
    let signal = Atomic<Int32>(0)
  }

  /// `announcement` is printed when the first signal arrives.
  init(announcing announcement: String = "stopping after this chunk") {
    let state = Received()
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { @Sendable in
        if state.signal.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
        FileHandle.standardError.write(Data("\n\(announcement)\n".utf8))
      }
      source.resume()
      return source
    }
    self.state = state
  }

  /// The signal that arrived, if any.
  var received: Int32? {
    let number = state.signal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
