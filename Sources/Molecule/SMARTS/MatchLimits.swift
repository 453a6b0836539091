/// How far one search of one pattern in one molecule may go.
///
/// A search that reaches a limit throws the ``MatchError`` that names it; an answer that is given
/// is complete.
public struct MatchLimits: Sendable {
  /// Matches returned at most.
  public var matches: Int
  /// Atoms tried at most.
  public var steps: Int
  /// Time that the search may take, or nil for any.
  public var time: Duration?

  /// Sets all limits.
  public init(
    matches: Int = 100_000, steps: Int = 50_000_000, time: Duration? = .seconds(30)
  ) {
    self.matches = matches
    self.steps = steps
    self.time = time
  }
}

/// Why a search gave no answer.
public enum MatchError: Error, Equatable, Sendable {
  /// More matches than the limit allows.
  case tooManyMatches(limit: Int)
  /// More steps than the limit allows.
  case tooManySteps(limit: Int)
  /// More time than the limit allows.
  case tooMuchTime(limit: Duration)
}

extension MatchError: CustomStringConvertible {
  /// One sentence.
  public var description: String {
    switch self {
    case .tooManyMatches(let limit): "the pattern has more than \(limit) matches"
    case .tooManySteps(let limit): "the search was given up after \(limit) steps"
    case .tooMuchTime(let limit): "the search was given up after \(limit)"
    }
  }
}

/// What is left of the steps and the time of a search.
///
/// The clock is looked at once in ``stepsPerLook`` steps and starts at the first look, so that
/// short searches never read it.
struct MatchBudget: Sendable {
  /// Steps between two looks at the clock.
  static let stepsPerLook = 4096

  private let limits: MatchLimits
  /// Steps until the next look.
  private var slice: Int
  /// Steps behind the next look.
  private var rest: Int
  private var deadline: ContinuousClock.Instant?

  init(_ limits: MatchLimits) {
    self.limits = limits
    slice = min(max(limits.steps, 0), Self.stepsPerLook)
    rest = max(limits.steps, 0) - slice
  }

  /// Takes one step.
  @inline(__always)
  mutating func spend() throws(MatchError) {
    if slice == 0 { try look() }
    slice -= 1
  }

  private mutating func look() throws(MatchError) {
    guard rest > 0 else { throw MatchError.tooManySteps(limit: limits.steps) }
    slice = min(rest, Self.stepsPerLook)
    rest -= slice
    guard let time = limits.time else { return }
    let now = ContinuousClock.now
    if let deadline {
      if now >= deadline { throw MatchError.tooMuchTime(limit: time) }
    } else {
      guard time > .zero else { throw MatchError.tooMuchTime(limit: time) }
      deadline = now.advanced(by: time)
    }
  }
}
