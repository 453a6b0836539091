import Foundation
import Testing

/// A golden file: tab-separated rows, `#` lines say how it was made.
struct Golden {
  let rows: [[String]]

  init(_ name: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "tsv", subdirectory: "Golden"))
    let text = try String(contentsOf: url, encoding: .utf8)
    rows = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
  }
}
