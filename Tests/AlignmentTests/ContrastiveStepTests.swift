import Foundation
import MoEBackbone
import Tensor
import Testing

@testable import Alignment

@Suite struct ContrastiveStepGradientTests {
  private static let pairs = 6
  private static let widths = ["molecule": 7, "text": 5]
  private static let hidden = 4
  private static let output = 3

  /// Everything in doubles, value by value, without matrix code.
  private typealias Rows = [[Double]]

  private static func rows(_ matrix: Matrix) -> Rows {
    (0..<matrix.rows).map { matrix.row($0).map(Double.init) }
  }

  private static func times(_ x: [Double], _ weight: Rows) -> [Double] {
    weight.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  private static func encode(_ x: [Double], _ modality: String, _ weights: [String: Rows])
    -> [Double]
  {
    func weight(_ part: String) -> Rows { weights["\(modality).\(part)"] ?? [] }
    let inner = zip(times(x, weight("hidden.weight")), weight("hidden.bias")[0]).map { a, b in
      let v = a + b
      return 0.5 * v * (1 + tanh((2 / Double.pi).squareRoot() * (v + 0.044715 * v * v * v)))
    }
    let sum = zip(times(x, weight("skip.weight")), times(inner, weight("output.weight"))).map(+)
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return sum.map { $0 / length }
  }

  /// −½·mean over pairs of log p(molecule | text) + log p(text | molecule).
  private static func loss(_ molecules: Rows, _ texts: Rows, _ weights: [String: Rows]) -> Double {
    let m = molecules.map { encode($0, "molecule", weights) }
    let t = texts.map { encode($0, "text", weights) }
    let scale = exp((weights["logScale"] ?? [])[0][0])
    func logit(_ i: Int, _ j: Int) -> Double {
      scale * zip(t[i], m[j]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let n = m.count
    var total = 0.0
    for i in 0..<n {
      total -= logit(i, i) - log((0..<n).reduce(0) { $0 + exp(logit(i, $1)) })
      total -= logit(i, i) - log((0..<n).reduce(0) { $0 + exp(logit($1, i)) })
    }
    return total / Double(2 * n)
  }

  private let molecules: Matrix
  private let texts: Matrix
  private let parameters: ParameterSet
  private let step: ContrastiveStep

  init() {
    var random = RandomSource(seed: 17)
    func normal(_ rows: Int, _ columns: Int) -> Matrix {
      random.normal(rows: rows, columns: columns, standardDeviation: 0.7)
    }
    var list: [ParameterSet.Parameter] = []
    for (modality, width) in Self.widths.sorted(by: { $0.key < $1.key }) {
      for (part, rows, columns) in [
        ("skip.weight", Self.output, width), ("hidden.weight", Self.hidden, width),
        ("hidden.bias", 1, Self.hidden), ("output.weight", Self.output, Self.hidden),
      ] {
        list.append(
          .init(name: "\(modality).\(part)", value: normal(rows, columns), decays: true))
      }
    }
    list.append(
      .init(name: "logScale", value: Matrix(rows: 1, columns: 1, values: [1.3]), decays: false))
    molecules = normal(Self.pairs, 7)
    texts = normal(Self.pairs, 5)
    parameters = ParameterSet(list)
    var configuration = TrainingConfiguration()
    configuration.dropout = 0
    configuration.hiddenWidth = Self.hidden
    configuration.outputWidth = Self.output
    step = ContrastiveStep(
      ContrastiveStep.Batch(
        molecules: MoleculeInputs(views: molecules),
        texts: TextInputs(
          views: texts, domains: [Domain](repeating: .default, count: Self.pairs))),
      network: AlignmentNetwork(configuration: configuration, widths: .init(molecule: 7, text: 5)),
      parameters: parameters, state: nil, dropoutSeed: 3)
  }

  private var weights: [String: Rows] {
    Dictionary(
      uniqueKeysWithValues: parameters.parameters.map { ($0.name, Self.rows($0.value)) })
  }

  @Test func lossIsSymmetricInfoNCE() {
    let expected = Self.loss(Self.rows(molecules), Self.rows(texts), weights)
    #expect(abs(Double(step.loss) - expected) < 1e-5)
  }

  @Test(arguments: 1...4)
  func gradientAlongARandomDirectionIsACentralDifference(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let directions = parameters.parameters.map {
      random.normal(rows: $0.value.rows, columns: $0.value.columns, standardDeviation: 1)
    }
    let slope = zip(step.gradients, directions).reduce(0) { $0 + $1.0.dense.dot($1.1) }
    func moved(_ distance: Double) -> Double {
      var moved = weights
      for (parameter, direction) in zip(parameters.parameters, directions) {
        moved[parameter.name] = zip(Self.rows(parameter.value), Self.rows(direction)).map {
          zip($0, $1).map { $0 + distance * $1 }
        }
      }
      return Self.loss(Self.rows(molecules), Self.rows(texts), moved)
    }
    let h = 1e-5
    let numeric = (moved(h) - moved(-h)) / (2 * h)
    #expect(abs(slope - numeric) < 1e-4 * max(1, abs(numeric)))
  }
}
