import Foundation
import Retrieval
import Tensor

/// Recall and time of our kinds of index over the same vectors, searched in turns.
struct SearchMeasurement {
  private struct Candidate {
    let name: String
    let index: any VectorIndex
    let build: Double
    /// Bytes that a search of all rows reads.
    let scanned: Int
  }

  private let folder: String
  private let vectors: Matrix
  private let sets: [(name: String, queries: Matrix)]

  init(folder: String, dimension: Int, rows: Int) throws {
    self.folder = folder
    vectors = try VectorFile.read(folder + "/vectors.f32", columns: dimension, limit: rows)
    sets = try ["texts", "molecules"].map { name in
      (name, try VectorFile.read(folder + "/\(name).f32", columns: dimension))
    }
  }

  /// Exact and coded search, and the limits of the machine.
  func run(rounds: Int) throws {
    var candidates = [try exact(.single), try exact(.half)]
    guard let half = candidates[1].index as? ExactIndex else { return }
    let codes: [(String, CodedConfiguration)] = [
      ("coded, 1 bit", CodedConfiguration()),
      ("coded, 1 bit, fast", CodedConfiguration(confidence: 1.6)),
      ("coded, 4 bits", CodedConfiguration(bits: .four)),
      ("coded, 8 bits", CodedConfiguration(bits: .eight)),
    ]
    for (name, configuration) in codes {
      let (index, seconds) = timed { CodedIndex(half, configuration: configuration) }
      candidates.append(
        Candidate(name: name, index: index, build: seconds, scanned: index.codeBytes))
    }
    try measure(candidates, rounds: rounds, writesAnswers: true)
    measureProducts(rounds: rounds)
  }

  /// The graph, and exact search of the same rows.
  func runGraph(rounds: Int) throws {
    let half = try exact(.half)
    guard let rows = half.index as? ExactIndex else { return }
    let (graph, seconds) = timed { GraphIndex(rows) }
    let candidate = Candidate(
      name: "graph", index: graph, build: seconds, scanned: graph.memoryBytes)
    try measure(
      [try exact(.single), half, candidate], rounds: rounds, writesAnswers: false)
  }

  private func exact(_ precision: VectorPrecision) throws -> Candidate {
    let (index, seconds) = try timed {
      try ExactIndex(
        ids: (0..<Int64(vectors.rows)).map { $0 },
        vectors: StoredVectors(rounding: vectors, to: precision))
    }
    return Candidate(
      name: precision == .single ? "exact, 32-bit" : "exact, 16-bit", index: index,
      build: seconds, scanned: index.vectors.memoryBytes)
  }

  private func measure(_ candidates: [Candidate], rounds: Int, writesAnswers: Bool) throws {
    for (set, queries) in sets {
      let right = candidates[0].index.search(queries: queries, count: 10)
      if writesAnswers {
        try VectorFile.write(right.flatMap { $0.map(\.id) }, to: folder + "/\(set).exact")
      }
      for candidate in candidates {
        let found = candidate.index.search(queries: queries, count: 10)
        let common = zip(found, right).reduce(0) {
          $0 + Set($1.0.map(\.id)).intersection($1.1.map(\.id)).count
        }
        report([
          "what": candidate.name, "rows": vectors.rows, "set": set,
          "recall": Double(common) / Double(10 * right.count), "build": candidate.build,
          "scanned": candidate.scanned, "memory": candidate.index.memoryBytes,
          "kind": candidate.index.kind.rawValue,
        ])
      }
      for batch in [1, 64] { time(candidates, set, queries, batch: batch, rounds: rounds) }
    }
  }

  /// Milliseconds a query, all candidates in turns within each round.
  private func time(
    _ candidates: [Candidate], _ set: String, _ queries: Matrix, batch: Int, rounds: Int
  ) {
    var times = [[Double]](repeating: [], count: candidates.count)
    for round in 0..<rounds {
      let asked = queries.gatheringRows(
        (0..<batch).map { (round * batch + $0) % queries.rows })
      for (place, candidate) in candidates.enumerated() {
        let seconds = timed { candidate.index.search(queries: asked, count: 10) }.seconds
        times[place].append(1000 * seconds / Double(batch))
      }
    }
    for (place, candidate) in candidates.enumerated() {
      let ratios = zip(times[0], times[place]).map { $0 / $1 }
      report([
        "what": candidate.name, "rows": vectors.rows, "set": set, "batch": batch,
        "milliseconds": median(times[place]), "best": times[place].min() ?? 0,
        "ratio": median(ratios),
      ])
    }
  }

  /// What OpenBLAS alone takes for the products of a batch of 64, and exact search of the same rows.
  private func measureProducts(rounds: Int) {
    let size = 16_384
    let parts = (0..<min(8, vectors.rows / size)).map { part in
      vectors.gatheringRows(Array(part * size..<(part + 1) * size))
    }
    let some = parts.count * size
    let queries = sets[0].queries.gatheringRows(Array(0..<64))
    guard some > 0,
      let index = try? ExactIndex(
        ids: (0..<Int64(some)).map { $0 },
        vectors: StoredVectors(
          rounding: vectors.gatheringRows(Array(0..<some)), to: .single))
    else { return }
    var products: [Double] = []
    var searches: [Double] = []
    for _ in 0..<rounds {
      products.append(
        timed {
          for part in parts { _ = Matrix.product(queries, part, transposingB: true) }
        }.seconds)
      searches.append(timed { index.search(queries: queries, count: 10) }.seconds)
    }
    report([
      "what": "products", "rows": some, "batch": 64, "openblas": 1000 * median(products) / 64,
      "search": 1000 * median(searches) / 64,
      "ratio": median(zip(searches, products).map { $0 / $1 }),
    ])
  }
}
