/// Gradients of a loss over a whole batch, with activations of one chunk in memory at a time.
///
/// Source: Gao, Zhang, Han, Callan 2021, "Scaling deep contrastive learning batch size under
/// memory limited setup", section 3. The batch is encoded chunk by chunk and only the embeddings
/// are kept; the loss gives each embedding its gradient; every chunk is encoded again, on a tape
/// of its own, and that gradient goes backwards through it. The result is the gradient of the
/// whole batch up to rounding.
///
/// The encoding must be a pure function of the chunk and the weights: a dropout seed must come
/// from the chunk's first item, not from a counter.
public struct GradientCache {
  /// What a chunk is encoded to.
  public struct Encoded {
    /// One variable for each modality, its rows the chunk's items.
    public var embeddings: [Tape.Variable]
    /// A scalar added to the loss as it is, such as a weighted z-loss; summed over the chunks.
    public var penalty: Tape.Variable?

    /// Embeddings, and a penalty if there is one.
    public init(embeddings: [Tape.Variable], penalty: Tape.Variable? = nil) {
      self.embeddings = embeddings
      self.penalty = penalty
    }
  }

  /// A loss over all embeddings.
  public struct Loss {
    /// The loss.
    public var value: Float
    /// Its gradient for each modality's embeddings; [count, width] each.
    public var embeddings: [Matrix]
    /// Its gradients for parameters that it reads itself, by name.
    public var parameters: [String: Matrix]

    /// A loss with its gradients.
    public init(value: Float, embeddings: [Matrix], parameters: [String: Matrix] = [:]) {
      self.value = value
      self.embeddings = embeddings
      self.parameters = parameters
    }
  }

  /// A loss and one gradient for each parameter, in order.
  public struct Result {
    /// The loss, penalties included.
    public let loss: Float
    /// One gradient for each parameter, in order.
    public let gradients: [ParameterGradient]
  }

  /// Encodes the items of a range on a tape; the last argument finds a weight by name.
  public typealias Encode = (Tape, Range<Int>, (String) -> Tape.Variable) -> Encoded

  /// The ranges that a batch is cut into; the last may be shorter.
  public let chunks: [Range<Int>]

  /// Cuts a batch of `count` items into chunks of at most `chunk`.
  public init(count: Int, chunk: Int) {
    precondition(chunk >= 1, "chunks of \(chunk)")
    chunks = stride(from: 0, to: count, by: chunk).map { $0..<min($0 + chunk, count) }
  }

  /// The loss and its gradients; `encode` runs twice for each chunk, `loss` once.
  public func evaluate(
    _ parameters: ParameterSet, encode: Encode, loss: ([Matrix]) -> Loss
  ) -> Result {
    var pieces: [[Matrix]] = []
    var penalties: Double = 0
    for chunk in chunks {
      let (tape, _, encoded) = run(chunk, parameters, isTrained: false, encode)
      pieces.append(encoded.embeddings.map(tape.value(of:)))
      if let penalty = encoded.penalty { penalties += Double(tape.value(of: penalty)[0, 0]) }
    }
    let modalities = pieces.first?.count ?? 0
    let total = loss((0..<modalities).map { modality in .joiningRows(pieces.map { $0[modality] }) })
    precondition(
      total.embeddings.count == modalities,
      "\(total.embeddings.count) embedding gradients for \(modalities) modalities")

    var sums = [ParameterGradient?](repeating: nil, count: parameters.parameters.count)
    for chunk in chunks {
      let (tape, variables, encoded) = run(chunk, parameters, isTrained: true, encode)
      var outputs = zip(encoded.embeddings, total.embeddings).map { embedding, gradient in
        (output: embedding, upstream: gradient.gatheringRows(Array(chunk)))
      }
      if let penalty = encoded.penalty {
        outputs.append((penalty, Matrix(rows: 1, columns: 1, repeating: 1)))
      }
      let gradients = tape.gradients(of: outputs)
      for index in sums.indices {
        let gradient = gradients.gradient(of: variables[index])
        if sums[index] == nil { sums[index] = gradient } else { sums[index]?.add(gradient) }
      }
    }
    for (index, parameter) in parameters.parameters.enumerated() {
      if let own = total.parameters[parameter.name] { sums[index]?.add(.dense(own)) }
    }
    return Result(
      loss: Float(Double(total.value) + penalties),
      gradients: zip(sums, parameters.parameters).map { sum, parameter in
        sum ?? .dense(Matrix(rows: parameter.value.rows, columns: parameter.value.columns))
      })
  }

  private func run(
    _ chunk: Range<Int>, _ parameters: ParameterSet, isTrained: Bool, _ encode: Encode
  ) -> (tape: Tape, variables: [Tape.Variable], encoded: Encoded) {
    let tape = Tape()
    let variables = parameters.parameters.map {
      isTrained ? tape.parameter($0.value) : tape.constant($0.value)
    }
    var places: [String: Tape.Variable] = [:]
    for (variable, parameter) in zip(variables, parameters.parameters) {
      places[parameter.name] = variable
    }
    let encoded = encode(tape, chunk) { name in
      guard let variable = places[name] else { preconditionFailure("no parameter named \(name)") }
      return variable
    }
    return (tape, variables, encoded)
  }
}

extension Matrix {
  /// All rows of some matrices of one width, in order.
  public static func joiningRows(_ parts: [Matrix]) -> Matrix {
    let columns = parts.first?.columns ?? 0
    var values: [Float] = []
    values.reserveCapacity(parts.reduce(0) { $0 + $1.values.count })
    for part in parts {
      precondition(part.columns == columns, "\(columns) and \(part.columns) columns")
      values += part.values
    }
    return Matrix(rows: parts.reduce(0) { $0 + $1.rows }, columns: columns, values: values)
  }
}
