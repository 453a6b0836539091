import Tensor

/// A bottleneck that adapts one domain: y + U·gelu(D·y + b) + c.
///
/// Source: Houlsby and others 2019, figure 2. D [a, d]; U [d, a] and c start at zero, so a fresh
/// adapter is the identity. Only rows of its domain pass through it: training one adapter leaves
/// every other domain's output as it was, to the bit.
package struct DomainAdapter: Sendable {
  let domain: Domain
  let configuration: BackboneConfiguration
  let name: String

  init(domain: Domain, configuration: BackboneConfiguration, block: String) {
    self.domain = domain
    self.configuration = configuration
    name = "\(block).adapter.\(domain.rawValue)"
  }

  /// Whether a parameter belongs to a domain's adapters, by its name.
  package static func owns(_ parameterName: String, domain: Domain) -> Bool {
    parameterName.hasPrefix("backbone.") && parameterName.contains(".adapter.\(domain.rawValue).")
  }

  /// Whether a parameter belongs to any adapter, by its name.
  package static func owns(_ parameterName: String) -> Bool {
    Domain.allCases.contains { owns(parameterName, domain: $0) }
  }

  var parameterShapes: [ParameterShape] {
    let (width, inner) = (configuration.width, configuration.adapterWidth)
    return [
      .weight(name + ".down.weight", output: inner, input: width),
      .vector(name + ".down.bias", width: inner),
      ParameterShape(
        name: name + ".up.weight", rows: width, columns: inner, decays: true, start: .constant(0)),
      .vector(name + ".up.bias", width: width),
    ]
  }

  func forward(
    _ x: Tape.Variable, rows: DomainRows.Selection, on tape: Tape,
    weights: (String) -> Tape.Variable
  ) -> Tape.Variable {
    func change(_ own: Tape.Variable) -> Tape.Variable {
      let inner = tape.gelu(
        tape.linear(
          own, weight: weights(name + ".down.weight"), bias: weights(name + ".down.bias")))
      return tape.linear(
        inner, weight: weights(name + ".up.weight"), bias: weights(name + ".up.bias"))
    }
    switch rows {
    case .all: return tape.adding(x, change(x))
    case .some(let indices):
      return tape.addingRows(x, change(tape.gatheringRows(x, indices)), at: indices)
    }
  }
}
