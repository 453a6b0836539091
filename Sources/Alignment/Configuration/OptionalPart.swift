/// A part of the model that can be left out.
package struct OptionalPart<Shape: Sendable & Equatable & Codable>: Sendable, Equatable, Codable {
  /// Whether the model has it.
  package var isEnabled: Bool
  /// Its sizes and choices; without effect when it is left out.
  package var shape: Shape

  /// A part that is left out unless told otherwise.
  package init(_ shape: Shape, isEnabled: Bool = false) {
    self.isEnabled = isEnabled
    self.shape = shape
  }
}
