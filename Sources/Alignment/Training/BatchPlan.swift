import Tensor

/// The order in which one epoch visits the pairs.
///
/// A pure function of seed and epoch, so that a resumed run repeats it. In-batch negatives are
/// wrong when a batch holds the same molecule or the same text twice; such a pair waits for a later
/// batch. Pairs that fit no full batch by the end of the epoch form a last, smaller one when
/// there are at least two of them without a clash. There is no batch at all only when no two pairs
/// differ in both molecule and text, whatever the epoch.
package struct BatchPlan {
  /// Pair indices of each batch.
  package let batches: [[Int]]

  /// Plans one epoch over `groups.count` pairs; `groups[i]` names pair i's molecule and text.
  package init(groups: [PairGroups], batchSize: Int, seed: UInt64, epoch: Int) {
    self.init(
      groups: groups, batchSize: batchSize,
      order: Self.order(of: groups.count, seed: seed, epoch: epoch))
  }

  /// A random order of so many pairs.
  package static func order(of count: Int, seed: UInt64, epoch: Int) -> [Int] {
    var hash = FeatureHash(kind: seed)
    hash.combine(epoch)
    var random = RandomSource(seed: hash.key)
    return random.permutation(count)
  }

  /// Plans one epoch that takes the pairs in the given order as far as they do not clash.
  package init(groups: [PairGroups], batchSize: Int, order: [Int]) {
    precondition(batchSize > 1, "a batch of \(batchSize)")
    precondition(order.count == groups.count, "\(order.count) of \(groups.count) pairs in order")
    var waiting = order
    var batches: [[Int]] = []
    while waiting.count > 1 {
      var batch: [Int] = []
      var molecules = Set<Int>()
      var texts = Set<Int>()
      var deferred: [Int] = []
      var position = 0
      while position < waiting.count && batch.count < batchSize {
        let pair = waiting[position]
        let group = groups[pair]
        if molecules.contains(group.molecule) || texts.contains(group.text) {
          deferred.append(pair)
        } else {
          molecules.insert(group.molecule)
          texts.insert(group.text)
          batch.append(pair)
        }
        position += 1
      }
      if batch.count > 1 {
        batches.append(batch)
      } else {
        // The first pair clashes with every other. If all share its molecule, or all its text, no
        // two fit together; otherwise some of the others may.
        let first = groups[waiting[0]]
        if waiting.allSatisfy({ groups[$0].molecule == first.molecule })
          || waiting.allSatisfy({ groups[$0].text == first.text })
        {
          break
        }
      }
      waiting = deferred + waiting[position...]
    }
    self.batches = batches
  }
}

/// Which molecule and which text a pair has: equal numbers mean the same.
package struct PairGroups: Sendable, Equatable {
  package let molecule: Int
  package let text: Int

  package init(molecule: Int, text: Int) {
    self.molecule = molecule
    self.text = text
  }
}
