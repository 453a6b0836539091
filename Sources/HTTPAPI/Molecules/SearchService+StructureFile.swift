import AlignAPI
import Depiction
import HTTPDaemon
import Molecule
import Records

extension SearchService {
  static let structureFileOperations = [
    Operation(
      id: "writeStructures", method: "POST", path: "/v1/molecules/sdf", tag: "molecules",
      summary: "Molecules as a structure-data file, laid out in two dimensions",
      text: "A molfile keeps its coordinates; what cannot be laid out has coordinates of zero.",
      scope: .read,
      body: .json(
        .object([
          .required(
            "molecules",
            .array(
              of: .object(
                JSONSchema.moleculeMembers + [
                  .optional(
                    "name", .string.nullable.described("The title; its first 80 characters.")),
                  .optional("fields", .map(of: .string).nullable.described("Data items.")),
                ]), writtenStructures))
        ])),
      answers: [
        .init(
          status: .ok, text: "The file.", contents: [("chemical/x-mdl-sdfile", .string)])
      ]
    ) { service, request in try await service.compute(request, structureFile) }
  ]

  static let writtenStructures = 1...1_000

  /// `POST /v1/molecules/sdf`.
  private static let structureFile: @Sendable (inout RequestFields) throws -> HTTPResponse = {
    fields in
    var records: [StatedRecord] = []
    for (place, document) in fields.array("molecules", count: writtenStructures).enumerated() {
      fields.read(document, at: "molecules[\(place)]") { member in
        if let record = StatedRecord(&member) { records.append(record) }
      }
    }
    try fields.finish()
    var file: [UInt8] = []
    for record in records { try record.write(to: &file) }
    return HTTPResponse(contentType: "chemical/x-mdl-sdfile", body: file)
  }
}

/// One molecule of a structure-data file, with its title and data items.
private struct StatedRecord {
  let molecule: StatedMolecule
  let name: String
  let items: [StructureRecord.Item]

  /// Takes the fields; nil when there is a mistake.
  init?(_ fields: inout RequestFields) {
    let stated = fields.molecule()
    name = String((fields.string("name") ?? "").prefix(80))
    var items: [StructureRecord.Item] = []
    switch fields.document("fields") {
    case nil, .some(.null): break
    case .some(.object(let members)):
      for member in members {
        guard case .string(let text) = member.value else {
          fields.refuse(
            "fields.\(member.name.echoed)", "found \(member.value.kind), expected a string")
          continue
        }
        items.append(.init(name: member.name, value: text))
      }
    case .some(let other):
      fields.refuse("fields", "found \(other.kind), expected an object")
    }
    self.items = items
    guard let stated else { return nil }
    molecule = stated
  }

  /// Appends the record; throws ``APIError`` for a bond that the format does not have.
  func write(to file: inout [UInt8]) throws(APIError) {
    let graph = molecule.graph
    let positions = molecule.positions ?? (try? MoleculeLayout(of: graph))?.positions
    do throws(UnwritableBond) {
      try MolfileWriter().write(graph, positions: positions, title: name, to: &file)
    } catch {
      throw .invalid([.init(field: molecule.field, detail: "\(error)")])
    }
    for item in items { item.write(to: &file) }
    file += StructureRecord.end
  }
}
