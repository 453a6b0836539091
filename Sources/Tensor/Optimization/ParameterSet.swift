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

  /// The parameters whose names a filter keeps, in order: what a partly frozen run trains.
  public func selecting(_ isIncluded: (String) -> Bool) -> ParameterSet {
    ParameterSet(parameters.filter { isIncluded($0.name) })
  }

  /// Gives up the values of the named parameters until ``replace(with:)`` brings others.
  ///
  /// Whoever holds a copy of them is then their only owner and can change them in place.
  package mutating func removeValues(of names: Set<String>) {
    for place in parameters.indices where names.contains(parameters[place].name) {
      parameters[place].value = Matrix(rows: 0, columns: 0)
    }
  }

  /// Takes over the values of `others`, whose names must all be here; the rest stay.
  public mutating func replace(with others: ParameterSet) {
    var places: [String: Int] = [:]
    for (place, parameter) in parameters.enumerated() { places[parameter.name] = place }
    for other in others.parameters {
      guard let place = places[other.name] else {
        preconditionFailure("no parameter named \(other.name)")
      }
      let value = parameters[place].value
      precondition(
        value.values.isEmpty
          || value.rows == other.value.rows && value.columns == other.value.columns,
        "\(other.name) is [\(value.rows), \(value.columns)], "
          + "not [\(other.value.rows), \(other.value.columns)]")
      parameters[place].value = other.value
    }
  }
}

extension ParameterSet {
  /// Finds weights by name in constant time; the name must exist.
  package var lookup: (String) -> Matrix {
    let table = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value) })
    return { name in
      guard let found = table[name] else { preconditionFailure("no parameter named \(name)") }
      return found
    }
  }
}
