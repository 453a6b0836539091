/// Whether layers drop values, with the seed of their masks.
///
/// Give the parts of one model seeds of their own: sites tell places apart within a part only.
package enum LayerMode: Sendable, Equatable {
  /// Nothing is dropped.
  case inference
  /// Values are zeroed with probability `dropout`; equal seeds give equal masks.
  case training(dropout: Float, seed: UInt64)

  /// The mode for one part of a model, with a seed of its own.
  package func part(_ number: Int) -> LayerMode {
    guard case .training(let rate, let seed) = self else { return self }
    var hash = FeatureHash(kind: seed)
    hash.combine(number)
    return .training(dropout: rate, seed: hash.key)
  }
}

extension Tape {
  /// Dropout in training; `site` tells the places of one part apart.
  package func dropout(_ x: Variable, mode: LayerMode, site: Int) -> Variable {
    guard case .training(let rate, let seed) = mode else { return x }
    var hash = FeatureHash(kind: seed)
    hash.combine(site)
    return dropout(x, rate: rate, seed: hash.key)
  }
}
