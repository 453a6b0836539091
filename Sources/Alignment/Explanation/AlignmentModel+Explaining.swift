import Tensor

extension AlignmentModel {
  /// Whether weights can add up to scores: the model has towers only.
  package var hasExactShares: Bool { !network.hasTokens }

  /// Tells which parts of a query and of an item carried the score of the item for the query.
  ///
  /// Without a method: integrated gradients where they are exact, else leaving out. A query of the
  /// other modality, as which vectors count, has hubs held back. Throws ``ExplanationError``.
  package func explain(
    _ target: ExplainedItem, for query: ExplainedItem, by method: Explanation.Method? = nil
  ) throws(ExplanationError) -> Explanation {
    switch method ?? (hasExactShares ? .integratedGradients : .leaveOneOut) {
    case .integratedGradients:
      guard hasExactShares else { throw .needsLeaveOneOut }
      return shares(of: target, for: query)
    case .leaveOneOut:
      for item in [query, target] where item.partCount > Explanation.leaveOneOutLimit {
        throw .tooManyParts(found: item.partCount, limit: Explanation.leaveOneOutLimit)
      }
      return leavingOut(of: target, for: query)
    }
  }

  private func isAcross(_ query: ExplainedItem, _ target: ExplainedItem) -> Bool {
    target.modality != nil && query.modality != target.modality
  }
}

// MARK: Integrated gradients

extension AlignmentModel {
  /// One side of a score: its vector, what of it is there without any part, and its tower.
  private struct Side {
    let item: ExplainedItem
    let vector: Matrix
    let base: Matrix
    let tower: TowerShares?
    /// The content key by which hubs know it.
    let key: UInt64
  }

  private func side(_ item: ExplainedItem) -> Side {
    let view: Matrix
    let key: UInt64
    switch item {
    case .vector(let vector):
      let row = Matrix(rows: 1, columns: dimension, values: vector)
      return Side(item: item, vector: row, base: row, tower: nil, key: 0)
    case .molecule(let molecule):
      let features = MoleculeFeatures(
        substructures: molecule.substructures.counts, words: molecule.words.counts, graph: nil)
      (view, key) = (views.inputs(of: [features]).views, features.contentKey)
    case .text(let text):
      let features = TextFeatures(lexical: text.features.counts, text: text.text)
      (view, key) = (views.fittedViews(of: [features]), features.contentKey)
    }
    let tower = TowerShares(
      view, modality: item.modality ?? .text, parameters: weights.parameters)
    return Side(item: item, vector: tower.vector, base: tower.base, tower: tower, key: key)
  }

  /// With q, t the unit vectors, q₀, t₀ what is there without parts, and p the pull of hubs, the score
  /// is q·t − p·t = (q₀·t₀ − p·t₀) + (t − t₀)·(½(q + q₀) − p) + (q − q₀)·½(t + t₀).
  private func shares(of target: ExplainedItem, for query: ExplainedItem) -> Explanation {
    let (query, target) = (side(query), side(target))
    var pull = Matrix(rows: 1, columns: dimension)
    if isAcross(query.item, target.item), let hubReferences, let modality = target.item.modality {
      pull = hubReferences.pull(
        on: target.vector, key: target.key, modality: modality,
        configuration: configuration.hubness)
    }
    let toTarget = query.vector.adding(query.base).scaled(by: 0.5)
      .adding(pull.scaled(by: -1))
    let toQuery = target.vector.adding(target.base).scaled(by: 0.5)
    return Explanation(
      method: .integratedGradients,
      score: Float(query.vector.dot(target.vector) - pull.dot(target.vector)),
      baseline: Float(query.base.dot(target.base) - pull.dot(target.base)),
      query: weights(of: query, along: toQuery), target: weights(of: target, along: toTarget))
  }

  private func weights(of side: Side, along direction: Matrix) -> [Float] {
    guard let tower = side.tower, let modality = side.item.modality else { return [] }
    let gradient = tower.gradient(along: direction)
    let families = side.item.families
    var numbers = families.map { _ in [UInt64: Double]() }
    for table in views.tables(of: modality) {
      let part = gradient[table.start..<table.start + table.projection.width]
      for (key, value) in table.projection.contributions(
        of: families[table.family].counts, along: part)
      {
        numbers[table.family][key, default: 0] += value
      }
    }
    return side.item.shares(of: numbers).map { Float($0) }
  }
}

// MARK: Leaving one out

extension AlignmentModel {
  private func leavingOut(of target: ExplainedItem, for query: ExplainedItem) -> Explanation {
    let queries = variants(query).vectors
    let (targets, keys) = variants(target)
    var offsets = [Float](repeating: 0, count: targets.rows)
    if isAcross(query, target), let modality = target.modality {
      offsets = self.offsets(of: targets, modality) { keys }
    }
    func score(_ query: Int, _ target: Int) -> Float {
      zip(queries.row(query), targets.row(target)).reduce(offsets[target]) { $0 + $1.0 * $1.1 }
    }
    let whole = score(0, 0)
    return Explanation(
      method: .leaveOneOut, score: whole, baseline: nil,
      query: (1..<queries.rows).map { whole - score($0, 0) },
      target: (1..<targets.rows).map { whole - score(0, $0) })
  }

  /// Unit vectors of the item and of the item without each of its parts, encoded at once, and the
  /// keys by which hubs know them: all those of the item.
  private func variants(_ item: ExplainedItem) -> (vectors: Matrix, keys: [UInt64]) {
    switch item {
    case .molecule(let molecule):
      let features = molecule.variants(keepingGraph: configuration.graphView.isEnabled)
      return (
        encodeMolecules(features: features),
        features.map { _ in features[0].contentKey }
      )
    case .text(let text):
      let features = text.variants()
      return (encodeTexts(features: features), features.map { _ in features[0].contentKey })
    case .vector(let vector):
      return (Matrix(rows: 1, columns: dimension, values: vector), [0])
    }
  }
}
