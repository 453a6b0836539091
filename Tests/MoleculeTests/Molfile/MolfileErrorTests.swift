import Molecule
import Testing

struct MolfileErrorTests {
  private static let methanol = """

      Ligature          2D

      2  1  0  0  0  0  0  0  0  0999 V2000
        0.0000    0.0000    0.0000 C   0  0
        1.5000    0.0000    0.0000 O   0  0
      1  2  1  0
    M  END

    """

  private func failure(_ text: String) -> MolfileError? {
    do throws(MolfileError) {
      _ = try MolfileReader.read(text)
      return nil
    } catch {
      return error
    }
  }

  @Test func wholeFileIsRead() throws {
    let molfile = try MolfileReader.read(Self.methanol)
    #expect(molfile.graph.formula == "CH4O")
    #expect(molfile.positions[1] == AtomPosition(x: 1.5, y: 0))
    #expect(!molfile.isSpatial)
  }

  @Test(arguments: [
    ("0.0000 C ", "0.0000 Xx", MolfileError.Reason.unknownElement, 5, 32),
    ("0.0000 C ", "0.0000 L ", .query, 5, 32),
    ("1.5000    0.0000    0.0000 O", "1.5x00    0.0000    0.0000 O", .badField, 6, 1),
    ("  1  2  1  0", "  1  3  1  0", .outOfRange, 7, 4),
    ("  1  2  1  0", "  1  1  1  0", .outOfRange, 7, 4),
    ("  1  2  1  0", "  1  2  8  0", .query, 7, 7),
    ("  1  2  1  0", "  1  2 10  0", .unsupported, 7, 7),
    ("V2000", "V4000", .unsupported, 4, 34),
    ("  2  1  0  0", "  2  1  1  0", .query, 4, 7),
  ])
  func fieldsAreNamedByLineAndColumn(
    from: String, to: String, reason: MolfileError.Reason, line: Int, column: Int
  ) throws {
    let error = try #require(failure(Self.methanol.replacing(from, with: to)))
    #expect(error.reason == reason)
    #expect(error.line == line)
    #expect(error.column == column)
    #expect(error.description.hasPrefix("line \(line), column \(column): expected "))
  }

  @Test func missingLinesAreTold() throws {
    for end in 0..<Self.methanol.split(separator: "\n", omittingEmptySubsequences: false).count - 2
    {
      let text = Self.methanol.split(separator: "\n", omittingEmptySubsequences: false)
        .prefix(end).joined(separator: "\n")
      let error = try #require(failure(text))
      #expect(error.line <= end + 1)
    }
  }

  @Test func tooManyBondsAreChemistry() throws {
    let text = Self.methanol.replacing("  1  2  1  0", with: "  1  2  3  0")
    let error = try #require(failure(text))
    #expect(error.reason == .chemistry)
    #expect(error.line == 6)
  }

  @Test func secondBondIsRefused() throws {
    let text = Self.methanol.replacing("  2  1  0  0", with: "  2  2  0  0")
      .replacing("  1  2  1  0", with: "  1  2  1  0\n  2  1  1  0")
    #expect(failure(text)?.found == "a second bond between atoms 2 and 1")
  }

  @Test func everyPrefixAndEveryChangedByteIsReadOrRefused() throws {
    let bytes = Array(Self.methanol.utf8)
    for count in 0..<bytes.count { _ = try? MolfileReader.read(Array(bytes[..<count])) }
    for index in bytes.indices {
      for byte: UInt8 in [0, 32, 45, 57, 88, 255] {
        var changed = bytes
        changed[index] = byte
        _ = try? MolfileReader.read(changed)
      }
    }
  }
}
