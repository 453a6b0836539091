import Tensor
import Testing

struct TapeRelationMessagesGradientTests {
  private typealias Edge = (source: Int, relation: Int, weight: Float)

  private func verify(
    _ edges: [[Edge]], sources: Int, relations: Int, bases: Int, width: Int
  ) {
    GradientCheck(
      inputs: [.random(sources, width, seed: 80), .random(relations, bases, seed: 81)],
      operation: { tape, x in
        tape.relationMessages(
          RelationEdges(sources: sources, relations: relations, edgesOfTargets: edges),
          from: x[0], mix: x[1])
      },
      reference: { point in
        DoubleMatrix(rows: edges.count, columns: bases * width) { target, column in
          edges[target].reduce(0.0) { sum, edge in
            sum + Double(edge.weight) * point[1][edge.relation, column / width]
              * point[0][edge.source, column % width]
          }
        }
      }
    ).verify()
  }

  @Test func oneEdgeOfOneValue() {
    verify([[(0, 0, 0.7)]], sources: 1, relations: 1, bases: 1, width: 1)
  }

  @Test func oddSizesAndTargetsWithoutEdges() {
    verify(
      [[(0, 1, 0.5), (4, 1, 0.5), (0, 2, 1)], [], [(3, 0, 1)], [(2, 2, 0.25), (2, 2, 0.75)]],
      sources: 5, relations: 3, bases: 2, width: 17)
  }

  @Test func noEdgesAtAllGiveZeros() {
    verify([[], []], sources: 3, relations: 2, bases: 3, width: 5)
  }
}
