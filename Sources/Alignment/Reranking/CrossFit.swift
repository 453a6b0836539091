import MoEBackbone
import Tensor

/// Scores of training pairs by first stages that have not seen them.
///
/// A network puts the pairs it was trained on together better than any new pair; a second stage
/// that learned from such scores would trust them too much. So the pairs are cut into parts by
/// molecule, and each part is scored by a network trained on the others (Wolpert 1992, "Stacked
/// generalization", section II). The fitted views are the model's, held out for the pairs.
struct CrossFit {
  let model: AlignmentModel
  let heldOut: HeldOutViews
  let configuration: RerankConfiguration

  /// Trains the networks and gives each pair its best candidates among distinct molecules.
  ///
  /// `molecules` are those of the pairs, numbered as in `groups`, then those of the pool.
  func lists(
    of data: TrainingSet, groups: [PairGroups], molecules: [MoleculeFeatures],
    progress: (Double) -> Void
  ) throws -> CandidateLists {
    let keys = molecules.map(\.contentKey)
    var inputs = model.views.inputs(of: molecules)
    inputs = inputs.replacingViews(heldOut.molecules.replacing(in: inputs.views, keys: keys))
    var texts = model.views.inputs(of: data.texts)
    texts = texts.replacingViews(
      heldOut.texts.replacing(in: texts.views, keys: data.texts.map(\.contentKey)))
    let parts = groups.map { part(of: $0.molecule) }
    var lists = CandidateLists(
      groups: groups, molecules: molecules.count, depth: configuration.depth)
    for fold in 0..<configuration.folds {
      let share = Double(fold) / Double(configuration.folds)
      let fitted = try network(
        fold, data, groups: groups, texts: texts, molecules: inputs,
        rows: parts.indices.filter { parts[$0] != fold }
      ) { progress(share + 0.6 * $0 / Double(configuration.folds)) }
      let rows = parts.indices.filter { parts[$0] == fold }
      let vectors = fitted.network.encode(inputs, weights: fitted.weights)
      let best = FirstStage.best(
        configuration.depth + lists.mostPartners,
        queries: fitted.network.encode(
          texts.gathering(rows).replacingDomains { _ in .default }, weights: fitted.weights,
          terms: fitted.terms),
        candidates: vectors,
        offsets: fitted.references?.offsets(
          of: vectors, keys: keys, modality: .molecule,
          configuration: model.configuration.hubness)
      ) { progress(share + (0.7 + 0.3 * $0) / Double(configuration.folds)) }
      for (row, candidates) in zip(rows, best) { lists.add(pair: row, candidates) }
    }
    return lists
  }

  private func part(of molecule: Int) -> Int {
    var hash = FeatureHash(kind: configuration.seed)
    hash.combine(molecule)
    return Int(hash.key % UInt64(configuration.folds))
  }

  private struct Fitted {
    let network: AlignmentNetwork
    let weights: NetworkWeights
    let terms: Matrix?
    let references: HubReferences?
  }

  private func network(
    _ fold: Int, _ data: TrainingSet, groups: [PairGroups], texts: TextInputs,
    molecules: MoleculeInputs, rows: [Int], progress: (Double) -> Void
  ) throws -> Fitted {
    var settings = model.configuration
    settings.epochs = configuration.foldEpochs
    settings.evaluationInterval = configuration.foldEpochs
    settings.seed = configuration.seed &+ UInt64(fold)
    let chosen = rows.map { groups[$0] }
    if BatchPlan(groups: chosen, batchSize: 2, seed: 0, epoch: 0).batches.isEmpty {
      throw TrainingError.noBatch
    }
    let network = AlignmentNetwork(configuration: settings, widths: model.views.widths)
    let moleculeRows = molecules.gathering(chosen.map(\.molecule))
    let textRows = texts.gathering(rows)
    let trainer = Trainer(
      network: network, molecules: moleculeRows, texts: textRows, groups: chosen,
      knowledge: model.views.knowledge,
      // The last epoch is the one that is kept: nothing is chosen, so one pair will do.
      dev: Trainer.RankingInputs(
        texts: textRows.gathering([0]), pool: moleculeRows.gathering([0]), answers: [0],
        keys: RankingTask.Keys(
          texts: [data.texts[rows[0]].contentKey], pool: [data.molecules[rows[0]].contentKey])),
      references: ReferencePairs(
        TrainingSet(
          molecules: rows.map { data.molecules[$0] }, texts: rows.map { data.texts[$0] },
          graph: nil, dev: data.dev),
        texts: textRows, molecules: moleculeRows, configuration: settings),
      teacher: nil)
    let state = try trainer.run(
      from: TrainingState(
        weights: NetworkWeights(
          parameters: ParameterSet(network.parameterShapes, seed: settings.seed),
          state: network.initialState), configuration: settings),
      report: { event in
        if case .step(let step) = event {
          progress(
            (Double(step.epoch - 1) + Double(step.step) / Double(step.steps))
              / Double(step.epochs))
        }
      }, save: { _, _, _ in })
    return Fitted(
      network: network, weights: state.weights,
      terms: network.termVectors(of: model.views.knowledge, weights: state.weights),
      references: trainer.hubReferences(under: state.weights))
  }
}

/// For each training pair its molecule and the best others, with the scores of the first stage.
struct CandidateLists: Sendable {
  /// The pairs whose molecule would be ordered anew, ascending once all are added.
  private(set) var pairs: [Int] = []
  /// Distinct molecules, ``length`` for each pair, its own first, the others best first.
  private(set) var molecules: [Int] = []
  /// Their scores, in the same places.
  private(set) var scores: [Float] = []
  /// Molecules of a pair.
  let length: Int
  /// The most molecules that one text is paired with.
  let mostPartners: Int
  private let own: [Int]
  private let partners: [Set<Int>]

  /// No lists yet; `molecules` is how many distinct ones there are.
  init(groups: [PairGroups], molecules: Int, depth: Int) {
    var ofText: [Int: Set<Int>] = [:]
    for group in groups { ofText[group.text, default: []].insert(group.molecule) }
    own = groups.map(\.molecule)
    partners = groups.map { ofText[$0.text] ?? [] }
    mostPartners = partners.map(\.count).max() ?? 0
    length = max(2, min(depth, molecules - mostPartners + 1))
  }

  /// Restores saved lists.
  init(
    groups: [PairGroups], molecules count: Int, depth: Int, pairs: [Int], molecules: [Int],
    scores: [Float]
  ) {
    self.init(groups: groups, molecules: count, depth: depth)
    self.pairs = pairs
    self.molecules = molecules
    self.scores = scores
  }

  /// The rank of each pair's molecule in its list, from 1, ties against it.
  var ranks: [Int] {
    pairs.indices.map { pair in
      let scores = scores[pair * length..<(pair + 1) * length]
      return scores.count { $0 >= scores[scores.startIndex] }
    }
  }

  /// Adds a pair; it is left out when its molecule is not among the best.
  mutating func add(pair: Int, _ best: [FirstStage.Candidate]) {
    guard let mine = best.firstIndex(where: { $0.row == own[pair] }), mine < length else { return }
    let others = best.filter { !partners[pair].contains($0.row) }.prefix(length - 1)
    guard others.count == length - 1 else { return }
    pairs.append(pair)
    molecules.append(best[mine].row)
    scores.append(best[mine].score)
    for other in others {
      molecules.append(other.row)
      scores.append(other.score)
    }
  }
}
