import Alignment
import ArgumentParser
import Foundation
import Molecule
import Records
import Tensor

/// Writes the unit vectors of molecules or texts as little-endian 32-bit floats, row after row.
struct VectorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vectors", abstract: "Writes a model's vectors of molecules or texts.")

  @Option(name: .long, help: "The checkpoint's folder.")
  var model: String

  @Option(name: .long, help: "Molecules: id, smiles.")
  var molecules: String?

  @Option(name: .long, help: "Texts: id, text.")
  var texts: String?

  @Option(name: .long, help: "The file to write.")
  var out: String

  func run() throws {
    let model = try Checkpoint(contentsOf: model).model
    var parts: [Matrix] = []
    if let molecules {
      for batch in batches(try read(molecules, .smiles) { $0.smiles }) {
        parts.append(model.encode(try batch.map { try SMILESReader.read($0) }))
      }
    }
    if let texts {
      for batch in batches(try read(texts, .text) { $0.text }) {
        parts.append(model.encode(Array(batch)))
      }
    }
    let values = parts.flatMap(\.values)
    try unsafe values.withUnsafeBytes { unsafe Data($0) }.write(to: URL(fileURLWithPath: out))
    print(parts.reduce(0) { $0 + $1.rows }, model.dimension)
  }

  private func batches(_ items: [String]) -> [ArraySlice<String>] {
    stride(from: 0, to: items.count, by: 1024).map { items[$0..<min($0 + 1024, items.count)] }
  }

  private func read(
    _ path: String, _ required: RequiredFields, _ field: (Record) -> String?
  ) throws -> [String] {
    let reader = try RecordReader(path: path, options: .init(required: required))
    var values: [String] = []
    while let row = try reader.next() {
      if case .record(let record) = row, let value = field(record) { values.append(value) }
    }
    return values
  }
}
