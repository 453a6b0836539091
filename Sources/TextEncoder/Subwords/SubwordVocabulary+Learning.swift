import Tensor

extension SubwordVocabulary {
  /// How a vocabulary is learned.
  package struct Configuration: Sendable, Equatable, Codable {
    /// Tokens in all, the 257 of every vocabulary included; fewer when the text runs out of pairs.
    package var size = 8192
    /// Pairs seen less often are not joined.
    package var minimumCount = 4
    /// Longest piece, in bytes.
    package var maximumLength = 24

    /// The measured defaults.
    package init() {}
  }

  /// Learns pieces by byte-pair encoding (Sennrich, Haddow, Birch 2016, algorithm 1).
  ///
  /// Words never join. The most frequent pair of neighbouring pieces is joined next; of pairs
  /// equally frequent the one with the lower tokens. The result depends on the multiset of words
  /// only, not on the order of the texts.
  package init(learnedFrom texts: [String], configuration: Configuration = Configuration()) {
    var counts: [[UInt8]: Int] = [:]
    let tokenized = Parallel.map(texts.count, by: 64) { index -> [[UInt8]] in
      let text = TextTokenizer.tokenize(texts[index])
      return text.tokens.filter { $0.range.count > 1 }.map { Array(text.utf8[$0.range]) }
    }
    for words in tokenized {
      for word in words { counts[word, default: 0] += 1 }
    }
    let words = counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    var learner = PairLearner(
      words: words.map { (bytes: $0.key, count: $0.value) }, configuration: configuration)
    learner.run()
    self.init(pieces: learner.pieces)
  }
}

/// The state of byte-pair learning: all distinct words as linked lists of tokens.
private struct PairLearner {
  private let configuration: SubwordVocabulary.Configuration
  private(set) var pieces: [[UInt8]] = []
  private var known: [[UInt8]: Int32] = [:]
  /// Token at each position of the words laid end to end; −1 where a token was joined away.
  private var tokens: [Int32] = []
  private var next: [Int32] = []
  private var previous: [Int32] = []
  /// How often the word of a position occurs.
  private var weight: [Int32] = []
  private var counts: [UInt64: Int] = [:]
  /// Where a pair began when it was counted; some are stale.
  private var places: [UInt64: [Int32]] = [:]
  private var queue = PairQueue()

  init(
    words: [(bytes: [UInt8], count: Int)], configuration: SubwordVocabulary.Configuration
  ) {
    self.configuration = configuration
    for word in words {
      let start = Int32(tokens.count)
      for (offset, byte) in word.bytes.enumerated() {
        tokens.append(Int32(byte) + 1)
        weight.append(Int32(clamping: word.count))
        previous.append(offset == 0 ? -1 : start + Int32(offset) - 1)
        next.append(offset == word.bytes.count - 1 ? -1 : start + Int32(offset) + 1)
      }
    }
    for position in tokens.indices where next[position] >= 0 {
      count(at: Int32(position))
    }
    for (pair, count) in counts { queue.push(count: count, pair: pair) }
  }

  /// Joins pairs until the vocabulary is full or no pair is frequent enough.
  mutating func run() {
    while pieces.count + SubwordVocabulary.baseCount < configuration.size,
      let (count, pair) = queue.pop()
    {
      guard let current = counts[pair], current >= configuration.minimumCount else { continue }
      if current != count {
        // An old entry: the pair comes again with the count it has now.
        queue.push(count: current, pair: pair)
        continue
      }
      join(pair)
    }
  }

  private mutating func join(_ pair: UInt64) {
    let (first, second) = (Int32(pair >> 32), Int32(truncatingIfNeeded: pair))
    counts[pair] = nil
    let positions = places.removeValue(forKey: pair) ?? []
    let bytes = self.bytes(of: first) + self.bytes(of: second)
    guard bytes.count <= configuration.maximumLength else { return }
    let joined = token(of: bytes)
    var changed: Set<UInt64> = []
    for position in positions.sorted() {
      let place = Int(position)
      guard tokens[place] == first, next[place] >= 0, tokens[Int(next[place])] == second else {
        continue
      }
      let removed = Int(next[place])
      if previous[place] >= 0 { uncount(at: previous[place]) }
      if next[removed] >= 0 { uncount(at: Int32(removed)) }
      tokens[place] = joined
      tokens[removed] = -1
      next[place] = next[removed]
      if next[removed] >= 0 { previous[Int(next[removed])] = position }
      if previous[place] >= 0 { changed.insert(self.count(at: previous[place])) }
      if next[place] >= 0 { changed.insert(self.count(at: position)) }
    }
    for pair in changed {
      if let count = counts[pair] { queue.push(count: count, pair: pair) }
    }
  }

  private func pair(at position: Int32) -> UInt64 {
    let first = tokens[Int(position)]
    let second = tokens[Int(next[Int(position)])]
    return UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
  }

  @discardableResult
  private mutating func count(at position: Int32) -> UInt64 {
    let pair = pair(at: position)
    counts[pair, default: 0] += Int(weight[Int(position)])
    places[pair, default: []].append(position)
    return pair
  }

  private mutating func uncount(at position: Int32) {
    let pair = pair(at: position)
    // The pair being joined has left the table already.
    if let count = counts[pair] { counts[pair] = count - Int(weight[Int(position)]) }
  }

  private func bytes(of token: Int32) -> [UInt8] {
    token < SubwordVocabulary.baseCount
      ? [UInt8(token - 1)] : pieces[Int(token) - SubwordVocabulary.baseCount]
  }

  /// Two ways to spell the same bytes are one piece.
  private mutating func token(of bytes: [UInt8]) -> Int32 {
    if let token = known[bytes] { return token }
    let token = Int32(SubwordVocabulary.baseCount + pieces.count)
    pieces.append(bytes)
    known[bytes] = token
    return token
  }
}

/// A binary heap of pairs, the most frequent first, then the lower pair.
private struct PairQueue {
  private var heap: [(count: Int, pair: UInt64)] = []

  mutating func push(count: Int, pair: UInt64) {
    heap.append((count, pair))
    var child = heap.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> (count: Int, pair: UInt64)? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    if heap.isEmpty { return top }
    heap[0] = last
    var parent = 0
    while 2 * parent + 1 < heap.count {
      var child = 2 * parent + 1
      if child + 1 < heap.count, precedes(child + 1, child) { child += 1 }
      guard precedes(child, parent) else { break }
      heap.swapAt(child, parent)
      parent = child
    }
    return top
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    heap[a].count != heap[b].count ? heap[a].count > heap[b].count : heap[a].pair < heap[b].pair
  }
}
