/// An explicit reverse-mode tape.
///
/// Operations append nodes; ``gradients(of:)`` walks them backwards once. A tape serves one
/// forward and one backward pass and belongs to one thread; the work inside an operation is
/// parallel.
public final class Tape {
  /// A value on a tape, with its shape.
  public struct Variable: Sendable {
    let index: Int
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
  }

  /// Adds to the gradients of a node's inputs, given the gradient of its output.
  typealias Backward = (_ gradient: Matrix, _ gradients: inout Gradients) -> Void

  private struct Node {
    let value: Matrix
    let backward: Backward?
    let needsGradient: Bool
  }

  private var nodes: [Node] = []

  /// An empty tape.
  public init() {}

  /// Records a value that no gradient flows into.
  public func constant(_ value: Matrix) -> Variable {
    append(value, needsGradient: false, backward: nil)
  }

  /// Records a value whose gradient is wanted.
  public func parameter(_ value: Matrix) -> Variable {
    append(value, needsGradient: true, backward: nil)
  }

  /// The value of a variable.
  public func value(of variable: Variable) -> Matrix {
    nodes[variable.index].value
  }

  /// The gradients of a scalar with respect to every variable it depends on.
  public func gradients(of loss: Variable) -> Gradients {
    precondition(loss.rows == 1 && loss.columns == 1, "the loss must be a scalar")
    return gradients(of: [(loss, Matrix(rows: 1, columns: 1, repeating: 1))])
  }

  /// The gradients of Σ ⟨upstream, output⟩: what reaches the parameters when each output receives
  /// the upstream gradient of its shape.
  public func gradients(of outputs: [(output: Variable, upstream: Matrix)]) -> Gradients {
    var gradients = Gradients(wanted: nodes.map(\.needsGradient))
    for (output, upstream) in outputs { gradients.add(upstream, to: output) }
    let last = outputs.map(\.output.index).max() ?? -1
    for index in stride(from: last, through: 0, by: -1) {
      guard let backward = nodes[index].backward, let gradient = gradients.take(index)
      else { continue }
      backward(gradient, &gradients)
    }
    return gradients
  }

  func needsGradient(_ variable: Variable) -> Bool {
    nodes[variable.index].needsGradient
  }

  /// Records the result of an operation on `inputs`.
  func record(_ value: Matrix, inputs: Variable..., backward: @escaping Backward) -> Variable {
    append(value, needsGradient: inputs.contains(where: needsGradient), backward: backward)
  }

  private func append(_ value: Matrix, needsGradient: Bool, backward: Backward?) -> Variable {
    nodes.append(Node(value: value, backward: backward, needsGradient: needsGradient))
    return Variable(index: nodes.count - 1, rows: value.rows, columns: value.columns)
  }
}

/// The gradients of one backward pass, one for each variable that received any.
public struct Gradients {
  private var slots: [ParameterGradient?]
  private let wanted: [Bool]

  /// Collects for the variables that are wanted; what flows into others is dropped.
  init(wanted: [Bool]) {
    self.wanted = wanted
    slots = [ParameterGradient?](repeating: nil, count: wanted.count)
  }

  /// The gradient of a parameter; zeros when the loss does not depend on it.
  public subscript(variable: Tape.Variable) -> Matrix {
    gradient(of: variable).dense
  }

  /// The gradient of a parameter as it was made, with untouched groups left out.
  public func gradient(of variable: Tape.Variable) -> ParameterGradient {
    slots[variable.index] ?? .dense(Matrix(rows: variable.rows, columns: variable.columns))
  }

  mutating func add(_ gradient: Matrix, to variable: Tape.Variable) {
    add(.dense(gradient), rows: gradient.rows, columns: gradient.columns, to: variable)
  }

  mutating func add(_ gradient: GroupGradient, to variable: Tape.Variable) {
    add(
      .groups(gradient), rows: gradient.groupCount * gradient.rowsPerGroup,
      columns: gradient.values.columns, to: variable)
  }

  private mutating func add(
    _ gradient: ParameterGradient, rows: Int, columns: Int, to variable: Tape.Variable
  ) {
    precondition(
      rows == variable.rows && columns == variable.columns,
      "gradient [\(rows), \(columns)] of a variable [\(variable.rows), \(variable.columns)]")
    guard wanted[variable.index] else { return }
    if slots[variable.index] == nil {
      slots[variable.index] = gradient
    } else {
      slots[variable.index]?.add(gradient)
    }
  }

  /// Moves a gradient out: an inner node's is needed once only.
  fileprivate mutating func take(_ index: Int) -> Matrix? {
    let gradient = slots[index]
    slots[index] = nil
    return gradient?.dense
  }
}
