/// Named functional groups and ring systems, compiled from a table; a value, safe to share.
///
/// The table is tab-separated UTF-8 with a header: id, name, words, class, parents, smarts, examples,
/// counterexamples (`data/functional-groups.tsv`). For a molecule the catalogue gives a vector of
/// counts, in the order of the table, and words for what is in it: ``profile(of:limits:)``.
public struct FunctionalGroupCatalog: Sendable {
  /// The groups in the order of the table.
  public let groups: [FunctionalGroup]
  /// For each group the positions of all groups it is a special case of, at any distance.
  let ancestors: [[Int]]

  /// The catalogue of `data/functional-groups.tsv`, part of the program.
  public static let standard: FunctionalGroupCatalog = {
    do throws(FunctionalGroupError) {
      return try FunctionalGroupCatalog(standardTable)
    } catch {
      preconditionFailure("the table of functional groups: \(error)")
    }
  }()

  static let columns = [
    "id", "name", "words", "class", "parents", "smarts", "examples", "counterexamples",
  ]

  /// Reads a table.
  public init(_ table: String) throws(FunctionalGroupError) {
    var groups: [FunctionalGroup] = []
    var positions: [String: Int] = [:]
    var lineNumbers: [Int] = []
    for (index, line) in table.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      if index == 0 {
        guard fields == Self.columns else {
          throw FunctionalGroupError(
            line: 1, field: nil, found: "'\(line)'",
            expected: "the columns \(Self.columns.joined(separator: ", "))")
        }
        continue
      }
      if line.isEmpty { continue }
      let group = try Self.group(fields, line: index + 1)
      guard positions.updateValue(groups.count, forKey: group.id) == nil else {
        throw FunctionalGroupError(
          line: index + 1, field: "id", found: "'\(group.id)' again", expected: "an id of its own")
      }
      groups.append(group)
      lineNumbers.append(index + 1)
    }
    self.groups = groups
    ancestors = try Self.ancestors(groups, positions, lineNumbers)
  }

  private static func group(
    _ fields: [String], line: Int
  ) throws(FunctionalGroupError) -> FunctionalGroup {
    guard fields.count == columns.count else {
      throw FunctionalGroupError(
        line: line, field: nil, found: "\(fields.count) fields", expected: "\(columns.count)")
    }
    for (column, field) in zip(columns, fields) where field.isEmpty && column != "parents" {
      throw FunctionalGroupError(line: line, field: column, found: "nothing", expected: "a value")
    }
    guard let category = FunctionalGroup.Category(rawValue: fields[3]) else {
      throw FunctionalGroupError(
        line: line, field: "class", found: "'\(fields[3])'",
        expected: "functional group, ring system or other")
    }
    let pattern: SMARTSPattern
    do throws(SMARTSError) {
      pattern = try SMARTSPattern(parsing: fields[5])
    } catch {
      throw FunctionalGroupError(
        line: line, field: "smarts", found: "'\(fields[5])' (\(error))", expected: "a SMARTS")
    }
    return FunctionalGroup(
      id: fields[0], name: fields[1], words: fields[2].split(separator: ",").map(String.init),
      category: category, parents: fields[4].split(separator: ",").map(String.init),
      pattern: pattern, examples: fields[6].split(separator: " ").map(String.init),
      counterexamples: fields[7].split(separator: " ").map(String.init))
  }

  private static func ancestors(
    _ groups: [FunctionalGroup], _ positions: [String: Int], _ lines: [Int]
  ) throws(FunctionalGroupError) -> [[Int]] {
    var all: [[Int]] = []
    for (index, group) in groups.enumerated() {
      var found: [Int] = []
      var pending = group.parents
      while let id = pending.popLast() {
        guard let position = positions[id], position != index else {
          throw FunctionalGroupError(
            line: lines[index], field: "parents", found: "'\(id)'", expected: "another group's id")
        }
        if found.contains(position) { continue }
        found.append(position)
        pending += groups[position].parents
      }
      all.append(found)
    }
    return all
  }
}
