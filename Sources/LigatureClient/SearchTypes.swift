/// A text, a molecule or a vector: exactly one.
public struct Thing: Codable, Sendable, Equatable {
  /// The text.
  public var text: String?
  /// SMILES.
  public var smiles: String?
  /// A molfile.
  public var molfile: String?
  /// As many numbers as the model has dimensions.
  public var vector: [Float]?

  /// A text.
  public static func text(_ text: String) -> Thing { Thing(text: text) }
  /// A molecule as SMILES.
  public static func smiles(_ smiles: String) -> Thing { Thing(smiles: smiles) }
  /// A molecule as a molfile.
  public static func molfile(_ molfile: String) -> Thing { Thing(molfile: molfile) }
  /// A vector.
  public static func vector(_ vector: [Float]) -> Thing { Thing(vector: vector) }
}

/// What is looked for: exactly one of text, smiles, molfile and vector.
public struct SearchRequest: Codable, Sendable, Equatable {
  /// The text.
  public var text: String?
  /// SMILES.
  public var smiles: String?
  /// A molfile.
  public var molfile: String?
  /// As many numbers as the model has dimensions.
  public var vector: [Float]?
  /// "molecules" or "texts".
  public var target: String?
  /// 1 to 1,000.
  public var k: Int?
  /// The corpus's name.
  public var corpus: String?
  /// docs/api.md, "Filters".
  public var filter: JSONValue?
  /// By what results are ranked; the entries, best first, in an answer.
  public var ranking: String?
  /// 0 to 1: how much being unlike the results before counts.
  public var diversity: Double?
  /// "scaffold": only the best molecule of each.
  public var groupBy: String?
  /// Goes on behind this page; nil on the last one.
  public var cursor: String?

  /// With these parts.
  public init(_ thing: Thing, k: Int? = nil, corpus: String? = nil) {
    text = thing.text
    smiles = thing.smiles
    molfile = thing.molfile
    vector = thing.vector
    self.k = k
    self.corpus = corpus
  }
}

/// One result.
public struct SearchResult: Decodable, Sendable, Equatable {
  /// From 1.
  public let rank: Int
  /// Its number.
  public let id: Int64
  /// The item's id in its corpus.
  public let sourceId: String
  /// All ids that stand for it.
  public let sourceIds: [String]
  /// The corpus's name.
  public let corpus: String
  /// The score; larger is better.
  public let score: Double
  /// SMILES.
  public let smiles: String?
  /// The text.
  public let text: String?
  /// Values by name.
  public let properties: [String: JSONValue]
  /// Where it stands in each ranking.
  public let ranks: [String: Int]?
  /// The Murcko scaffold.
  public let scaffold: String?
  /// Molecules of its scaffold.
  public let groupSize: Int?
}

/// The answer to a search.
public struct SearchAnswer: Decodable, Sendable, Equatable {
  /// The model's name.
  public let model: String
  /// Best first.
  public let results: [SearchResult]
  /// Goes on behind this page; nil on the last one.
  public let cursor: String?
  /// How long each stage took.
  public let milliseconds: [String: Double]
}

/// One of the answers to a batch: results, or the problem of that search.
public struct SearchOutcome: Decodable, Sendable {
  /// The results; nil where there is a problem.
  public let answer: SearchAnswer?
  /// What is wrong; nil where nothing is.
  public let problem: JSONValue?

  private enum CodingKeys: String, CodingKey { case problem }

  /// With these parts.
  public init(from decoder: any Decoder) throws {
    problem = try decoder.container(keyedBy: CodingKeys.self)
      .decodeIfPresent(JSONValue.self, forKey: .problem)
    answer = problem == nil ? try SearchAnswer(from: decoder) : nil
  }
}

/// The answers to a batch.
public struct SearchOutcomes: Decodable, Sendable {
  /// In the order of the searches.
  public let answers: [SearchOutcome]
}

/// Texts or molecules to encode, 1 to 256.
public struct EmbeddingsRequest: Encodable, Sendable, Equatable {
  /// Texts or SMILES.
  public var input: [String]
  /// "text" or "molecule".
  public var inputType: String?
  /// The model's name.
  public var model: String?
  /// "float" or "base64".
  public var encodingFormat: String?
  /// The first so many numbers, of unit length.
  public var dimensions: Int?
  /// Not read.
  public var user: String?

  /// With these parts.
  public init(_ input: [String], inputType: String? = nil) {
    self.input = input
    self.inputType = inputType
  }
}

/// Vectors of texts or molecules.
public struct Embeddings: Decodable, Sendable {
  /// One of them.
  public struct Entry: Decodable, Sendable {
    /// Its place in the request, from 0.
    public let index: Int
    /// Numbers, or Base64 of little-endian 32-bit floats.
    public let embedding: JSONValue
  }
  /// The model's name.
  public let model: String
  /// In the order of the inputs.
  public let data: [Entry]
  /// How many numbers.
  public let dimension: Int
  /// How much was read.
  public let usage: [String: Int]
}

/// Two things to score.
public struct ThingPair: Codable, Sendable, Equatable {
  /// What looks for it.
  public var left: Thing
  /// What is scored.
  public var right: Thing

  /// With these parts.
  public init(left: Thing, right: Thing) {
    self.left = left
    self.right = right
  }
}

/// Scores of pairs.
public struct SimilarityScores: Decodable, Sendable {
  /// The model's name.
  public let model: String
  /// In the order of the pairs.
  public let scores: [Double]
}

/// Candidates in the order of their scores.
public struct Ranking: Decodable, Sendable {
  /// One of them.
  public struct Entry: Decodable, Sendable, Equatable {
    /// From 1.
    public let rank: Int
    /// Its place in the request, from 0.
    public let index: Int
    /// The score; larger is better.
    public let score: Double
  }
  /// The model's name.
  public let model: String
  /// By what results are ranked; the entries, best first, in an answer.
  public let ranking: [Entry]
}

/// What is explained: a query and a thing or an item.
public struct ExplanationRequest: Encodable, Sendable, Equatable {
  /// A thing, or an item by its number.
  public enum Target: Encodable, Sendable, Equatable {
    case thing(Thing)
    case item(Int64)

    /// Writes it as JSON.
    public func encode(to encoder: any Encoder) throws {
      switch self {
      case .thing(let thing): try thing.encode(to: encoder)
      case .item(let id): try ["item": id].encode(to: encoder)
      }
    }
  }
  /// What looks for the target.
  public var query: Thing
  /// What is looked for, or scored.
  public var target: Target
  /// How it is explained.
  public var method: String?
  /// Whether a picture is drawn.
  public var picture: Bool?
  /// Pixels.
  public var width: Int?
  /// Pixels.
  public var height: Int?
  /// "light" or "dark".
  public var theme: String?

  /// With these parts.
  public init(query: Thing, target: Target) {
    self.query = query
    self.target = target
  }
}
