public import Molecule
public import Tensor
import Foundation
import TextEncoder

/// A trained model: views, towers and the shared space.
///
/// Immutable after loading.
/// Encoding is this one function for training's evaluation, for indexing and for queries.
public struct AlignmentModel: Sendable {
  /// What the model was trained with.
  public let configuration: TrainingConfiguration
  let moleculeView: LatentProjection
  let textView: LatentProjection
  let parameters: ParameterSet

  init(
    configuration: TrainingConfiguration, moleculeView: LatentProjection,
    textView: LatentProjection, parameters: ParameterSet
  ) {
    self.configuration = configuration
    self.moleculeView = moleculeView
    self.textView = textView
    self.parameters = parameters
  }

  /// Width of the shared space.
  public var dimension: Int { configuration.outputWidth }

  /// exp of the learned log scale: what cosines are multiplied by in the training loss.
  public var scale: Float {
    min(exp(parameters[Self.logScaleName][0, 0]), configuration.maximumScale)
  }

  static let logScaleName = "logScale"

  /// Fresh parameters for views of the given widths.
  static func initialParameters(
    configuration: TrainingConfiguration, moleculeWidth: Int, textWidth: Int
  ) -> ParameterSet {
    var random = RandomSource(seed: configuration.seed)
    var parameters = Tower(modality: .molecule).initialParameters(
      viewWidth: moleculeWidth, configuration: configuration, random: &random)
    parameters += Tower(modality: .text).initialParameters(
      viewWidth: textWidth, configuration: configuration, random: &random)
    let logScale = -log(configuration.initialTemperature)
    parameters.append(
      .init(
        name: logScaleName, value: Matrix(rows: 1, columns: 1, values: [logScale]), decays: false)
    )
    return ParameterSet(parameters)
  }

  /// Unit vectors of molecules; [molecules.count, dimension].
  ///
  /// A molecule's vector does not depend on its batch-mates beyond rounding (about 10⁻⁶).
  public func encode(_ molecules: [MolecularGraph]) -> Matrix {
    encodeMolecules(
      features: Parallel.map(molecules.count, by: 8) {
        MolecularFingerprint.counts(of: molecules[$0])
      })
  }

  /// Unit vectors of texts; [texts.count, dimension].
  public func encode(_ texts: [String]) -> Matrix {
    encodeTexts(
      features: Parallel.map(texts.count, by: 8) { LexicalFeatures.counts(of: texts[$0]) })
  }

  /// Unit vectors of molecules whose features are counted already.
  func encodeMolecules(features: [FeatureCounts]) -> Matrix {
    Tower(modality: .molecule).encode(moleculeView.views(of: features), parameters: parameters)
  }

  /// Unit vectors of texts whose features are counted already.
  func encodeTexts(features: [FeatureCounts]) -> Matrix {
    Tower(modality: .text).encode(textView.views(of: features), parameters: parameters)
  }
}
