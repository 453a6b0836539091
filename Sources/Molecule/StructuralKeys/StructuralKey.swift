/// One of the 166 public structural keys of MDL's MACCS system: a substructure and how often it has
/// to occur.
///
/// Numbers and meanings are those of Durant, Leland, Henry and Nourse, "Reoptimization of MDL Keys
/// for Use in Drug Discovery", J. Chem. Inf. Comput. Sci. 2002, 42, 1273; the patterns are our own.
/// Where the published meaning leaves a choice, a key is read as RDKit reads it, so that
/// fingerprints of both can be compared.
public struct StructuralKey: Sendable {
  /// 1 to 166; also its bit in the fingerprint.
  public let number: Int
  /// What sets it, in words.
  public let name: String
  /// Occurrences, over different atoms, that set it.
  public let minimum: Int
  /// What has to occur, one of them; none for a key that is counted by rule or never set.
  public let patterns: [SMARTSPattern]

  /// All keys by ascending number.
  public static let all: [StructuralKey] = (written + counted).sorted { $0.number < $1.number }

  private static let counted = [
    StructuralKey(number: 1, name: "isotope (never set)", minimum: 1, patterns: []),
    StructuralKey(number: 101, name: "cycle of eight to fourteen atoms", minimum: 1, patterns: []),
    StructuralKey(number: 125, name: "more than one aromatic ring", minimum: 2, patterns: []),
    StructuralKey(number: 166, name: "more than one fragment", minimum: 2, patterns: []),
  ]

  private static var written: [StructuralKey] {
    var keys: [StructuralKey] = []
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: " ", maxSplits: 3).map(String.init)
      guard fields.count == 4, let number = Int(fields[0]), let minimum = Int(fields[1]) else {
        preconditionFailure("structural key '\(line)'")
      }
      var patterns = [compiled(fields[2])]
      if keys.last?.number == number { patterns = keys.removeLast().patterns + patterns }
      keys.append(
        StructuralKey(number: number, name: fields[3], minimum: minimum, patterns: patterns))
    }
    return keys
  }

  /// A pattern of our own; a mistake in it is ours.
  static func compiled(_ smarts: String) -> SMARTSPattern {
    do throws(SMARTSError) {
      return try SMARTSPattern(parsing: smarts)
    } catch {
      preconditionFailure("'\(smarts)': \(error)")
    }
  }
}
