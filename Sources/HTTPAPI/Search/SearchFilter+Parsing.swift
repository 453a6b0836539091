package import AlignAPI
package import HTTPDaemon

extension SearchFilter {
  /// Reads a filter from JSON, as `/v1/search` takes it; throws ``FilterError``.
  package init(json: String) throws(FilterError) {
    let document: JSONDocument
    do throws(JSONSyntaxError) {
      document = try JSONDocument(parsing: Array(json.utf8))
    } catch {
      throw FilterError(items: [
        .init(field: "filter", offset: error.offset, detail: "not JSON: \(error)")
      ])
    }
    var reader = FilterReader()
    guard let filter = reader.filter(document, at: "filter"), reader.mistakes.isEmpty else {
      throw FilterError(items: reader.mistakes)
    }
    self = filter
  }
}

/// What is wrong with a filter, by its place in the JSON.
package struct FilterError: Error, Sendable, CustomStringConvertible {
  package let items: [ProblemDetails.Item]

  package var description: String {
    items.map { item in
      "\(item.field): \(item.detail)" + (item.offset.map { " (byte \($0))" } ?? "")
    }.joined(separator: "\n")
  }
}
