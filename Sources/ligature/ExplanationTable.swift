import AlignAPI
import Alignment
import Foundation
import HTTPAPI
import Molecule

/// An explained score for people: the heaviest words and atoms, each with a bar.
struct ExplanationTable {
  let report: ScoreReport
  /// Rows for each side.
  let first: Int

  var text: String {
    let explanation = report.explanation
    var lines = ["score     " + Self.number(explanation.score)]
    if let baseline = explanation.baseline { lines.append("baseline  " + Self.number(baseline)) }
    let largest = report.sides.flatMap(\.weights).map(abs).max() ?? 0
    for (name, item, weights) in report.sides where !weights.isEmpty {
      lines += ["", "\(name), \(Self.kind(item))"]
      let order = weights.indices.sorted {
        (abs(weights[$1]), $0) < (abs(weights[$0]), $1)
      }.prefix(first)
      let names = order.map { Self.name(of: $0, in: item) }
      let width = names.map(\.count).max() ?? 0
      for (part, name) in zip(order, names) {
        let length = largest > 0 ? Int((20 * abs(weights[part]) / largest).rounded()) : 0
        let bar = String(repeating: weights[part] < 0 ? "-" : "+", count: length)
        lines.append(
          "  " + name + String(repeating: " ", count: width - name.count) + "  "
            + Self.number(weights[part]) + (bar.isEmpty ? "" : "  " + bar))
      }
      if weights.count > order.count {
        let rest = weights.reduce(0, +) - order.reduce(0) { $0 + weights[$1] }
        lines.append("  \(weights.count - order.count) others: " + Self.number(rest))
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func kind(_ item: ExplainedItem) -> String {
    switch item {
    case .molecule: "atoms"
    case .text: "words"
    case .vector: "a vector"
    }
  }

  private static func name(of part: Int, in item: ExplainedItem) -> String {
    switch item {
    case .molecule(let molecule): "\(molecule.graph.atoms[part].element.symbol) \(part)"
    case .text(let text): text[text.words[part]]
    case .vector: ""
    }
  }

  /// With its sign, four digits behind the point.
  private static func number(_ value: Float) -> String { String(format: "%+.4f", value) }
}
