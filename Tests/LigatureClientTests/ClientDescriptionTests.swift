import Foundation
import HTTPDaemon
import Testing

@testable import HTTPAPI
@testable import LigatureClient

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The client against what the server says of itself: neither has an operation that the other lacks.
@Suite struct ClientDescriptionTests {
  @Test func operationsAreThoseOfTheServer() {
    let served = SearchService.operations
    #expect(Set(served.map(\.id)) == Set(ClientOperation.allCases.map(\.rawValue)))
    for operation in served {
      let route = ClientOperation(rawValue: operation.id)?.route
      #expect(route?.method == operation.method, "\(operation.id)")
      #expect(route?.path == operation.path, "\(operation.id)")
    }
  }

  /// Every operation is called with everything that it takes.
  @Test(arguments: ClientOperation.allCases)
  func whatIsSentIsWhatTheDescriptionSays(_ operation: ClientOperation) async throws {
    let transport = RecordedTransport([])
    let client = try transport.client(.none)
    _ = try? await call(operation, client)
    let request = try #require(transport.requests.first)
    let described = try #require(
      SearchService.operations.first { $0.id == operation.rawValue })
    let target = try #require(request.url?.absoluteString)
      .dropFirst("http://127.0.0.1:1/prefix".count)
    let parts = target.split(separator: "?")
    let path = described.path.replacing(#/\{[a-z_]+\}/#, with: "1")
    #expect(request.httpMethod == described.method)
    #expect(String(parts[0]) == path)
    let query = parts.count == 2 ? parts[1].split(separator: "&") : []
    #expect(
      Set(query.map { String($0.prefix { $0 != "=" }) })
        == Set(described.parameters.filter { $0.place == .query }.map(\.name)))
    for parameter in described.parameters where parameter.place == .header {
      #expect(request.value(forHTTPHeaderField: parameter.name) != nil, "\(parameter.name)")
    }
    guard let contents = described.body?.contents else { return }
    let mediaType = try #require(request.value(forHTTPHeaderField: "Content-Type"))
    let schema = try #require(contents.first { $0.mediaType == mediaType }?.schema)
    guard mediaType == "application/json" else { return }
    let body = try JSONDecoder().decode(
      [String: JSONValue].self, from: try #require(request.httpBody))
    #expect(Set(body.keys) == Set(members(of: schema)))
  }

  private func members(of schema: JSONSchema) -> [String] {
    switch schema.kind {
    case .reference(let name):
      SearchService.schemas.first { $0.name == name }.map { members(of: $0.schema) } ?? []
    case .object(let members, _): members.map(\.name)
    default: []
    }
  }

  private func call(_ operation: ClientOperation, _ client: Client) async throws {
    var search = SearchRequest(.text("t"), k: 1, corpus: "c")
    (search.smiles, search.molfile, search.vector) = ("C", "m", [1])
    (search.target, search.filter, search.ranking) = ("texts", ["corpus": "c"], "words")
    (search.diversity, search.groupBy, search.cursor) = (0.5, "scaffold", "x")
    var molecule = SpelledMolecule.smiles("C")
    molecule.molfile = "m"
    var picture = PictureOptions(format: "svg")
    (picture.width, picture.height, picture.theme) = (1, 1, "dark")
    (picture.smarts, picture.highlightAtoms, picture.atomWeights) = ("C", [0], [1])
    switch operation {
    case .search: _ = try await client.search(search)
    case .searchBatch: _ = try await client.searchBatch([search])
    case .createEmbeddings:
      var request = EmbeddingsRequest(["t"], inputType: "text")
      (request.model, request.encodingFormat, request.dimensions) = ("m", "float", 1)
      request.user = "u"
      _ = try await client.createEmbeddings(request)
    case .getSimilarity:
      _ = try await client.getSimilarity([ThingPair(left: .text("t"), right: .smiles("C"))])
    case .rank: _ = try await client.rank([.smiles("C")], for: .text("t"), k: 1)
    case .explainScore:
      var request = ExplanationRequest(query: .text("t"), target: .item(1))
      (request.method, request.picture, request.theme) = ("leave_one_out", true, "dark")
      (request.width, request.height) = (1, 1)
      _ = try await client.explainScore(request)
    case .validateMolecule: _ = try await client.validateMolecule(molecule)
    case .canonicalizeMolecule:
      var options = CanonicalOptions()
      (options.kekule, options.stereo, options.largestFragment) = (true, true, true)
      (options.neutralize, options.stripIsotopes) = (true, true)
      _ = try await client.canonicalizeMolecule(molecule, options)
    case .describeMolecule: _ = try await client.describeMolecule(molecule)
    case .findSubstructure:
      _ = try await client.findSubstructure("C", in: molecule, useStereo: true)
    case .depictMolecule: _ = try await client.depictMolecule(molecule, picture)
    case .getDepiction: _ = try await client.getDepiction(smiles: "C", picture)
    case .writeStructures: _ = try await client.writeStructures([StructureRecord("C")])
    case .listItems: _ = try await client.listItems("1", limit: 1, cursor: "x")
    case .writeItems: _ = try await client.writeItems("1", [.delete("a")])
    case .getItem: _ = try await client.getItem("1", "1")
    case .putItem:
      _ = try await client.putItem(
        "1", "1", ItemContent(smiles: "C", text: "t", properties: ["n": 1]), ifMatch: "*",
        ifNoneMatch: "*")
    case .deleteItem: _ = try await client.deleteItem("1", "1", ifMatch: "*", ifNoneMatch: "*")
    case .getItemByNumber: _ = try await client.getItemByNumber(1)
    case .listCorpora: _ = try await client.listCorpora()
    case .getCorpus: _ = try await client.getCorpus("1")
    case .deleteCorpus: _ = try await client.deleteCorpus("1")
    case .exportCorpus: _ = try await client.exportCorpus("1", format: "tsv")
    case .getCorpusMap: _ = try await client.getCorpusMap("1", points: 1, descriptor: "logp")
    case .listModels: _ = try await client.listModels()
    case .getModel: _ = try await client.getModel("1")
    case .promoteModel: _ = try await client.promoteModel("1")
    case .startJob: _ = try await client.startJob(Data("C".utf8), corpus: "c", format: "smi")
    case .listJobs: _ = try await client.listJobs(limit: 1, cursor: "x")
    case .getJob: _ = try await client.getJob(1)
    case .cancelJob: _ = try await client.cancelJob(1)
    case .followJob: _ = try await client.followJob(1, lastEventID: "1")
    case .listRejects: _ = try await client.listRejects(1)
    case .getInfo: _ = try await client.getInfo()
    case .getExperts: _ = try await client.getExperts()
    case .getMetrics: _ = try await client.getMetrics()
    case .getDescription: _ = try await client.getDescription()
    case .getLiveness: _ = try await client.getLiveness()
    case .getReadiness: _ = try await client.getReadiness()
    }
  }
}
