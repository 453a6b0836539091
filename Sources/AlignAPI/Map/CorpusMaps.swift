import Foundation

/// Maps of corpora, each computed once for a version, on a thread of its own.
///
/// While a newer version is computed, the older map answers; a corpus that changes all the time is
/// computed anew at most every ``pause``.
package actor CorpusMaps {
  private struct Key: Hashable {
    let model: String
    let corpus: Int64
    let generation: UInt64
  }

  private struct Entry {
    var map: CorpusMap?
    var finished = ContinuousClock.now
    var running: Task<CorpusMap, Never>?
    var lastUse = ContinuousClock.now
  }

  private var entries: [Key: Entry] = [:]
  private let pause: Duration

  /// Maps that are kept.
  private static let capacity = 16

  package init(pause: Duration = .seconds(30)) {
    self.pause = pause
  }

  /// The map of a corpus; of an older version while a newer one is computed.
  ///
  /// `model` is the checksum of the model whose vectors they are.
  package func map(
    of corpus: LoadedCorpora.Corpus, in corpora: LoadedCorpora, model: String, dimension: Int
  ) async -> CorpusMap {
    let key = Key(model: model, corpus: corpus.id, generation: corpora.items.generation)
    var entry = entries[key] ?? Entry()
    entry.lastUse = .now
    let isCurrent = entry.map?.version == corpus.version
    let isEarly = entry.map != nil && .now - entry.finished < pause
    if !isCurrent, !isEarly, entry.running == nil {
      let work = Task.detached {
        await Self.onOwnThread { CorpusMap(of: corpus, in: corpora, dimension: dimension) }
      }
      entry.running = work
      Task { self.finish(key, await work.value) }
    }
    entries[key] = entry
    forgetOldest()
    if let map = entry.map { return map }
    guard let running = entry.running else { preconditionFailure("no map and nobody makes one") }
    return await running.value
  }

  private func finish(_ key: Key, _ map: CorpusMap) {
    entries[key]?.map = map
    entries[key]?.finished = .now
    entries[key]?.running = nil
  }

  private func forgetOldest() {
    while entries.count > Self.capacity,
      let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      entries[oldest.key] = nil
    }
  }

  private static func onOwnThread(
    _ work: @escaping @Sendable () -> CorpusMap
  ) async -> CorpusMap {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: work()) }
    }
  }
}
