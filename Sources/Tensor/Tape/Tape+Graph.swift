extension Tape {
  /// The sum of each segment's rows; `x` [segments.rowCount, width] → [segments.count, width].
  ///
  /// An empty segment gives zeros.
  package func segmentSum(_ x: Variable, _ segments: Segments) -> Variable {
    reducing(x, segments, mean: false)
  }

  /// The mean of each segment's rows; an empty segment gives zeros.
  package func segmentMean(_ x: Variable, _ segments: Segments) -> Variable {
    reducing(x, segments, mean: true)
  }

  /// GINE's sum over neighbours: yᵥ = xᵥ + Σᵤ max(0, xᵤ + eᵤᵥ).
  ///
  /// `x` [graph.rows, width]; `edges` [kinds, width], a vector for each kind of edge. Source: Hu et
  /// al., "Strategies for pre-training graph neural networks", ICLR 2020, with the ε of Xu et al.,
  /// "How powerful are graph neural networks?", ICLR 2019, equation 4.1, at 0 (their GIN-0).
  package func messageSum(_ x: Variable, edges: Variable, _ graph: Neighborhoods) -> Variable {
    let input = value(of: x)
    let edgeValue = value(of: edges)
    let (xNeeds, edgesNeed) = (needsGradient(x), needsGradient(edges))
    return record(input.messageSums(edges: edgeValue, graph), inputs: x, edges) {
      gradient, gradients in
      if xNeeds {
        gradients.add(gradient.throughMessageSums(x: input, edges: edgeValue, graph), to: x)
      }
      if edgesNeed {
        gradients.add(gradient.edgeGradient(x: input, edges: edgeValue, graph), to: edges)
      }
    }
  }

  private func reducing(_ x: Variable, _ segments: Segments, mean: Bool) -> Variable {
    record(value(of: x).segmentSums(segments, mean: mean), inputs: x) { gradient, gradients in
      gradients.add(gradient.throughSegmentSums(segments, mean: mean), to: x)
    }
  }
}
