import Tensor
import TextEncoder

/// Finds the terms that a text mentions.
///
/// Names and synonyms are compared as tokens of ``TextNormalizer``'s normal form without plural
/// endings; from left to right the longest name wins, and mentions never overlap. A trie over
/// tokens holds the names, so that a text of T tokens takes O(T·L) look-ups, L being
/// ``maximumTokens``, and near T in prose.
///
/// A name inside a longer chemical name is no mention: "glucose" is not linked in
/// "glucose-6-phosphate", unless that whole is known, nor "alanine" in "N-acetylalanine".
package struct MentionLinker: Sendable {
  /// Names of more tokens are left out.
  package static let maximumTokens = 128

  /// A name that ends at a node of the trie.
  private struct Entry {
    let term: Int32
    /// The normal form, to prefer a name that is spelled as the text spells it.
    let normal: [UInt8]
    /// How the source spells it, when only that will do: abbreviations such as "NAD".
    let exact: [UInt8]?
    let isSynonym: Bool
    let edges: Int
  }

  /// Children of trie nodes: the number of (node, token) is the number of the child, less one.
  private var children = KeyIndex(minimumCapacity: 1 << 15)
  /// Names that end at each child.
  private var entries: [[Entry]] = []
  /// How many names are known.
  package private(set) var nameCount = 0

  /// Learns the names and synonyms of a graph.
  package init(_ graph: KnowledgeGraph) {
    for (number, term) in graph.terms.enumerated() {
      let edges = graph.edges(from: number).count + graph.edges(to: number).count
      insert(term.name, of: number, isSynonym: false, edges: edges)
      for synonym in term.synonyms {
        insert(synonym, of: number, isSynonym: true, edges: edges)
      }
    }
    for node in entries.indices where entries[node].count > 1 {
      entries[node].sort(by: Self.precedes)
    }
  }

  /// Names before synonyms, then the term with more edges, then the earlier one.
  private static func precedes(_ a: Entry, _ b: Entry) -> Bool {
    if a.isSynonym != b.isSynonym { return b.isSynonym }
    if a.edges != b.edges { return a.edges > b.edges }
    return a.term < b.term
  }

  /// The mentions of a text, from left to right; O(n).
  package func mentions(in text: String) -> [Mention] {
    let aligned = AlignedText(text)
    let found = TextTokenizer.tokens(in: aligned.utf8)
    let tokens = NameToken.tokens(of: aligned.utf8, found)
    let surroundings = MentionSurroundings(text: aligned.utf8, tokens: found)
    var original = text
    var mentions: [Mention] = []
    var start = 0
    while start < tokens.count {
      let first = tokens[start].range.lowerBound
      guard let longest = longest(from: start, tokens, surroundings, aligned, &original) else {
        start += 1
        continue
      }
      let last = tokens[longest.end - 1].range
      mentions.append(
        Mention(
          term: Int(longest.entry.term), range: aligned.origin(of: first..<last.upperBound)))
      start = longest.end
    }
    return mentions
  }

  /// The longest name that begins at a token and stands free; nil if there is none.
  private func longest(
    from start: Int, _ tokens: [NameToken], _ surroundings: MentionSurroundings,
    _ aligned: AlignedText, _ original: inout String
  ) -> (entry: Entry, end: Int)? {
    var best: (entry: Entry, end: Int)?
    var node = 0
    var isFree: Bool?
    for index in start..<min(start + Self.maximumTokens, tokens.count) {
      guard let child = children.find(Self.key(node, tokens[index].key)) else { break }
      node = child + 1
      if entries[child].isEmpty { continue }
      let range = tokens[start].range.lowerBound..<tokens[index].range.upperBound
      if isFree == nil { isFree = surroundings.isFree(before: range.lowerBound) }
      guard isFree == true, surroundings.isFree(after: range.upperBound) else { continue }
      if let entry = choose(entries[child], range, aligned, &original) {
        best = (entry, index + 1)
      }
    }
    return best
  }

  /// The first entry that is spelled as the text spells it, else the first that may differ.
  private func choose(
    _ entries: [Entry], _ range: Range<Int>, _ aligned: AlignedText, _ original: inout String
  ) -> Entry? {
    var second: Entry?
    for entry in entries {
      if let exact = entry.exact {
        let place = aligned.origin(of: range)
        let isExact = original.withUTF8Bytes(place) { $0 == exact }
        if isExact { return entry }
        continue
      }
      if aligned.utf8[range].elementsEqual(entry.normal) { return entry }
      if second == nil { second = entry }
    }
    return second
  }

  private mutating func insert(_ name: String, of term: Int, isSynonym: Bool, edges: Int) {
    let normal = TextNormalizer.normalizedUTF8(name)
    let tokens = NameToken.tokens(of: normal, TextTokenizer.tokens(in: normal))
    guard !tokens.isEmpty, tokens.count <= Self.maximumTokens, tokens.contains(where: \.isWord),
      !Self.isAmbiguous(name, normal: normal, tokens: tokens.count)
    else { return }
    var node = 0
    for token in tokens {
      node = children.insert(Self.key(node, token.key)) + 1
      if node > entries.count { entries.append([]) }
    }
    if entries[node - 1].contains(where: { $0.term == term && $0.normal == normal }) { return }
    let isAbbreviation = normal.count <= 5 && name.dropFirst().contains(where: \.isUppercase)
    entries[node - 1].append(
      Entry(
        term: Int32(term), normal: normal, exact: isAbbreviation ? Array(name.utf8) : nil,
        isSynonym: isSynonym, edges: edges))
    nameCount += 1
  }

  /// Whether a name would be found where it is not meant.
  private static func isAmbiguous(_ name: String, normal: [UInt8], tokens: Int) -> Bool {
    if tokens > 1 { return normal.count < 3 }
    if AmbiguousNames.words.contains(String(decoding: normal, as: UTF8.self)) { return true }
    if normal.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) { return true }
    // Two letters are more often a word or a symbol of something else than a name.
    return normal.count <= 2 && name.count(where: \.isUppercase) < 2
  }

  private static func key(_ node: Int, _ token: UInt64) -> UInt64 {
    var hash = FeatureHash(kind: UInt64(node))
    hash.combine(token)
    return hash.key
  }
}

extension String {
  /// Calls `body` with some of the UTF-8 bytes.
  fileprivate mutating func withUTF8Bytes<Result>(
    _ range: Range<Int>, _ body: ([UInt8]) -> Result
  ) -> Result {
    makeContiguousUTF8()
    let bytes = utf8Span.span.extracting(range)
    return body(bytes.indices.map { bytes[$0] })
  }
}
