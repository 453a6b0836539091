import AlignAPI
import FoundationEssentials
import Postgres

/// Search results as an aligned table.
struct SearchTable {
  let results: [SearchResult]
  /// Columns of the terminal; nil prints everything in full.
  let width: Int?

  /// Widest a column of names or SMILES gets on a terminal.
  private static let widestColumn = 32

  /// The lines, without one for an empty column.
  var text: String {
    var columns = [
      column("rank") { "\($0.rank)" },
      column("score") { Self.score($0.score) },
      column("id", \.sourceID),
      column("name") { Self.name(in: $0.properties) },
      column("SMILES") { $0.smiles ?? "" },
    ].filter { $0.dropFirst().contains { !$0.isEmpty } }
    columns = columns.map(aligned)
    let texts = column("text") {
      ($0.text ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let hasTexts = texts.dropFirst().contains { !$0.isEmpty }
    return texts.indices.map { line in
      let fixed = columns.map { $0[line] }.joined(separator: "  ")
      let room = width.map { max(0, $0 - fixed.count - 2) }
      return Self.trimmed(hasTexts ? fixed + "  " + Self.cut(texts[line], to: room) : fixed)
    }.joined(separator: "\n")
  }

  private func column(_ title: String, _ value: (SearchResult) -> String) -> [String] {
    [title] + results.map(value)
  }

  /// Pads every cell to the widest; on a terminal, long cells are cut first.
  private func aligned(_ cells: [String]) -> [String] {
    let cut = cells.map { Self.cut($0, to: width == nil ? nil : Self.widestColumn) }
    let widest = cut.map(\.count).max() ?? 0
    return cut.map { $0 + String(repeating: " ", count: widest - $0.count) }
  }

  private static func cut(_ text: String, to limit: Int?) -> String {
    guard let limit, text.count > limit else { return text }
    return limit > 0 ? text.prefix(limit - 1) + "…" : ""
  }

  private static func trimmed(_ line: String) -> String {
    var line = line[...]
    while line.last == " " { line.removeLast() }
    return String(line)
  }

  /// Three decimals, without Foundation's localised formatting.
  private static func score(_ value: Float) -> String {
    let thousandths = Int((value * 1000).rounded())
    let digits = String(abs(thousandths) + 1000)
    let whole = abs(thousandths) / 1000
    return (thousandths < 0 ? "-" : "") + "\(whole)." + digits.suffix(3)
  }

  /// The item's `name` property, if its file had one.
  private static func name(in properties: JSONText) -> String {
    struct Named: Decodable { let name: String? }
    let data = Data(properties.text.utf8)
    return (try? JSONDecoder().decode(Named.self, from: data))?.name ?? ""
  }
}
