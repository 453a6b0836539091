import Molecule
import Testing

/// Counts of unique matches, against RDKit.
struct SMARTSMatchingGoldenTests {
  @Test func uniqueMatchesAgree() throws {
    let rows = try Golden("patterns").rows
    let patterns = try rows[0].dropFirst().map { try SMARTSPattern(parsing: $0) }
    for row in rows.dropFirst() {
      let target = MatchTarget(try SMILESReader.read(row[0]))
      for (pattern, expected) in zip(patterns, row.dropFirst()) {
        let count = try pattern.matches(in: target).count
        #expect(count == Int(expected), "\(pattern.smarts) in \(row[0])")
        #expect(try pattern.occurs(in: target) == (count > 0))
      }
    }
  }
}
