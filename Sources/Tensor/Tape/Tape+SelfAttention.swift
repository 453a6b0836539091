extension Tape {
  /// Multi-head attention inside each segment: softmax(Q·Kᵀ/√h)·V, h = width/heads.
  ///
  /// `queries` [querySegments.rowCount, width]; `keys`, `values` [keySegments.rowCount, width] →
  /// the shape of `queries`. Queries of segment s see the keys of segment s only, so nothing is
  /// padded or masked, and no row depends on another segment, not in its last bit. A query without
  /// keys gives zeros. With equal segments this is self-attention; with one query a segment it
  /// pools. O(Σ queries · keys · width); probabilities are computed again for the gradients rather
  /// than kept. Source: Vaswani et al., "Attention is all you need", 2017, equation 1.
  package func attention(
    queries: Variable, keys: Variable, values: Variable, querySegments: Segments,
    keySegments: Segments, heads: Int
  ) -> Variable {
    let shape = AttentionShape(
      queries: querySegments, keys: keySegments, width: queries.columns, heads: heads)
    let (q, k, v) = (value(of: queries), value(of: keys), value(of: values))
    return record(q.attention(keys: k, values: v, shape), inputs: queries, keys, values) {
      gradient, gradients in
      let result = gradient.throughAttention(queries: q, keys: k, values: v, shape)
      gradients.add(result.queries, to: queries)
      gradients.add(result.keys, to: keys)
      gradients.add(result.values, to: values)
    }
  }

  /// Rotary position embedding of every head; see ``RotaryTable``.
  ///
  /// `x` [positions.count, heads · head]; products of rotated queries and keys depend on the
  /// difference of their positions only.
  package func rotating(
    _ x: Variable, by table: RotaryTable, positions: [Int32], heads: Int
  ) -> Variable {
    let rotated = value(of: x).rotated(
      by: table, positions: positions, heads: heads, direction: 1)
    return record(rotated, inputs: x) { gradient, gradients in
      gradients.add(
        gradient.rotated(by: table, positions: positions, heads: heads, direction: -1), to: x)
    }
  }
}
