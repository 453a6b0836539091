public import Foundation

/// A corpus and what it holds.
public struct Corpus: Decodable, Sendable, Equatable {
  /// Its name.
  public let name: String
  /// How often it was changed.
  public let version: Int64
  /// When it was made (RFC 3339).
  public let createdAt: String
  /// The items; how many, of a corpus.
  public let items: Int
  /// How many molecules.
  public let molecules: Int
  /// How many texts.
  public let texts: Int
  /// All ids that stand for it.
  public let sourceIds: Int
}

/// The corpora.
public struct CorpusList: Decodable, Sendable {
  /// The corpora.
  public let corpora: [Corpus]
}

/// What was deleted.
public struct DeletedCorpus: Decodable, Sendable {
  /// The corpus's name.
  public let corpus: String
  /// How many items went.
  public let deletedItems: Int
}

/// A model and what it has embedded.
public struct StoredModel: Decodable, Sendable {
  /// Its name.
  public let name: String
  /// SHA-256 of the checkpoint.
  public let checksum: String
  /// How many numbers.
  public let dimension: Int
  /// Whether it answers here.
  public let isServed: Bool
  /// Whether it is the one to answer.
  public let isPromoted: Bool
  /// How many molecules.
  public let molecules: Int
  /// How many texts.
  public let texts: Int
}

/// The models of the database.
public struct StoredModelList: Decodable, Sendable {
  /// The models.
  public let models: [StoredModel]
}

extension Client {
  /// Corpora and what they hold.
  public func listCorpora() async throws -> Answer<CorpusList> {
    try await value(Call(operation: .listCorpora))
  }

  /// A corpus and what it holds.
  public func getCorpus(_ corpus: String) async throws -> Answer<Corpus> {
    try await value(Call(operation: .getCorpus, path: ["corpus": corpus]))
  }

  /// Deletes a corpus with everything in it (scope admin).
  public func deleteCorpus(
    _ corpus: String, idempotencyKey: String? = nil
  ) async throws -> Answer<DeletedCorpus> {
    try await value(
      Call(
        operation: .deleteCorpus, path: ["corpus": corpus], headers: [keyed(idempotencyKey)]))
  }

  /// A corpus as a file (ndjson, tsv, smi, sdf), in pieces as they come.
  public func exportCorpus(
    _ corpus: String, format: String? = nil
  ) async throws -> AsyncThrowingStream<Data, any Error> {
    try await pieces(
      Call(operation: .exportCorpus, path: ["corpus": corpus], query: [("format", format)]))
  }

  /// The molecules of a corpus in the plane.
  public func getCorpusMap(
    _ corpus: String, points: Int? = nil, descriptor: String? = nil
  ) async throws -> Answer<JSONValue> {
    try await value(
      Call(
        operation: .getCorpusMap, path: ["corpus": corpus],
        query: [("points", points.map(String.init)), ("descriptor", descriptor)]))
  }

  /// The models of the database and what each has embedded.
  public func listModels() async throws -> Answer<StoredModelList> {
    try await value(Call(operation: .listModels))
  }

  /// A model and what it has embedded.
  public func getModel(_ model: String) async throws -> Answer<StoredModel> {
    try await value(Call(operation: .getModel, path: ["model": model]))
  }

  /// Makes a model the one that answers (scope admin).
  public func promoteModel(
    _ model: String, idempotencyKey: String? = nil
  ) async throws -> Answer<StoredModel> {
    try await value(
      Call(operation: .promoteModel, path: ["model": model], headers: [keyed(idempotencyKey)]))
  }
}
