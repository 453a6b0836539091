import AlignAPI
import HTTPDaemon
import Molecule

extension SearchService {
  /// Steps of the search for a pattern before it is given up.
  static let patternSteps = 2_000_000
  /// Matches of a pattern before it is given up.
  static let patternMatches = 1000
  /// Steps of the search for each functional group of a description.
  private static let groupSteps = 200_000

  /// Answers a request whose work needs no model, on a thread of its own.
  func compute(
    _ request: HTTPRequest,
    _ work: @escaping @Sendable (inout RequestFields) throws -> HTTPResponse
  ) async throws -> HTTPResponse {
    try await computation.run {
      var fields = try request.fields()
      return try work(&fields)
    }
  }

  /// `POST /v1/molecules/validate`.
  static let validity: @Sendable (inout RequestFields) throws -> HTTPResponse = { fields in
    // What does not fit is refused; what does is looked at.
    var looked = fields
    let molecule = looked.molecule()
    let stated = ["smiles", "molfile"].filter { fields.has($0) }
    let field = stated.first ?? "smiles"
    let problems = looked.mistakes.filter { $0.field == field && $0.offset != nil }
    if molecule == nil && problems.isEmpty || stated.count != 1 {
      try looked.finish()
    }
    _ = fields.document(field)
    try fields.finish()
    return .json { json in
      json.name("valid")
      json.boolean(molecule != nil)
      json.name("problems")
      json.array { json in
        for problem in problems {
          json.object { json in
            json.name("offset")
            json.integer(problem.offset ?? 0)
            json.name("detail")
            json.string(problem.detail)
          }
        }
      }
      if let molecule {
        json.name("canonical_smiles")
        json.string(molecule.graph.canonicalSMILES())
      }
    }
  }

  /// `POST /v1/molecules/canonicalize`.
  static let canonicalMolecule: @Sendable (inout RequestFields) throws -> HTTPResponse = { fields in
    let stated = fields.molecule()
    var options = SMILESOptions.isomeric
    var normalization: MoleculeNormalization = []
    if fields.boolean("kekule") == true { options.insert(.kekule) }
    if fields.boolean("stereo") == false { options.remove(.stereo) }
    if fields.boolean("largest_fragment") == true { normalization.insert(.largestFragment) }
    if fields.boolean("neutralize") == true { normalization.insert(.neutralize) }
    if fields.boolean("strip_isotopes") == true { normalization.insert(.stripIsotopes) }
    try fields.finish()
    guard let stated else { preconditionFailure("fields without mistakes have a molecule") }
    var graph = stated.graph
    if !normalization.isEmpty {
      do throws(SMILESError) {
        graph = try graph.normalized(normalization)
      } catch {
        throw APIError.invalid([
          .init(field: stated.field, detail: "no molecule after normalisation: \(error)")
        ])
      }
    }
    let molecule = ReadMolecule(graph: graph, positions: nil, options: options)
    return .json { json in
      json.name("canonical_smiles")
      json.string(molecule.smiles)
      json.name("key")
      json.string(molecule.key)
      json.name("formula")
      json.string(graph.formula)
    }
  }

  /// `POST /v1/molecules/describe`.
  static let description: @Sendable (inout RequestFields) throws -> HTTPResponse = { fields in
    let stated = fields.molecule()
    try fields.finish()
    guard let stated else { preconditionFailure("fields without mistakes have a molecule") }
    var description = MoleculeDescription(
      ReadMolecule(graph: stated.graph, positions: nil, options: .isomeric))
    description.groupSteps = groupSteps
    return HTTPResponse(contentType: "application/json", body: description.json)
  }

  /// `POST /v1/molecules/substructure`.
  static let substructure: @Sendable (inout RequestFields) throws -> HTTPResponse = { fields in
    let stated = fields.molecule()
    if !fields.has("smarts") { fields.refuse("smarts", "found none, expected a pattern") }
    let pattern = fields.pattern("smarts")
    let usesStereo = fields.boolean("use_stereo") ?? false
    try fields.finish()
    guard let stated, let pattern else {
      preconditionFailure("fields without mistakes have a molecule and a pattern")
    }
    let matches = try pattern.boundedMatches(in: stated.graph, usesStereo: usesStereo)
    return .json { json in
      json.name("matches")
      json.boolean(!matches.isEmpty)
      json.name("atoms")
      json.array { json in
        for match in matches {
          json.array { json in
            for atom in match { json.integer(atom) }
          }
        }
      }
    }
  }
}

extension RequestFields {
  /// A SMARTS pattern.
  mutating func pattern(_ name: String) -> SMARTSPattern? {
    guard let text = string(name) else { return nil }
    guard text.utf8.count <= SearchFilter.textLimit else {
      refuse(name, "found \(text.utf8.count) bytes, expected at most \(SearchFilter.textLimit)")
      return nil
    }
    do throws(SMARTSError) {
      return try SMARTSPattern(parsing: text)
    } catch {
      refuse(name, offset: error.offset, "\(error)")
      return nil
    }
  }
}

extension SMARTSPattern {
  /// Every match within what a request may cost; throws ``APIError`` where that does not suffice.
  func boundedMatches(
    in graph: MolecularGraph, usesStereo: Bool = false
  ) throws(APIError) -> [[Int]] {
    do throws(MatchError) {
      return try matches(
        in: MatchTarget(graph), usesStereo: usesStereo,
        limits: MatchLimits(
          matches: SearchService.patternMatches, steps: SearchService.patternSteps, time: nil))
    } catch {
      throw .invalid([.init(field: "smarts", detail: "\(error)")])
    }
  }
}

extension HTTPResponse {
  /// A JSON object whose members `body` writes.
  static func json(_ body: (inout JSONWriter) -> Void) -> HTTPResponse {
    var json = JSONWriter()
    json.object(body)
    return HTTPResponse(contentType: "application/json", body: json.bytes)
  }
}
