/// A line `SMILES<blank>|extension|<blank>name`, taken apart; ranges of its bytes.
///
/// The extension (CXSMILES) and the name may both be missing. A line that begins with a tab has an
/// empty SMILES; spaces before a SMILES and line breaks at the end mean nothing.
public struct SMILESLine: Sendable, Equatable {
  /// Everything before the first space or tab.
  public let smiles: Range<Int>
  /// The extension with both of its bars; to the end of the line where the second is missing.
  public let tail: Range<Int>
  /// Everything after that, without blanks around it.
  public let name: Range<Int>

  /// The SMILES with its extension.
  public var statement: Range<Int> {
    smiles.lowerBound..<(tail.isEmpty ? smiles.upperBound : tail.upperBound)
  }

  /// Splits one line.
  public init(_ bytes: [UInt8]) {
    var end = bytes.count
    while end > 0, bytes[end - 1] == 10 || bytes[end - 1] == 13 || Self.isBlank(bytes[end - 1]) {
      end -= 1
    }
    var position = 0
    while position < end, bytes[position] == UInt8(ascii: " ") { position += 1 }
    let start = position
    while position < end, !Self.isBlank(bytes[position]) { position += 1 }
    smiles = start..<position
    while position < end, Self.isBlank(bytes[position]) { position += 1 }
    guard position < end, bytes[position] == UInt8(ascii: "|"), !smiles.isEmpty else {
      tail = position..<position
      name = position..<end
      return
    }
    let open = position
    position += 1
    while position < end, bytes[position] != UInt8(ascii: "|") { position += 1 }
    position = min(position + 1, end)
    tail = open..<position
    while position < end, Self.isBlank(bytes[position]) { position += 1 }
    name = position..<end
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

extension SMILESReader {
  /// Reads a line: a SMILES, what its extension states, and the name behind them.
  ///
  /// Of a CXSMILES extension (ChemAxon, "Chemaxon Extended SMILES") these parts are read:
  /// - `^1:` to `^7:`, unpaired electrons of atoms outside brackets;
  /// - `c:`, `t:`, `ctu:`, the arrangement of double bonds;
  /// - `C:`, coordination bonds;
  /// - `$…$`, of which labels `R1` or `_R1` of wildcards give their number as `[R1]` does.
  ///
  /// Passed over are coordinates, other labels, `atomProp`, wedges (`w`, `wU`, `wD`), stereo groups
  /// (`a`, `o1`, `&1`, `r`), S-groups (`Sg`, `SgD`, `SgH`), fragment groups (`f`), multicentre
  /// bonds (`m`), link nodes (`LN`), lone pairs (`lp`, `LO`) and query counts (`u`, `s`, `rb`).
  /// Hydrogen bonds `H:` and bonds of no order `Z:`, which a graph does not hold, are errors.
  /// Errors count their offset from the start of the line.
  public static func read(
    line: [UInt8]
  ) throws(SMILESError) -> (graph: MolecularGraph, name: ArraySlice<UInt8>) {
    let parts = SMILESLine(line)
    if parts.smiles.count == line.count { return (try read(line), []) }
    do throws(SMILESError) {
      var graph = try parse(Array(line[parts.smiles]))
      guard !parts.tail.isEmpty else {
        return (try perceived(graph, with: nil), line[parts.name])
      }
      var tail = ExtensionParser(bytes: Array(line[parts.tail]), graph: graph)
      do throws(SMILESError) {
        try tail.parse()
      } catch {
        throw SMILESError(
          reason: error.reason,
          offset: error.offset + parts.tail.lowerBound - parts.smiles.lowerBound)
      }
      tail.tail.change(&graph)
      return (try perceived(graph, with: tail.tail), line[parts.name])
    } catch {
      throw SMILESError(reason: error.reason, offset: error.offset + parts.smiles.lowerBound)
    }
  }
}
