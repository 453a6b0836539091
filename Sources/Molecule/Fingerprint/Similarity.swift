/// How alike two fingerprints are, from what each has and what they share; 0...1.
///
/// Of bits the numbers are counts of set bits, of counts they are sums and sums of minima. Two
/// empty fingerprints have similarity 0.
public enum Similarity: Sendable, Equatable {
  /// shared / (left + right − shared), also called Jaccard.
  case tanimoto
  /// 2 · shared / (left + right).
  case dice
  /// shared / (α · (left − shared) + β · (right − shared) + shared) (Tversky, Psychol. Rev. 1977,
  /// 84, 327); α and β are at least 0.
  case tversky(alpha: Double, beta: Double)

  /// The similarity of two fingerprints of `left` and `right` with `shared` in common.
  public func value(left: Int, right: Int, shared: Int) -> Double {
    let (left, right, shared) = (Double(left), Double(right), Double(shared))
    let whole =
      switch self {
      case .tanimoto: left + right - shared
      case .dice: (left + right) / 2
      case .tversky(let alpha, let beta):
        alpha * (left - shared) + beta * (right - shared) + shared
      }
    return whole == 0 ? 0 : shared / whole
  }
}

extension BitFingerprint {
  /// Number of bits set in both; the sizes must be equal.
  public func overlap(with other: BitFingerprint) -> Int {
    precondition(size == other.size, "\(size) and \(other.size) bits")
    var count = 0
    for index in words.indices { count += (words[index] & other.words[index]).nonzeroBitCount }
    return count
  }

  /// Similarity to a fingerprint of equal size.
  public func similarity(to other: BitFingerprint, by measure: Similarity = .tanimoto) -> Double {
    measure.value(left: population, right: other.population, shared: overlap(with: other))
  }
}

extension CountFingerprint {
  /// Sum over all identifiers of the lesser of both counts; linear in both.
  public func overlap(with other: CountFingerprint) -> Int {
    var (first, second, shared) = (0, 0, 0)
    while first < identifiers.count, second < other.identifiers.count {
      let (left, right) = (identifiers[first], other.identifiers[second])
      if left == right { shared += Int(min(counts[first], other.counts[second])) }
      if left <= right { first += 1 }
      if right <= left { second += 1 }
    }
    return shared
  }

  /// Similarity to another fingerprint of the same kind, counts compared by their minimum.
  public func similarity(to other: CountFingerprint, by measure: Similarity = .tanimoto) -> Double {
    measure.value(left: total, right: other.total, shared: overlap(with: other))
  }
}
