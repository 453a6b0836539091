import Foundation
public import Molecule
public import Tensor
import TextEncoder

/// A trained model: views, towers and the shared space.
///
/// Immutable after loading.
/// Encoding is this one function for training's evaluation, for indexing and for queries.
public struct AlignmentModel: Sendable {
  /// What the model was trained with.
  public let configuration: TrainingConfiguration
  let moleculeViews: MoleculeViews
  let textView: LatentProjection
  let parameters: ParameterSet
  /// What hubs are told by; nil when they are not held back.
  let hubReferences: HubReferences?

  init(
    configuration: TrainingConfiguration, moleculeViews: MoleculeViews,
    textView: LatentProjection, parameters: ParameterSet, hubReferences: HubReferences?
  ) {
    self.configuration = configuration
    self.moleculeViews = moleculeViews
    self.textView = textView
    self.parameters = parameters
    self.hubReferences = hubReferences
  }

  /// Width of the shared space.
  public var dimension: Int { configuration.outputWidth }

  static let logScaleName = "logScale"

  /// exp of the learned log scale: what cosines are multiplied by in the training loss.
  static func scale(of parameters: ParameterSet) -> Float {
    exp(parameters[logScaleName][0, 0])
  }

  /// The parameters for views of the given widths, in order.
  static func parameterShapes(
    configuration: TrainingConfiguration, moleculeWidth: Int, textWidth: Int
  ) -> [ParameterShape] {
    let molecule = Tower(modality: .molecule).parameterShapes(
      viewWidth: moleculeWidth, configuration: configuration)
    let text = Tower(modality: .text).parameterShapes(
      viewWidth: textWidth, configuration: configuration)
    let logScale = ParameterShape.vector(
      logScaleName, width: 1, value: -log(configuration.initialTemperature))
    return molecule + text + [logScale]
  }

  /// Unit vectors of molecules; [molecules.count, dimension].
  ///
  /// A molecule's vector does not depend on its batch-mates beyond rounding (about 10⁻⁶).
  public func encode(_ molecules: [MolecularGraph]) -> Matrix {
    encodeMolecules(
      features: Parallel.map(molecules.count, by: 8) {
        MoleculeFeatures(of: molecules[$0])
      })
  }

  /// Unit vectors of texts; [texts.count, dimension].
  public func encode(_ texts: [String]) -> Matrix {
    encodeTexts(
      features: Parallel.map(texts.count, by: 8) { LexicalFeatures.counts(of: texts[$0]) })
  }

  /// Unit vectors of molecules whose features are counted already.
  func encodeMolecules(features: [MoleculeFeatures]) -> Matrix {
    Tower(modality: .molecule).encode(moleculeViews.views(of: features), parameters: parameters)
  }

  /// Unit vectors of texts whose features are counted already.
  func encodeTexts(features: [FeatureCounts]) -> Matrix {
    Tower(modality: .text).encode(textView.views(of: features), parameters: parameters)
  }
}
