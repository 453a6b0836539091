import Alignment
import ArgumentParser
import Foundation
import MoEBackbone
import Molecule
import Records
import Tensor

/// Measures the model; Benchmarks/training-step.sh and Benchmarks/embedding.sh say how to run it.
@main
struct ModelBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model-benchmark", abstract: "Measures training steps and embedding.",
    subcommands: [
      StepCommand.self, EmbeddingCommand.self, EncodingsCommand.self, VectorsCommand.self,
    ])
}

/// Milliseconds that some work takes.
func milliseconds(_ work: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try work()
  return (.now - start) / .milliseconds(1)
}

/// The middle one of some values.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// One training step of the default model on random views: loss, gradients, AdamW.
struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Milliseconds of a training step, as JSON.")

  @Option(name: .long, help: "Pairs in the batch.")
  var pairs = 1024

  @Option(name: .long, help: "Steps measured, after two that are not.")
  var steps = 10

  func run() {
    FreedMemory.keep()
    let configuration = TrainingConfiguration()
    let ridge = configuration.ridge.shape
    let widths = AlignmentNetwork.Widths(
      molecule: configuration.moleculeView.components + configuration.structureView.components
        + ridge.moleculeComponents, text: ridge.textComponents)
    let network = AlignmentNetwork(configuration: configuration, widths: widths)
    var random = RandomSource(seed: 1)
    func views(_ width: Int) -> Matrix {
      random.normal(rows: pairs, columns: width, standardDeviation: 1)
    }
    let batch = ContrastiveStep.Batch(
      molecules: MoleculeInputs(views: views(widths.molecule)),
      texts: TextInputs(
        views: views(widths.text), domains: [Domain](repeating: .default, count: pairs)))
    var parameters = ParameterSet(network.parameterShapes, seed: 1)
    var optimizer = AdamW(configuration: configuration.optimizer.adamW, parameters: parameters)
    var times: [Double] = []
    for step in 0..<steps + 2 {
      let time = milliseconds {
        let result = ContrastiveStep(
          batch, network: network, parameters: parameters, state: network.initialState,
          dropoutSeed: UInt64(step))
        let norm = GradientClipping.globalNorm(of: result.gradients)
        optimizer.update(
          &parameters, gradients: result.gradients,
          gradientScale: GradientClipping.scale(
            norm: norm, maximum: Double(configuration.maximumGradientNorm)),
          learningRate: configuration.learningRate)
      }
      if step >= 2 { times.append(time) }
    }
    print(
      """
      {"milliseconds": \(median(times)), "pairs": \(pairs), "molecule": \(widths.molecule), \
      "text": \(widths.text), "hidden": \(configuration.hiddenWidth), \
      "output": \(configuration.outputWidth), "dropout": \(configuration.dropout), \
      "weights": \(parameters.scalarCount)}
      """)
  }
}

/// From SMILES and text to stored vectors, in batches, and one text at a time.
struct EmbeddingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embedding", abstract: "Molecules and texts embedded a second.")

  @Option(name: .long, help: "The checkpoint's folder.")
  var model: String

  @Option(name: .long, help: "Molecules: id, smiles.")
  var molecules: String

  @Option(name: .long, help: "Texts: id, text; may be given many times.")
  var texts: [String]

  @Option(name: .long, help: "Items in a batch.")
  var batch = 256

  @Option(name: .long, help: "Molecules measured.")
  var limit = 16_384

  func run() throws {
    FreedMemory.keep()
    let model = try Checkpoint(contentsOf: model).model
    let smiles = try read(molecules, .smiles, limit) { $0.smiles }
    let prose = try texts.flatMap { try read($0, .text, limit) { $0.text } }
    let moleculeTime = try milliseconds {
      for start in stride(from: 0, to: smiles.count, by: batch) {
        let part = smiles[start..<min(start + batch, smiles.count)]
        _ = model.encodeStored(try part.map { try SMILESReader.read($0) })
      }
    }
    let textTime = milliseconds {
      for start in stride(from: 0, to: prose.count, by: batch) {
        _ = model.encodeStored(Array(prose[start..<min(start + batch, prose.count)]))
      }
    }
    let single = prose.prefix(500).map { text in milliseconds { _ = model.encode([text]) } }
    print(
      String(
        format: """
          | what | measured |
          | --- | --- |
          | molecules, SMILES to stored vector, batch %d | %.0f/s (%d molecules) |
          | texts to stored vector, batch %d | %.0f/s (%d texts) |
          | one text, median of %d | %.2f ms |
          """, batch, Double(smiles.count) / moleculeTime * 1000, smiles.count, batch,
        Double(prose.count) / textTime * 1000, prose.count, single.count, median(single)))
  }

  private func read(
    _ path: String, _ required: RequiredFields, _ limit: Int, _ field: (Record) -> String?
  ) throws -> [String] {
    let reader = try RecordReader(path: path, options: .init(required: required))
    var values: [String] = []
    while values.count < limit, let row = try reader.next() {
      if case .record(let record) = row, let value = field(record) { values.append(value) }
    }
    return values
  }
}
