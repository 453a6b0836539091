/// Why a text is not a molecule, and where.
public struct SMILESError: Error, Equatable, Sendable {
  /// What is wrong.
  public enum Reason: Equatable, Sendable {
    /// The text has no atom.
    case empty
    /// A byte that cannot stand here; `expected` says what could.
    case unexpectedByte(UInt8, expected: String)
    /// The text ended; `expected` says what was missing.
    case unexpectedEnd(expected: String)
    /// A symbol inside a bracket that names no element.
    case unknownElement(String)
    /// A number outside its range.
    case numberOutOfRange(what: String, limit: Int)
    /// A stereo class with an arrangement it does not have.
    case unknownArrangement(shape: String, number: Int, limit: Int)
    /// A ring digit that was never closed; the offset is that of the opening.
    case unclosedRing(number: Int)
    /// A ring whose two ends state different bonds.
    case conflictingRingBond(number: Int)
    /// A ring that starts and ends at one atom.
    case ringToSameAtom(number: Int)
    /// A second bond between two atoms.
    case duplicateBond
    /// `(` without `)`; the offset is that of the opening.
    case unclosedBranch
    /// `)` without `(`.
    case unopenedBranch
    /// `()`.
    case emptyBranch
    /// A bond symbol with no atom after it.
    case danglingBond
    /// Aromatic atoms that no arrangement of double bonds satisfies; the offset is that of one.
    case cannotKekulize
    /// An atom with more bonds and hydrogens than its element and charge allow.
    case exceededValence(element: String, charge: Int, bonds: Int)
    /// An aromatic atom that lies on no ring.
    case aromaticAtomOutsideRing
    /// `:` outside every ring beside an atom that is not aromatic.
    case aromaticBondOutsideRing
    /// A part of a CXSMILES extension that a graph cannot hold.
    case unsupportedExtension(String)
    /// A coordination bond of an extension that does not touch its atom.
    case foreignBond(atom: Int, bond: Int)
    /// More bytes than ``SMILESReader/maximumLength``.
    case tooLong(limit: Int)
  }

  /// What is wrong.
  public let reason: Reason
  /// UTF-8 bytes from 0.
  public let offset: Int

  /// Places a reason.
  public init(reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

extension SMILESError: CustomStringConvertible {
  /// One sentence: the place, what was found, what was expected.
  public var description: String {
    "byte \(offset): \(reason.sentence)"
  }
}

extension SMILESError.Reason {
  var sentence: String {
    switch self {
    case .empty: "found no atom, expected at least one"
    case .unexpectedByte(let byte, let expected):
      "found \(Self.name(of: byte)), expected \(expected)"
    case .unexpectedEnd(let expected): "found the end of the text, expected \(expected)"
    case .unknownElement(let symbol): "found '\(symbol)', expected an element symbol"
    case .numberOutOfRange(let what, let limit): "\(what) is too large, expected at most \(limit)"
    case .unknownArrangement(let shape, let number, let limit):
      "found @\(shape)\(number), expected @\(shape)1 to @\(shape)\(limit)"
    case .unclosedRing(let number): "ring \(number) is opened here and never closed"
    case .conflictingRingBond(let number):
      "ring \(number) closes with another bond symbol than it opened with"
    case .ringToSameAtom(let number): "ring \(number) starts and ends at the same atom"
    case .duplicateBond: "found a second bond between two atoms, expected one at most"
    case .unclosedBranch: "the branch opened here is never closed"
    case .unopenedBranch: "found ')', but no branch is open"
    case .emptyBranch: "found '()', expected an atom inside the branch"
    case .danglingBond: "found a bond symbol without an atom or ring digit after it"
    case .cannotKekulize:
      "the aromatic system of this atom has no arrangement of double bonds; "
        + "a hydrogen such as [nH] may be missing"
    case .exceededValence(let element, let charge, let bonds):
      "found \(bonds) bonds and hydrogens at \(element)"
        + (charge == 0 ? "" : " with charge \(charge)") + ", more than its valence allows"
    case .aromaticAtomOutsideRing: "found an aromatic atom outside every ring"
    case .aromaticBondOutsideRing: "found an aromatic bond outside every ring"
    case .unsupportedExtension(let what): "found \(what), which are not read"
    case .foreignBond(let atom, let bond): "bond \(bond) does not touch atom \(atom)"
    case .tooLong(let limit): "the text is longer than \(limit) bytes"
    }
  }

  private static func name(of byte: UInt8) -> String {
    switch byte {
    case 0x21...0x7e: "'\(Character(Unicode.Scalar(byte)))'"
    case 0x20: "a space"
    case 0x09: "a tab"
    case 0x80...: "a byte outside ASCII (\(byte))"
    default: "a control byte (\(byte))"
    }
  }
}
