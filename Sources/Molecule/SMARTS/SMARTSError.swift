/// Why a text is not a SMARTS pattern, and where.
public struct SMARTSError: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    /// The text has no atom.
    case empty
    /// A byte that cannot stand here; `expected` says what could.
    case unexpectedByte(UInt8, expected: String)
    /// The text ended; `expected` says what was missing.
    case unexpectedEnd(expected: String)
    /// A number outside its range.
    case numberOutOfRange(limit: Int)
    /// A ring digit that was never closed; the offset is that of the opening.
    case unclosedRing(number: Int)
    /// A ring that starts and ends at one atom, or repeats a bond.
    case impossibleRing(number: Int)
    /// `(` without `)`, or `)` without `(`.
    case unbalancedBranch
    /// `$(` inside `$(`, more than ``SMARTSPattern/maximumDepth`` deep.
    case tooDeep(limit: Int)
    /// More bytes than ``SMARTSPattern/maximumLength``.
    case tooLong(limit: Int)
  }

  /// What is wrong.
  public let reason: Reason
  /// UTF-8 bytes from 0.
  public let offset: Int
}

extension SMARTSError: CustomStringConvertible {
  /// One sentence: the place, what was found, what was expected.
  public var description: String {
    let sentence =
      switch reason {
      case .empty: "found no atom, expected at least one"
      case .unexpectedByte(let byte, let expected):
        "found \(Self.name(of: byte)), expected \(expected)"
      case .unexpectedEnd(let expected): "found the end of the text, expected \(expected)"
      case .numberOutOfRange(let limit): "found a number past \(limit)"
      case .unclosedRing(let number): "ring \(number) is opened here and never closed"
      case .impossibleRing(let number): "ring \(number) joins atoms that cannot be joined"
      case .unbalancedBranch: "found a branch that is not closed or not opened"
      case .tooDeep(let limit): "found '$(' nested more than \(limit) deep"
      case .tooLong(let limit): "the text is longer than \(limit) bytes"
      }
    return "byte \(offset): \(sentence)"
  }

  private static func name(of byte: UInt8) -> String {
    byte > 0x20 && byte < 0x7f ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)"
  }
}
