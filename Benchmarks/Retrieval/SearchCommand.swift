import ArgumentParser
import Foundation
import Retrieval
import Tensor

/// Measures exact and coded search over the same vectors in turns.
struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Recall and time of exact and coded search, as JSON lines.")

  @Option(name: .long, help: "A folder with vectors.f32, texts.f32 and molecules.f32.")
  var folder: String

  @Option(name: .long, help: "Values of a vector.")
  var dimension = 512

  @Option(name: .long, help: "Searches of each kind that are timed; the median counts.")
  var rounds = 9

  @Option(name: .long, parsing: .upToNextOption, help: "Confidences of the coded index.")
  var confidences: [Float] = [1.9]

  func run() throws {
    let vectors = try VectorFile.read(folder + "/vectors.f32", columns: dimension)
    let ids = (0..<Int64(vectors.rows)).map { $0 }
    let single = try ExactIndex(ids: ids, vectors: StoredVectors(rounding: vectors, to: .single))
    let half = try ExactIndex(ids: ids, vectors: StoredVectors(rounding: vectors, to: .half))
    var built: [(name: String, index: any VectorIndex)] = [
      ("exact 32-bit", single), ("exact 16-bit", half),
    ]
    for confidence in confidences {
      let start = ContinuousClock.now
      let coded = CodedIndex(
        half, configuration: CodedConfiguration(confidence: confidence, recallSample: 100))
      let seconds = (.now - start) / .seconds(1)
      print(
        "built", confidence, seconds, coded.codeBytes, coded.recall.map { "\($0)" } ?? "")
      built.append(("coded \(confidence)", coded))
    }
    let sets = try ["texts", "molecules"].map { name in
      (name: name, queries: try VectorFile.read(folder + "/\(name).f32", columns: dimension))
    }
    let exact = sets.map { single.search(queries: $0.queries, count: 10) }
    for (set, exact) in zip(sets, exact) {
      for (name, index) in built {
        let found = index.search(queries: set.queries, count: 10)
        let right = zip(found, exact).reduce(0) { sum, pair in
          sum + Set(pair.0.map(\.id)).intersection(pair.1.map(\.id)).count
        }
        print(set.name, name, "recall", Double(right) / Double(10 * exact.count))
      }
    }
    for size in [1, 64] {
      for set in sets {
        var times = [[Double]](repeating: [], count: built.count)
        for round in 0..<rounds {
          let batch = set.queries.gatheringRows(
            (0..<size).map { (round * size + $0) % set.queries.rows })
          for (place, item) in built.enumerated() {
            let start = ContinuousClock.now
            _ = item.index.search(queries: batch, count: 10)
            times[place].append((.now - start) / .milliseconds(1) / Double(size))
          }
        }
        let medians = times.map { $0.sorted()[$0.count / 2] }
        for (place, item) in built.enumerated() {
          print(
            set.name, size, item.name, medians[place], "ms/query; ratio",
            medians[0] / medians[place])
        }
      }
    }
  }
}
