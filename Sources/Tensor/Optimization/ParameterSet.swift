/// The named weights of a model, in a fixed order.
public struct ParameterSet: Sendable, Equatable {
  /// One named weight matrix.
  public struct Parameter: Sendable, Equatable {
    /// A unique, dotted name such as `molecule.hidden.weight`.
    public let name: String
    /// The weights.
    public var value: Matrix
    /// Whether weight decay applies; not for biases, gains and scales.
    public let decays: Bool

    /// Names a weight matrix.
    public init(name: String, value: Matrix, decays: Bool) {
      self.name = name
      self.value = value
      self.decays = decays
    }
  }

  /// The parameters in order.
  public var parameters: [Parameter]

  /// Collects parameters; names must be unique.
  public init(_ parameters: [Parameter]) {
    precondition(Set(parameters.map(\.name)).count == parameters.count, "a name occurs twice")
    self.parameters = parameters
  }

  /// How many numbers there are in all.
  public var scalarCount: Int {
    parameters.reduce(0) { $0 + $1.value.values.count }
  }

  /// The weights of a name, which must exist.
  public subscript(name: String) -> Matrix {
    guard let found = parameters.first(where: { $0.name == name }) else {
      preconditionFailure("no parameter named \(name)")
    }
    return found.value
  }
}
