import Alignment
import Molecule
import Retrieval
import Tensor

/// What one job of the search worker wants.
struct SearchJob: Sendable {
  enum Purpose: Sendable {
    /// The vectors themselves.
    case encode
    /// The nearest items of the only input, in a picture of the corpora; `isAcross` tells whether
    /// the query is of the other modality.
    case search(SearchTarget, LoadedCorpora, LoadedCorpora.Demand, isAcross: Bool)
    /// New scores of molecules for a text; such a job has no inputs.
    case rerank(text: String, [RerankCandidate])
  }

  let inputs: [SearchQuery]
  let purpose: Purpose
}

/// A molecule that may be ordered anew.
struct RerankCandidate: Sendable {
  /// As its row has it.
  let smiles: String?
  /// The score of the search.
  let score: Float
}

/// What the worker gives back for one job.
struct SearchJobOutput: Sendable {
  /// One row for each input.
  let vectors: Matrix
  /// The hits of a job that searches; else empty.
  let hits: [SearchHit]
  /// The new scores of a job that reranks; else empty.
  let scores: [Float]
  /// For the whole batch.
  let encode: Duration
  /// For the whole batch.
  let search: Duration
}

/// Encodes and searches the jobs of one batch together.
struct SearchBatch {
  let model: AlignmentModel
  let reranker: Reranker?
  let metrics: EngineMetrics

  func run(_ jobs: [SearchJob]) -> [SearchJobOutput] {
    let clock = ContinuousClock()
    let start = clock.now
    let rows = encode(jobs.flatMap(\.inputs))
    let encoded = clock.now
    let starts = jobs.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.inputs.count) }
    let hits = search(jobs, rows, starts)
    let searched = clock.now
    metrics.record(.encode, encoded - start)
    metrics.record(.search, searched - encoded)
    return jobs.indices.map { job in
      SearchJobOutput(
        vectors: rows.gatheringRows(Array(starts[job]..<starts[job + 1])), hits: hits[job],
        scores: scores(jobs[job].purpose), encode: encoded - start, search: searched - encoded)
    }
  }

  /// The hits of each job; jobs that look for the same side in the same picture share a scan.
  private func search(_ jobs: [SearchJob], _ rows: Matrix, _ starts: [Int]) -> [[SearchHit]] {
    struct Scan: Hashable {
      let target: SearchTarget
      let picture: UInt64
    }
    struct Member {
      let job: Int
      let corpora: LoadedCorpora
      let demand: LoadedCorpora.Demand
      let isAcross: Bool
    }
    var scans: [Scan: [Member]] = [:]
    for (place, job) in jobs.enumerated() {
      guard case .search(let target, let corpora, let demand, let isAcross) = job.purpose else {
        continue
      }
      scans[Scan(target: target, picture: corpora.number), default: []].append(
        Member(job: place, corpora: corpora, demand: demand, isAcross: isAcross))
    }
    var hits = [[SearchHit]](repeating: [], count: jobs.count)
    for (scan, members) in scans {
      let queries = model.queries(
        rows.gatheringRows(members.map { starts[$0.job] }), isAcross: members.map(\.isAcross))
      let found = members[0].corpora.search(scan.target, queries, members.map(\.demand))
      for (member, best) in zip(members, found) { hits[member.job] = best }
    }
    return hits
  }

  /// New scores of a job that reranks; a row without a molecule keeps its score.
  private func scores(_ purpose: SearchJob.Purpose) -> [Float] {
    guard case .rerank(let text, let candidates) = purpose, let reranker else { return [] }
    let graphs = Parallel.map(candidates.count, by: 8) { place in
      candidates[place].smiles.flatMap { try? SMILESReader.read($0) }
    }
    var molecules: [MolecularGraph] = []
    var places: [Int] = []
    for (place, graph) in graphs.enumerated() {
      guard let graph else { continue }
      molecules.append(graph)
      places.append(place)
    }
    var scores = candidates.map(\.score)
    let found = reranker.scores(
      of: text, molecules: molecules, scores: places.map { scores[$0] })
    for (place, score) in zip(places, found) { scores[place] = score }
    return scores
  }

  /// Unit vectors in the order of the inputs; texts as one batch, molecules as one batch.
  private func encode(_ inputs: [SearchQuery]) -> Matrix {
    var texts: [String] = []
    var molecules: [MolecularGraph] = []
    for input in inputs {
      switch input {
      case .text(let text): texts.append(text)
      case .molecule(let graph): molecules.append(graph)
      case .vector: break
      }
    }
    let textRows = texts.isEmpty ? Matrix(rows: 0, columns: model.dimension) : model.encode(texts)
    let moleculeRows =
      molecules.isEmpty ? Matrix(rows: 0, columns: model.dimension) : model.encode(molecules)
    var values: [Float] = []
    values.reserveCapacity(inputs.count * model.dimension)
    var (text, molecule) = (0, 0)
    for input in inputs {
      switch input {
      case .text:
        values += textRows.row(text)
        text += 1
      case .molecule:
        values += moleculeRows.row(molecule)
        molecule += 1
      case .vector(let vector): values += vector
      }
    }
    return Matrix(rows: inputs.count, columns: model.dimension, values: values)
  }
}
