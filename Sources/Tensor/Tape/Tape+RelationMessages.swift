extension Tape {
  /// The messages that every target receives, mixed into a few bases.
  ///
  /// y[t, b] = Σ over the edges (s, r, w) of t of w·mix[r, b]·x[s]. `x` [sources, width]; `mix`
  /// [relations, bases] → [targets, bases · width]; a target without edges gives zeros. With a linear
  /// map over the bases behind it, this is the basis decomposition of Schlichtkrull et al. 2018
  /// ("Modeling relational data with graph convolutional networks"), equations 2 and 3.
  package func relationMessages(
    _ edges: RelationEdges, from x: Variable, mix: Variable
  ) -> Variable {
    let (input, mixValue) = (value(of: x), value(of: mix))
    return record(edges.messages(from: input, mix: mixValue), inputs: x, mix) {
      gradient, gradients in
      let result = edges.messagesGradient(gradient, x: input, mix: mixValue)
      gradients.add(result.x, to: x)
      gradients.add(result.mix, to: mix)
    }
  }
}
