import ArgumentParser
import Foundation
import Fusion
import Knowledge
import Records
import Tensor

/// Times linking, neighbourhoods, fusion and the simulated circuit.
@main
struct KnowledgeBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "knowledge-benchmark",
    abstract: "Measure the knowledge graph's part of a training step on a graph and texts.",
    discussion: "Example: knowledge-benchmark graphs/chebi chebi20.tsv dev.tsv")

  @Argument(help: "The folder of a graph, made by ligature kg import.")
  var graph: String

  @Argument(help: "Files with the columns id and text.")
  var corpora: [String]

  /// Texts in a batch, views of a text, slots of a text.
  private var batch: Int { 256 }
  private var views: Int { 2 }
  private var slots: Int { 8 }
  /// Widths of text views and knowledge vectors.
  private var textWidth: Int { 256 }
  private var knowledgeWidth: Int { 128 }

  func run() throws {
    let load = try seconds { try KnowledgeGraph.read(fromFolder: graph).graph }
    show("load the graph", "%.3f s", load.seconds)
    let linker = seconds { MentionLinker(load.value) }
    show("build the linker", "%.3f s", linker.seconds)
    var all: [String] = []
    for path in corpora {
      let texts = try texts(of: path)
      all += texts
      let linked = texts.map { linker.value.mentions(in: $0) }
      let terms = linked.reduce(0) { $0 + Set($1.map(\.term)).count }
      print(
        "\(path): \(texts.count) texts, \(linked.count { !$0.isEmpty }) with a mention, "
          + String(format: "%.2f", Double(linked.reduce(0) { $0 + $1.count }) / Double(texts.count))
          + " mentions and " + String(format: "%.2f", Double(terms) / Double(texts.count))
          + " terms a text")
    }
    let one = seconds(best: 3) { all.map { linker.value.mentions(in: $0) } }
    show("link, one core", "%.0f texts/s", Double(all.count) / one.seconds)
    let two = seconds(best: 3) {
      Parallel.map(all.count, by: 64) { linker.value.mentions(in: all[$0]) }
    }
    show("link, all cores", "%.0f texts/s", Double(all.count) / two.seconds)
    measureStep(load.value, mentions: Array(one.value.prefix(batch)))
    measureCircuit()
  }

  private func measureStep(_ graph: KnowledgeGraph, mentions: [[Mention]]) {
    let neighbourhoods = GraphNeighbourhoods(graph)
    let linked = LinkedTerms(mentions, slots: slots)
    var random = RandomSource(seed: 1)
    let termViews = random.normal(
      rows: graph.terms.count, columns: textWidth, standardDeviation: 1)
    let encoder = NeighbourhoodEncoder(
      NeighbourhoodEncoder.Configuration(
        viewWidth: textWidth, width: knowledgeWidth, relationCount: neighbourhoods.relationCount))
    let encoderWeights = ParameterSet(encoder.initialParameters(random: &random))
    let plan = seconds(best: 5) {
      neighbourhoods.plan(terms: linked.terms.compactMap { $0 }, layers: 1)
    }
    print(
      "a batch of \(mentions.count): \(plan.value.wanted) terms, \(plan.value.terms.count) read")
    show("plan the batch", "%.2f ms", 1000 * plan.seconds)
    let vectors = timeStep("neighbourhoods", encoderWeights) { tape, weights in
      encoder.forward(
        linked, in: neighbourhoods, views: { termViews.gatheringRows($0) }, on: tape,
        weights: weights)
    }
    let x = random.normal(
      rows: mentions.count * views, columns: textWidth, standardDeviation: 1)
    for layers in [0, 4] {
      let fusion = KnowledgeFusion(
        KnowledgeFusion.Configuration(
          textWidth: textWidth, knowledgeWidth: knowledgeWidth, circuitLayers: layers))
      let weights = ParameterSet(fusion.initialParameters(random: &random))
      _ = timeStep("fusion, \(layers) circuit layers", weights) { tape, weights in
        fusion.forward(
          tape.parameter(x), viewsPerItem: views,
          knowledge: KnowledgeFusion.Knowledge(
            vectors: tape.parameter(vectors), mask: linked.mask), on: tape, weights: weights)
      }
    }
  }

  private func measureCircuit() {
    var random = RandomSource(seed: 2)
    let x = random.normal(rows: 2048, columns: textWidth, standardDeviation: 1)
    for layers in [1, 4, 8] {
      let layer = QuantumResidual(width: textWidth, layers: layers)
      let weights = ParameterSet(layer.initialParameters(random: &random))
      _ = timeStep("circuit, 2048 rows, \(layers) layers", weights) { tape, weights in
        layer.forward(tape.parameter(x), on: tape, weights: weights)
      }
    }
  }

  /// Times values, and values with gradients, of the sum over an operation's output.
  private func timeStep(
    _ label: String, _ parameters: ParameterSet,
    _ operation: (Tape, (String) -> Tape.Variable) -> Tape.Variable
  ) -> Matrix {
    func run(withGradients: Bool) -> Matrix {
      let tape = Tape()
      var variables: [String: Tape.Variable] = [:]
      for parameter in parameters.parameters {
        variables[parameter.name] = tape.parameter(parameter.value)
      }
      let output = operation(tape) { name in
        guard let variable = variables[name] else { preconditionFailure("no \(name)") }
        return variable
      }
      if withGradients {
        let columns = tape.constant(Matrix(rows: 1, columns: output.columns, repeating: 1))
        let rows = tape.constant(Matrix(rows: 1, columns: output.rows, repeating: 1))
        let sums = tape.transposed(tape.productTransposed(output, columns))
        _ = tape.gradients(of: tape.productTransposed(rows, sums))
      }
      return tape.value(of: output)
    }
    let forward = seconds(best: 7) { run(withGradients: false) }
    let both = seconds(best: 7) { run(withGradients: true) }
    show(label, "%.2f ms", 1000 * forward.seconds)
    show(label + ", with gradients", "%.2f ms", 1000 * both.seconds)
    return forward.value
  }

  private func texts(of path: String) throws -> [String] {
    let reader = try RecordReader(path: path, options: .init(required: .text))
    var texts: [String] = []
    while let outcome = try reader.next() {
      if case .record(let record) = outcome, let text = record.text { texts.append(text) }
    }
    return texts
  }

  private func seconds<Value>(
    best count: Int = 1, _ work: () throws -> Value
  ) rethrows -> (value: Value, seconds: Double) {
    var best = Double.infinity
    var start = ContinuousClock.now
    var value = try work()
    best = min(best, (.now - start) / .seconds(1))
    for _ in 1..<max(1, count) {
      start = .now
      value = try work()
      best = min(best, (.now - start) / .seconds(1))
    }
    return (value, best)
  }

  private func show(_ label: String, _ format: String, _ value: Double) {
    print(label + ": " + String(format: format, value))
  }
}
