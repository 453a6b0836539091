import Foundation
import HTTPDaemon
import Logging
import Testing

@testable import AlignAPI
@testable import HTTPAPI

@Suite struct APIDescriptionTests {
  @Test func referencesNameSchemas() throws {
    let description = APIDescription(
      version: "1", operations: SearchService.operations, schemas: SearchService.schemas)
    let text = String(decoding: description.encoded(), as: UTF8.self)
    let known = Set(description.schemas.map(\.name))
    #expect(known.count == description.schemas.count)
    let references = text.matches(of: #/"#\/components\/schemas\/([^"]+)"/#).map { String($0.1) }
    #expect(references.count > 5)
    #expect(references.allSatisfy { known.contains($0) })
  }

  @Test func operationsHaveNamesOfTheirOwn() {
    let operations = SearchService.operations
    #expect(Set(operations.map(\.id)).count == operations.count)
    #expect(operations.allSatisfy { !$0.summary.isEmpty && !$0.answers.isEmpty })
    for operation in operations {
      let inPath = operation.path.matches(of: #/\{([a-z_]+)\}/#).map { String($0.1) }
      #expect(operation.parameters.filter { $0.place == .path }.map(\.name) == inPath)
    }
  }

  @Test func everyOperationIsRouted() async throws {
    let service = SearchService(version: "1", log: Logger(label: "test"))
    let router = service.router()
    for operation in SearchService.operations {
      let path = operation.path.replacing(#/\{[a-z_]+\}/#, with: "1")
      let answer = await router.respond(
        to: HTTPRequest(method: operation.method, target: try RequestTarget(parsing: path)))
      #expect(answer.status != .notFound, "\(operation.id)")
      #expect(answer.status != .methodNotAllowed, "\(operation.id)")
    }
  }
}
