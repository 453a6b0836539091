import Alignment
import Molecule
import Tensor

/// What one job of the search worker wants.
struct SearchJob: Sendable {
  enum Purpose: Sendable {
    /// The vectors themselves.
    case encode
    /// The nearest items of the only input.
    case search(SearchTarget, VectorCollection.Demand)
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
  /// One row for each input of a job that encodes; else empty.
  let vectors: Matrix
  /// The hits of a job that searches; else empty.
  let hits: [VectorCollection.Hit]
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
  let molecules: VectorCollection
  let texts: VectorCollection
  let reranker: Reranker?

  func run(_ jobs: [SearchJob]) -> [SearchJobOutput] {
    let clock = ContinuousClock()
    let start = clock.now
    let rows = encode(jobs.flatMap(\.inputs))
    let encoded = clock.now
    let starts = jobs.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.inputs.count) }
    var hits = [[VectorCollection.Hit]](repeating: [], count: jobs.count)
    for target in SearchTarget.allCases {
      var members: [(job: Int, demand: VectorCollection.Demand)] = []
      for (place, job) in jobs.enumerated() {
        if case .search(target, let demand) = job.purpose { members.append((place, demand)) }
      }
      if members.isEmpty { continue }
      let vectors = target == .molecules ? molecules : texts
      let places = members.map { starts[$0.job] }
      let queries = model.queries(
        rows.gatheringRows(places),
        isAcross: members.map { jobs[$0.job].inputs[0].modality != target.modality })
      let found = vectors.search(queries, members.map(\.demand))
      for (member, best) in zip(members, found) { hits[member.job] = best }
    }
    let searched = clock.now
    return jobs.indices.map { job in
      let range = Array(starts[job]..<starts[job + 1])
      let vectors: Matrix
      if case .encode = jobs[job].purpose {
        vectors = rows.gatheringRows(range)
      } else {
        vectors = Matrix(rows: 0, columns: model.dimension)
      }
      return SearchJobOutput(
        vectors: vectors, hits: hits[job], scores: scores(jobs[job].purpose),
        encode: encoded - start, search: searched - encoded)
    }
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
