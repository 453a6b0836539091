import ArgumentParser
import Foundation
import Molecule

/// Molecules per second of each stage, one line `stage TAB rate`; Benchmarks/chemistry.sh runs it
/// beside RDKit.
@main
struct ChemistryBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chemistry-benchmark",
    abstract: "Measure parsing, fingerprints, canonical SMILES and substructure search.")

  @Option(help: "A file with a SMILES on each line.")
  var input: String

  @Option(help: "A file with a SMARTS on each line.")
  var patterns: String

  @Option(help: "Threads, each with an equal share of the molecules.")
  var threads = 1

  @Option(help: "How often each stage goes through the molecules, so that it takes a while.")
  var passes = 8

  @Flag(help: "Measure parsing only, for profiles.")
  var parseOnly = false

  func run() throws {
    let lines = try Self.lines(of: input)
    let patternTexts = try Self.lines(of: patterns)
    for text in patternTexts { _ = try SMARTSPattern(parsing: text) }
    // In turns: files are often sorted by size.
    let shares = (0..<threads).map { thread in
      stride(from: thread, to: lines.count, by: threads).map { lines[$0] }
    }

    // The first molecules make tables and the allocator's arenas; they are not timed.
    _ = measure(shares.map { Array($0.prefix(1000)) }, Self.countAtoms)
    let (_, parseRate) = measure(shares, Self.countAtoms)
    report("parse", parseRate)
    if parseOnly { return }
    let parsed = shares.map { share in share.compactMap { try? SMILESReader.read($0) } }
    let (_, morganRate) = measure(parsed) { graphs in
      var generator = MorganGenerator(radius: 2)
      return graphs.reduce(0) { $0 + generator.counts(of: $1).identifiers.count }
    }
    report("morgan", morganRate)
    let (_, canonicalRate) = measure(parsed) { graphs in
      graphs.reduce(0) { $0 + $1.canonicalSMILES().utf8.count }
    }
    report("canonical", canonicalRate)
    let (counts, substructureRate) = measure(parsed) { graphs in
      // Each thread has patterns of its own: those of another share its reference counts.
      let queries = patternTexts.compactMap { try? SMARTSPattern(parsing: $0) }
      var counts = [Int](repeating: 0, count: queries.count)
      for graph in graphs {
        let target = MatchTarget(graph)
        for (index, query) in queries.enumerated() {
          guard let isMet = try? query.occurs(in: target) else { continue }
          counts[index] += isMet ? 1 : 0
        }
      }
      return counts
    }
    report("substructure", substructureRate)
    for index in patternTexts.indices {
      print("matches", counts.reduce(0) { $0 + $1[index] }, separator: "\t")
    }
  }

  /// Atoms of all molecules, each dropped at once.
  @Sendable private static func countAtoms(_ share: [String]) -> Int {
    share.reduce(0) { $0 + ((try? SMILESReader.read($1))?.atoms.count ?? 0) }
  }

  /// Runs `work` on every share at once, a thread each, ``passes`` times; the results of the last
  /// pass and elements per second.
  private func measure<Element: Sendable, Result: Sendable>(
    _ shares: [[Element]], _ work: @escaping @Sendable ([Element]) -> Result
  ) -> ([Result], Double) {
    let passes = passes
    let clock = ContinuousClock()
    let start = clock.now
    let threads = shares.map { share in
      BenchmarkThread {
        for _ in 1..<passes { _ = work(share) }
        return work(share)
      }
    }
    let results = threads.map { $0.join() }
    let seconds = (clock.now - start) / .seconds(1)
    return (results, Double(passes * shares.reduce(0) { $0 + $1.count }) / seconds)
  }

  private func report(_ stage: String, _ rate: Double) {
    print(stage, rate, separator: "\t")
  }

  private static func lines(of path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
  }
}
