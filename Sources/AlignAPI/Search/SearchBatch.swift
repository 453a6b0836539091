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
  }

  let inputs: [SearchQuery]
  let purpose: Purpose
}

/// What the worker gives back for one job.
struct SearchJobOutput: Sendable {
  /// One row for each input of a job that encodes; else empty.
  let vectors: Matrix
  /// The hits of a job that searches; else empty.
  let hits: [VectorCollection.Hit]
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
        vectors: vectors, hits: hits[job], encode: encoded - start, search: searched - encoded)
    }
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
