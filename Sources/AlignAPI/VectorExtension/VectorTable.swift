import Alignment
package import Postgres

/// A model's vectors in a table of pgvector's types, as a row of `vector_tables` describes it.
///
/// `vectors_m<id>` has a row for each embedding, with its key, and an HNSW index for each side. A
/// trigger on the model's partition of `embeddings` keeps it so, whoever writes there.
package struct VectorTable: Sendable, Equatable {
  package let model: StoredModel
  package let type: VectorColumnType
  /// Links of a node of the graph.
  package let links: Int
  /// Nodes that are looked at for a new node's links.
  package let construction: Int
  /// What was measured when the indexes were built; nil until then.
  package let measured: Measured?

  /// How well the indexes find, and with how much work.
  package struct Measured: Sendable, Equatable {
    /// Items that a search looks at least at before it scores them.
    package let candidates: Int
    /// Recall@10 of each side against exact search; nil for a side without vectors.
    package let recallOfMolecules: Double?
    package let recallOfTexts: Double?
    package let builtAt: Timestamp

    /// Recall@10 of a side.
    func recall(_ modality: Modality) -> Double? {
      modality == .molecule ? recallOfMolecules : recallOfTexts
    }
  }

  /// The table's name.
  var name: String { Self.name(of: model) }
  /// The function behind the trigger.
  var function: String { Self.function(of: model) }
  /// The partition that holds the embeddings.
  var embeddings: String { ModelStore.partition(of: model) }
  /// The index of one side.
  func index(_ modality: Modality) -> String { "\(name)_\(modality)" }

  static func name(of model: StoredModel) -> String { "vectors_m\(model.id)" }
  static func function(of model: StoredModel) -> String { "\(name(of: model))_follow" }

  /// The tables that there are, by the name of the model.
  package static func all(_ connection: Connection) throws -> [VectorTable] {
    let models = Dictionary(
      try ModelStore(connection).all().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return try connection.query(selection).compactMap { row in
      guard let model = models[try row.value(at: 0)] else { return nil }
      return try VectorTable(row, of: model)
    }.sorted { $0.model.name < $1.model.name }
  }

  /// The table of a model; nil where it has none.
  package static func of(_ model: StoredModel, _ connection: Connection) throws -> VectorTable? {
    try connection.query("\(fragment: selection) where model_id = \(model.id)").first.map {
      try VectorTable($0, of: model)
    }
  }

  private static let selection: SQLStatement = """
    select model_id, type, m, ef_construction, candidates, recall_molecules, recall_texts, built_at
    from vector_tables
    """

  private init(_ row: Row, of model: StoredModel) throws {
    let word: String = try row.value(at: 1)
    guard let type = VectorColumnType(rawValue: word) else {
      preconditionFailure("vector_tables.type is \(word)")
    }
    self.model = model
    self.type = type
    links = try row.value(at: 2)
    construction = try row.value(at: 3)
    measured = try row.value(at: 4, as: Int?.self).map { candidates in
      Measured(
        candidates: candidates, recallOfMolecules: try row.value(at: 5),
        recallOfTexts: try row.value(at: 6), builtAt: try row.value(at: 7))
    }
  }

  /// How it was made, in words.
  package var making: String { "\(type.rawValue), m \(links), ef_construction \(construction)" }
}
