/// Whether layers drop values, with the seed of their masks.
package enum LayerMode: Sendable, Equatable {
  /// Nothing is dropped.
  case inference
  /// Values are zeroed with probability `dropout`; equal seeds give equal masks.
  case training(dropout: Float, seed: UInt64)
}

extension Tape {
  /// Dropout in training; `site` tells the places of one model apart.
  package func dropout(_ x: Variable, mode: LayerMode, site: Int) -> Variable {
    guard case .training(let rate, let seed) = mode else { return x }
    var hash = FeatureHash(kind: seed)
    hash.combine(site)
    return dropout(x, rate: rate, seed: hash.key)
  }
}
