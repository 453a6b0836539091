import Alignment
import Dispatch
import Retrieval
import Synchronization

/// Builds worn indexes anew beside the follower, which goes on meanwhile.
///
/// What changes in the meantime is noted and done again to the new index.
struct IndexRebuilding {
  private struct Key: Hashable {
    let corpus: Int64
    let modality: Modality
  }

  private struct Note {
    let removed: [Int64]
    let added: ExactIndex?
  }

  /// One build; its result comes from another thread.
  private final class Build: Sendable {
    let result = Mutex<UpdatableIndex?>(nil)
  }

  private var builds: [Key: Build] = [:]
  private var notes: [Key: [Note]] = [:]
  private let queue = DispatchQueue(label: "ligature.rebuild", qos: .utility)

  /// Starts to build what is worn and not being built.
  mutating func begin(_ editor: CorporaEditor) {
    for (corpus, modality) in editor.worn {
      let key = Key(corpus: corpus, modality: modality)
      guard builds[key] == nil, let index = editor.index(corpus, modality) else { continue }
      let build = Build()
      builds[key] = build
      let policy = editor.policy
      let other = editor.index(corpus, modality.other)
      queue.async {
        let result = policy.rebuilt(
          index,
          queries: policy.recallQueries(other: other?.sampled, same: index.sampled))
        build.result.withLock { $0 = result }
      }
    }
  }

  /// Notes a change of an index, in case it is being built.
  mutating func note(
    _ removed: [Int64], _ added: ExactIndex?, _ corpus: Int64, _ modality: Modality
  ) {
    let key = Key(corpus: corpus, modality: modality)
    if builds[key] != nil { notes[key, default: []].append(Note(removed: removed, added: added)) }
  }

  /// Forgets the builds of a corpus that has gone.
  mutating func forget(_ corpus: Int64) {
    for key in builds.keys where key.corpus == corpus {
      builds[key] = nil
      notes[key] = nil
    }
  }

  /// Puts finished indexes into the editor; whether there were any.
  mutating func finish(in editor: inout CorporaEditor) throws(VectorError) -> Bool {
    var hasChanged = false
    for (key, build) in builds {
      guard var index = build.result.withLock({ $0.take() }) else { continue }
      builds[key] = nil
      for note in notes.removeValue(forKey: key) ?? [] {
        index = index.removing(ids: note.removed)
        if let added = note.added { index = try index.adding(added) }
      }
      editor.replace(index, key.corpus, key.modality)
      hasChanged = true
    }
    return hasChanged
  }
}

extension UpdatableIndex {
  /// Vectors to sample, without a copy of those of the base.
  fileprivate var sampled: StoredVectors { base.count > 0 ? base.vectors : vectors }
}
