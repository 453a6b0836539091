/// Which tokens go to which expert: the choices of T tokens, sorted by expert.
///
/// Every choice has a *slot*, token · k + its rank, and a *place* in the order by expert and, for
/// one expert, by token. Nothing is dropped: there are T·k places.
public struct ExpertDispatch: Sendable, Equatable {
  /// E, the number of experts.
  public let expertCount: Int
  /// k, the experts of each token.
  public let choicesPerToken: Int
  /// T, the number of tokens.
  public let tokenCount: Int
  /// Where each expert's places start, and T·k at the end; E + 1 values.
  public let offsets: [Int]
  /// The token of each place.
  let tokens: [Int32]
  /// The slot of each place.
  let slots: [Int32]
  /// The place of each slot.
  let places: [Int32]

  /// Sorts `choices`, k experts for each of T tokens in turn; O(T·k + E).
  public init(choices: [Int32], choicesPerToken: Int, expertCount: Int) {
    precondition(choicesPerToken >= 1, "\(choicesPerToken) choices a token")
    precondition(
      choices.count % choicesPerToken == 0, "\(choices.count) choices of \(choicesPerToken) each")
    self.expertCount = expertCount
    self.choicesPerToken = choicesPerToken
    tokenCount = choices.count / choicesPerToken
    var next = [Int](repeating: 0, count: expertCount + 1)
    for choice in choices {
      precondition(choice >= 0 && choice < expertCount, "expert \(choice) of \(expertCount)")
      next[Int(choice) + 1] += 1
    }
    for expert in 0..<expertCount { next[expert + 1] += next[expert] }
    offsets = next
    var tokens = [Int32](repeating: 0, count: choices.count)
    var slots = tokens
    var places = tokens
    for slot in choices.indices {
      let expert = Int(choices[slot])
      let place = next[expert]
      next[expert] += 1
      tokens[place] = Int32(slot / choicesPerToken)
      slots[place] = Int32(slot)
      places[slot] = Int32(place)
    }
    self.tokens = tokens
    self.slots = slots
    self.places = places
  }

  /// How many tokens chose an expert.
  public func load(of expert: Int) -> Int { offsets[expert + 1] - offsets[expert] }

  /// The tokens of an expert, ascending.
  public func tokens(of expert: Int) -> [Int] {
    tokens[offsets[expert]..<offsets[expert + 1]].map(Int.init)
  }

  /// The experts that at least one token chose, ascending.
  public var touched: [Int] { (0..<expertCount).filter { load(of: $0) > 0 } }

  /// Calls `body(expert, token)` for every choice, in order of the experts.
  public func forEachChoice(_ body: (_ expert: Int, _ token: Int) -> Void) {
    for expert in 0..<expertCount {
      for place in offsets[expert]..<offsets[expert + 1] { body(expert, Int(tokens[place])) }
    }
  }
}
