/// The views by kernel ridge regression into the other modality.
package struct RidgeConfiguration: Sendable, Equatable, Codable {
  /// Width of the view of texts: principal components of what is told of a molecule.
  package var textComponents = 768
  /// Width of the view of molecules: principal components of what is told of a text.
  package var moleculeComponents = 512
  /// λ of the regression from texts; cosines have the diagonal 1.
  package var textPenalty: Float = 0.1
  /// λ of the regression from molecules.
  package var moleculePenalty: Float = 0.3
  /// The share of exact numbers and named groups in what is told of a molecule, 0...1.
  package var structureShare: Float = 0.4
  /// The most pairs, and the most molecules, that the regressions are fitted on; memory grows with
  /// the square: 24,000 take 2.3 GB.
  package var samples = 24_000
  /// Whether texts are read by this view in place of the lexical one rather than beside it.
  package var replacesLexicalView = true

  /// The measured defaults.
  package init() {}

  /// The words for the first thing that cannot be, or nothing.
  var problem: String? {
    for (name, value) in [
      ("textComponents", textComponents), ("moleculeComponents", moleculeComponents),
    ] where value < 1 {
      return "\(name) is \(value), at least 1 expected"
    }
    if samples < 2 || samples > 46_340 { return "samples is \(samples), 2...46340 expected" }
    for (name, value) in [
      ("textPenalty", textPenalty), ("moleculePenalty", moleculePenalty),
    ] where !(value > 0 && value.isFinite) {
      return "\(name) is \(value), more than 0 expected"
    }
    return structureShare >= 0 && structureShare <= 1
      ? nil : "structureShare is \(structureShare), 0...1 expected"
  }
}
