import Tensor

/// What a re-ranker reads of texts and molecules.
struct RerankReader: Sendable {
  private let views: ModelViews
  private let ridge: RidgeViews
  private let textSource: TokenSource
  private let moleculeSource: TokenSource

  /// Nil for a model without ridge views: its features point nowhere.
  init?(_ model: AlignmentModel, configuration: RerankConfiguration) {
    guard let ridge = model.views.ridge else { return nil }
    views = model.views
    self.ridge = ridge
    textSource = TokenSource(
      tables: [ridge.texts], shares: [1], limit: configuration.textTokens)
    let share = model.configuration.ridge.shape.structureShare
    moleculeSource = TokenSource(
      tables: [ridge.substructures, ridge.words], shares: [1 - share, share],
      limit: configuration.moleculeTokens)
  }

  /// The widths of what is read.
  var widths: RerankNetwork.Widths {
    RerankNetwork.Widths(
      text: ridge.texts.width, molecule: ridge.substructures.width,
      fitted: views.widths.molecule)
  }

  /// Texts; those that `heldOut` knows are read as if their own pair had not been there.
  func texts(_ items: [TextFeatures], heldOut: HeldOutViews.Side? = nil) -> Texts {
    let plain = ridge.views(of: items)
    let (views, own) = Self.withoutOwnPair(plain, heldOut, keys: items.map(\.contentKey))
    return Texts(
      source: textSource,
      tokens: Parallel.map(items.count, by: 16) { textSource.tokens(of: [items[$0].lexical]) },
      views: HalfMatrix(rounding: views), own: own)
  }

  /// Molecules; those that `heldOut` knows are read as if their own pairs had not been there.
  func molecules(_ items: [MoleculeFeatures], heldOut: HeldOutViews.Side? = nil) -> Molecules {
    let all = self.views.inputs(of: items).views
    let keys = items.map(\.contentKey)
    let plain = all.columns(all.columns - ridge.substructures.width..<all.columns)
    let (views, own) = Self.withoutOwnPair(plain, heldOut, keys: keys)
    return Molecules(
      source: moleculeSource,
      tokens: Parallel.map(items.count, by: 16) {
        moleculeSource.tokens(of: [items[$0].substructures, items[$0].words])
      }, views: HalfMatrix(rounding: views),
      fitted: HalfMatrix(rounding: heldOut?.replacing(in: all, keys: keys) ?? all), own: own)
  }

  private static func withoutOwnPair(
    _ views: Matrix, _ heldOut: HeldOutViews.Side?, keys: [UInt64]
  ) -> (views: Matrix, own: TokenSource.OwnShare?) {
    guard let heldOut else { return (views, nil) }
    let without = heldOut.replacing(in: views, keys: keys)
    var difference = views
    difference.add(without, factor: -1)
    return (
      without,
      TokenSource.OwnShare(
        rows: HalfMatrix(rounding: difference),
        ofItem: keys.indices.map { difference.row($0).contains { $0 != 0 } ? $0 : nil })
    )
  }

  /// Texts that are read.
  struct Texts: Sendable {
    fileprivate let source: TokenSource
    fileprivate let tokens: [[FeatureToken]]
    fileprivate let views: HalfMatrix
    fileprivate let own: TokenSource.OwnShare?

    /// The tokens of the named texts.
    func matrix(_ items: [Int]) -> TokenMatrix {
      source.matrix(
        items.map { tokens[$0] }, views: views.widenedRows(items), own: own?.gathering(items))
    }
  }

  /// Molecules that are read.
  struct Molecules: Sendable {
    fileprivate let source: TokenSource
    fileprivate let tokens: [[FeatureToken]]
    fileprivate let views: HalfMatrix
    fileprivate let fitted: HalfMatrix
    fileprivate let own: TokenSource.OwnShare?

    /// The tokens of the named molecules, with a free one behind each.
    func matrix(_ items: [Int]) -> TokenMatrix {
      source.matrix(
        items.map { tokens[$0] }, views: views.widenedRows(items), own: own?.gathering(items),
        extra: 1)
    }

    /// The fitted views of the named molecules, side by side; [items.count, fitted].
    func fittedViews(_ items: [Int]) -> Matrix { fitted.widenedRows(items) }
  }
}

extension TokenSource.OwnShare {
  /// The same for the named items, in order.
  fileprivate func gathering(_ items: [Int]) -> Self {
    Self(rows: rows, ofItem: items.map { ofItem[$0] })
  }
}

extension RerankNetwork.Batch {
  /// Pairs each of some texts with candidates of its own.
  init(
    texts: RerankReader.Texts, of textRows: [Int], molecules: RerankReader.Molecules,
    candidates: [[Int]], scores: [[Float]]
  ) {
    var places: [Int: Int] = [:]
    var rows: [Int] = []
    for row in candidates.joined() where places[row] == nil {
      places[row] = rows.count
      rows.append(row)
    }
    var pairs: [(text: Int, molecule: Int)] = []
    for (text, candidates) in candidates.enumerated() {
      for row in candidates { pairs.append((text, places[row] ?? 0)) }
    }
    self.init(
      texts: texts.matrix(textRows), molecules: molecules.matrix(rows),
      fitted: molecules.fittedViews(rows), pairs: pairs, scores: Array(scores.joined()))
  }
}
