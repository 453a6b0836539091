public import Foundation

/// A molecule as it is spelled: exactly one of both.
public struct SpelledMolecule: Encodable, Sendable, Equatable {
  /// SMILES.
  public var smiles: String?
  /// A molfile.
  public var molfile: String?

  /// A molecule as SMILES.
  public static func smiles(_ smiles: String) -> SpelledMolecule { SpelledMolecule(smiles: smiles) }
  /// A molecule as a molfile.
  public static func molfile(_ molfile: String) -> SpelledMolecule {
    SpelledMolecule(molfile: molfile)
  }
}

/// Whether something states a molecule.
public struct MoleculeValidity: Decodable, Sendable {
  /// One thing that is wrong.
  public struct Problem: Decodable, Sendable, Equatable {
    /// UTF-8 bytes from the start.
    public let offset: Int
    /// What is wrong, in words.
    public let detail: String
  }
  /// Whether it states a molecule.
  public let valid: Bool
  /// What is wrong with it.
  public let problems: [Problem]
  /// The one spelling.
  public let canonicalSmiles: String?
}

/// How a molecule is brought to its one spelling.
public struct CanonicalOptions: Sendable, Equatable {
  /// Whether bonds alternate.
  public var kekule: Bool?
  /// Whether stereo marks are kept.
  public var stereo: Bool?
  /// Whether only the largest fragment is kept.
  public var largestFragment: Bool?
  /// Whether charges are neutralised.
  public var neutralize: Bool?
  /// Whether isotopes are taken off.
  public var stripIsotopes: Bool?

  /// With these parts.
  public init() {}
}

/// A molecule in its one spelling.
public struct CanonicalMolecule: Decodable, Sendable, Equatable {
  /// The one spelling.
  public let canonicalSmiles: String
  /// 64 bits of the molecule, in hexadecimal.
  public let key: String
  /// The molecular formula.
  public let formula: String
}

/// Where a pattern occurs.
public struct SubstructureMatches: Decodable, Sendable, Equatable {
  /// Whether it occurs.
  public let matches: Bool
  /// For each match the atom of each atom of the pattern.
  public let atoms: [[Int]]
}

/// How a molecule is drawn.
public struct PictureOptions: Sendable, Equatable {
  /// Pixels.
  public var width: Int?
  /// Pixels.
  public var height: Int?
  /// "light" or "dark".
  public var theme: String?
  /// "svg" or "png".
  public var format: String?
  /// A pattern whose matches are coloured.
  public var smarts: String?
  /// Atoms to colour, from 0.
  public var highlightAtoms: [Int]?
  /// A number for each atom, which colours it.
  public var atomWeights: [Double]?

  /// With these parts.
  public init(format: String? = nil) { self.format = format }
}

/// A molecule of a structure-data file.
public struct StructureRecord: Encodable, Sendable, Equatable {
  /// SMILES.
  public var smiles: String
  /// The title.
  public var name: String?
  /// Data items.
  public var fields: [String: String]?

  /// With these parts.
  public init(_ smiles: String, name: String? = nil, fields: [String: String]? = nil) {
    self.smiles = smiles
    self.name = name
    self.fields = fields
  }
}

extension Client {
  /// Whether it states a molecule, and what is wrong with it.
  public func validateMolecule(_ molecule: SpelledMolecule) async throws -> Answer<MoleculeValidity>
  {
    try await value(.validateMolecule, molecule)
  }

  /// The one spelling of a molecule.
  public func canonicalizeMolecule(
    _ molecule: SpelledMolecule, _ options: CanonicalOptions = CanonicalOptions()
  ) async throws -> Answer<CanonicalMolecule> {
    struct Body: Encodable {
      let smiles, molfile: String?
      let kekule, stereo, largestFragment, neutralize, stripIsotopes: Bool?
    }
    return try await value(
      .canonicalizeMolecule,
      Body(
        smiles: molecule.smiles, molfile: molecule.molfile, kekule: options.kekule,
        stereo: options.stereo, largestFragment: options.largestFragment,
        neutralize: options.neutralize, stripIsotopes: options.stripIsotopes))
  }

  /// Formula, descriptors, groups, rings, stereo and fingerprints.
  public func describeMolecule(_ molecule: SpelledMolecule) async throws -> Answer<JSONValue> {
    try await value(.describeMolecule, molecule)
  }

  /// Where a SMARTS pattern occurs.
  public func findSubstructure(
    _ smarts: String, in molecule: SpelledMolecule, useStereo: Bool? = nil
  ) async throws -> Answer<SubstructureMatches> {
    struct Body: Encodable {
      let smiles, molfile: String?
      let smarts: String
      let useStereo: Bool?
    }
    return try await value(
      .findSubstructure,
      Body(
        smiles: molecule.smiles, molfile: molecule.molfile, smarts: smarts, useStereo: useStereo))
  }

  /// A picture, SVG or PNG.
  public func depictMolecule(
    _ molecule: SpelledMolecule, _ options: PictureOptions = PictureOptions()
  ) async throws -> Answer<Data> {
    struct Body: Encodable {
      let smiles, molfile: String?
      let width, height: Int?
      let theme, format, smarts: String?
      let highlightAtoms: [Int]?
      let atomWeights: [Double]?
    }
    let body = Body(
      smiles: molecule.smiles, molfile: molecule.molfile, width: options.width,
      height: options.height, theme: options.theme, format: options.format, smarts: options.smarts,
      highlightAtoms: options.highlightAtoms, atomWeights: options.atomWeights)
    return try await data(Call(operation: .depictMolecule, body: Self.encoder.encode(body)))
  }

  /// A picture by GET; highlighted atoms and weights are not part of it.
  public func getDepiction(
    smiles: String, _ options: PictureOptions = PictureOptions()
  ) async throws -> Answer<Data> {
    try await data(
      Call(
        operation: .getDepiction,
        query: [
          ("smiles", smiles), ("width", options.width.map(String.init)),
          ("height", options.height.map(String.init)), ("theme", options.theme),
          ("format", options.format), ("smarts", options.smarts),
        ]))
  }

  /// Up to 1,000 molecules as a structure-data file, laid out in two dimensions.
  public func writeStructures(_ molecules: [StructureRecord]) async throws -> Answer<Data> {
    let body = try Self.encoder.encode(["molecules": molecules])
    return try await data(Call(operation: .writeStructures, body: body))
  }
}
