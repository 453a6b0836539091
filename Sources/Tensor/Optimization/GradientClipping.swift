/// Clipping by the global norm (Pascanu, Mikolov, Bengio 2013, algorithm 1).
public enum GradientClipping {
  /// The Euclidean norm over all gradients.
  public static func globalNorm(_ gradients: [Matrix]) -> Double {
    gradients.reduce(0) { $0 + $1.dot($1) }.squareRoot()
  }

  /// The Euclidean norm over all gradients; untouched groups count as zeros.
  public static func globalNorm(of gradients: [ParameterGradient]) -> Double {
    gradients.reduce(0) { $0 + $1.stored.squaredNorm() }.squareRoot()
  }

  /// The factor that brings a norm down to at most `maximum`; 1 when it is there already.
  public static func scale(norm: Double, maximum: Double) -> Float {
    norm > maximum ? Float(maximum / norm) : 1
  }
}
