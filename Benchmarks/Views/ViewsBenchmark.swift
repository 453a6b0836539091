import ArgumentParser
import Foundation
import Molecule
import Tensor
import TextEncoder

/// Items per second of the graph and the sequence view, one line
/// `stage TAB rate TAB rate by processor time`.
///
/// The second rate divides by the time spent computing, on all cores together: on a busy machine it
/// is what one free core would do.
@main
struct ViewsBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "views-benchmark",
    abstract: "Measure the graph view and the sequence view, inference and training.")

  @Option(help: "A TSV file with columns id, smiles and text.")
  var input: String

  @Option(help: "Items a batch of a training step.")
  var batch = 256

  @Option(help: "Items measured, taken from the start of the file and repeated as needed.")
  var items = 8192

  @Option(help: "Width h inside the layers of the graph view.")
  var graphHidden = 128

  @Option(help: "Width h inside the layers of the sequence view.")
  var sequenceHidden = 256

  @Option(help: "Tokens in the vocabulary.")
  var vocabulary = 8192

  func run() throws {
    FreedMemory.keep()
    let rows = try String(contentsOfFile: input, encoding: .utf8).split(separator: "\n")
      .dropFirst().map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    let smiles = rows.map { String($0[1]) }
    let texts = rows.filter { $0.count > 2 }.map { String($0[2]) }
    measureGraphs(smiles)
    if !texts.isEmpty { measureTexts(texts) }
  }

  private func measureGraphs(_ smiles: [String]) {
    var graphs = Parallel.map(smiles.count, by: 8) { try? SMILESReader.read(smiles[$0]) }
      .compactMap(\.self)
    graphs = (0..<items).map { graphs[$0 % graphs.count] }
    let features = measure("graph: features", graphs.count) {
      Parallel.map(graphs.count, by: 16) { GraphFeatures(of: graphs[$0]) }
    }
    let atoms = features.reduce(0) { $0 + $1.atomCount }
    print("graph: atoms a molecule", Double(atoms) / Double(features.count), separator: "\t")
    var configuration = GraphEncoder.Configuration()
    configuration.hiddenWidth = graphHidden
    let encoder = GraphEncoder(configuration)
    let parameters = ParameterSet(encoder.parameterShapes, seed: 1)
    print("graph: parameters", parameters.scalarCount, separator: "\t")
    _ = encoder.encode(features, parameters: parameters)
    let views = measure("graph: encode", features.count) {
      encoder.encode(features, parameters: parameters)
    }
    printBits("graph: bits of the views", [views])
    let joined = GraphBatch(features.prefix(batch))
    measureStep("graph: training step", parameters) { tape, weights in
      encoder.forward(
        joined, on: tape, mode: .training(dropout: 0.1, seed: 1), weights: weights)
    }
  }

  private func measureTexts(_ texts: [String]) {
    var configuration = SubwordVocabulary.Configuration()
    configuration.size = vocabulary
    let vocabulary = measure("text: learning of the vocabulary", texts.count) {
      SubwordVocabulary(learnedFrom: texts, configuration: configuration)
    }
    print("text: tokens in the vocabulary", vocabulary.count, separator: "\t")
    let all = (0..<items).map { texts[$0 % texts.count] }
    var shape = SequenceEncoder.Configuration()
    shape.hiddenWidth = sequenceHidden
    let encoder = SequenceEncoder(shape, vocabularySize: vocabulary.count)
    let tokens = measure("text: tokens", all.count) {
      Parallel.map(all.count, by: 16) { vocabulary.encode(all[$0], limit: shape.maximumLength) }
    }
    let total = tokens.reduce(0) { $0 + $1.tokens.count }
    print("text: tokens a text", Double(total) / Double(tokens.count), separator: "\t")
    print(
      "text: cut", Double(tokens.count { $0.isCut }) / Double(tokens.count), separator: "\t")
    let parameters = ParameterSet(encoder.parameterShapes, seed: 1)
    print("text: parameters", parameters.scalarCount, separator: "\t")
    _ = encoder.encode(tokens, parameters: parameters)
    let views = measure("text: encode", tokens.count) {
      encoder.encode(tokens, parameters: parameters)
    }
    printBits("text: bits of the views", [views])
    let single = measure("text: one at a time", 64) {
      (0..<64).map { encoder.encode([tokens[$0]], parameters: parameters).rows }
    }
    precondition(single.count == 64)
    let joined = TokenBatch(tokens.prefix(batch))
    measureStep("text: training step", parameters) { tape, weights in
      encoder.forward(
        joined, on: tape, mode: .training(dropout: 0.1, seed: 1), weights: weights)
    }
  }

  /// Items per second of one forward and backward pass over a batch; the better of three.
  private func measureStep(
    _ stage: String, _ parameters: ParameterSet,
    _ forward: (Tape, (String) -> Tape.Variable) -> Tape.Variable
  ) {
    var best = 0.0
    var bestBusy = 0.0
    var last: [Matrix] = []
    for _ in 0..<3 {
      let start = ContinuousClock.now
      let startBusy = Self.processorSeconds
      let tape = Tape()
      let variables = Dictionary(
        uniqueKeysWithValues: parameters.parameters.map { ($0.name, tape.parameter($0.value)) })
      let output = forward(tape) { name in
        guard let variable = variables[name] else { preconditionFailure("no \(name)") }
        return variable
      }
      let gram = tape.productTransposed(output, output)
      let gradients = tape.gradients(of: tape.crossEntropyOfDiagonal(gram))
      best = max(best, Double(batch) / ((ContinuousClock.now - start) / .seconds(1)))
      bestBusy = max(bestBusy, Double(batch) / (Self.processorSeconds - startBusy))
      last = parameters.parameters.compactMap { variables[$0.name].map { gradients[$0] } }
    }
    print(stage, best, bestBusy, separator: "\t")
    printBits("\(stage): bits of the gradients", last)
  }

  /// Time this process has computed, on all cores together.
  private static var processorSeconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

  /// One number for all bits of some matrices: runs on one and on all cores print the same.
  private func printBits(_ stage: String, _ matrices: [Matrix]) {
    var hash = FeatureHash(kind: 0)
    for matrix in matrices {
      for value in matrix.values { hash.combine(UInt64(value.bitPattern)) }
    }
    print(stage, String(hash.key, radix: 16), separator: "\t")
  }

  private func measure<Value>(_ stage: String, _ count: Int, _ work: () -> Value) -> Value {
    let start = ContinuousClock.now
    let startBusy = Self.processorSeconds
    let value = work()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let busy = Self.processorSeconds - startBusy
    print(stage, Double(count) / seconds, Double(count) / busy, separator: "\t")
    return value
  }
}
