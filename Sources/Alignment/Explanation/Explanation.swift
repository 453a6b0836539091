/// What each part of a query and of an item adds to their score.
package struct Explanation: Sendable, Equatable {
  /// How parts get their weights.
  package enum Method: String, Sendable, CaseIterable {
    /// Exact shares: the weights of all parts and the baseline add up to the score.
    ///
    /// Features add up to a view, and the towers' outputs are shared out along the straight way
    /// from the empty view (Sundararajan, Taly and Yan 2017, "Axiomatic attribution for deep
    /// networks", equation 1), in closed form for one hidden layer. Departure: the lengths of the
    /// vectors stay what they are; of the product of two explained sides each gets one half.
    case integratedGradients = "integrated_gradients"
    /// How much lower the score is without the part; such weights add up to nothing.
    case leaveOneOut = "leave_one_out"
  }

  package let method: Method
  /// The score that a search would give the item.
  package let score: Float
  /// The score that is left without any part; nil where weights do not add up.
  package let baseline: Float?
  /// The weight of each part of the query: atoms, words, or none of a vector.
  package let query: [Float]
  /// The weight of each part of the item.
  package let target: [Float]

  /// Parts of one side that are left out one by one.
  package static let leaveOneOutLimit = 256
}

/// Why a score is not explained.
package enum ExplanationError: Error, Equatable, Sendable {
  /// Sums are exact where a model has towers only.
  case needsLeaveOneOut
  /// More atoms or words than are left out one by one.
  case tooManyParts(found: Int, limit: Int)
}

extension ExplanationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .needsLeaveOneOut:
      "this model has more than towers; expected '\(Explanation.Method.leaveOneOut.rawValue)'"
    case .tooManyParts(let found, let limit):
      "found \(found) atoms or words, expected at most \(limit) to leave out one by one"
    }
  }
}
