package import Molecule

/// Why a search or an encoding cannot be done.
package enum SearchError: Error, Equatable, Sendable {
  /// The text has nothing but white space.
  case emptyText
  /// The text has more bytes than a query may have.
  case textTooLong(bytes: Int, limit: Int)
  /// The SMILES has more bytes than a query may have.
  case smilesTooLong(bytes: Int, limit: Int)
  /// The SMILES is not a molecule.
  case badSMILES(SMILESError)
  /// A vector of another length than the model's.
  case vectorLength(found: Int, expected: Int)
  /// A value, counted from 0, is infinite or not a number.
  case vectorNotFinite(index: Int)
  /// A vector of zeros points nowhere.
  case vectorIsZero
  /// More or fewer results than may be asked for.
  case countOutOfRange(found: Int, expected: ClosedRange<Int>)
  /// No corpus of this name was loaded.
  case unknownCorpus(String)
  /// A weight of diversity outside 0...1.
  case diversityOutOfRange(Float)
  /// The query has nothing that this ranking compares.
  case rankingNotPossible(SearchRanking, String)
  /// Scaffolds are of molecules, and texts are looked for.
  case groupsWithoutMolecules
  /// A text that is no cursor.
  case badCursor
  /// The cursor of another search.
  case foreignCursor
  /// Groups and diverse results have no pages.
  case cursorNotPossible
  /// As many queries wait as may wait; they need about so many seconds, at least 1.
  case overloaded(waiting: Int, retryAfter: Int)
}

extension SearchError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .emptyText: "found no text, expected at least one word"
    case .textTooLong(let bytes, let limit):
      "found \(bytes) bytes of text, expected at most \(limit)"
    case .smilesTooLong(let bytes, let limit):
      "found \(bytes) bytes of SMILES, expected at most \(limit)"
    case .badSMILES(let error): "\(error)"
    case .vectorLength(let found, let expected):
      "found \(found) numbers, expected \(expected), the model's dimension"
    case .vectorNotFinite(let index):
      "number \(index) is too large for a 32-bit float or not a number"
    case .vectorIsZero: "found only zeros, expected a direction"
    case .countOutOfRange(let found, let expected):
      "found \(found), expected \(expected.lowerBound) to \(expected.upperBound)"
    case .unknownCorpus(let name): "there is no indexed corpus '\(name.echoed)'"
    case .diversityOutOfRange(let found): "found \(found), expected 0 to 1"
    case .rankingNotPossible(let ranking, let reason):
      "ranking by '\(ranking.rawValue)' is not possible: \(reason)"
    case .groupsWithoutMolecules:
      "scaffolds are of molecules; expected 'molecules' as the target"
    case .badCursor: "found no cursor, expected one from an answer"
    case .foreignCursor: "the cursor belongs to another search"
    case .cursorNotPossible: "groups and diverse results have no pages; expected no cursor"
    case .overloaded(let waiting, _): "\(waiting) queries are waiting already"
    }
  }
}
