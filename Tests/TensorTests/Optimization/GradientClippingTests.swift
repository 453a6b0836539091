import Tensor
import Testing

struct GradientClippingTests {
  @Test func globalNormCoversAllGradients() {
    let gradients = [
      Matrix(rows: 1, columns: 2, values: [2, 4]), Matrix(rows: 2, columns: 1, values: [5, -6]),
    ]
    #expect(abs(GradientClipping.globalNorm(gradients) - 9) < 1e-12)
    #expect(GradientClipping.globalNorm([]) == 0)
  }

  @Test func normOfGroupsIsThatOfTheDenseGradient() {
    // More than two tiles, the last one short.
    let large = Matrix.random(700, 211, seed: 1)
    let groups = GroupGradient(
      groupCount: 900, rowsPerGroup: 1, groups: (0..<700).map { $0 + 100 }, values: large)
    let small = Matrix(rows: 1, columns: 2, values: [3, 4])
    let found = GradientClipping.globalNorm(of: [.groups(groups), .dense(small)])
    let expected = GradientClipping.globalNorm([groups.dense(), small])
    #expect(abs(found / expected - 1) < 1e-6)
    #expect(GradientClipping.globalNorm(of: []) == 0)
  }

  @Test func longGradientsAreBroughtDownToTheMaximum() {
    #expect(GradientClipping.scale(norm: 4, maximum: 1) == 0.25)
    #expect(GradientClipping.scale(norm: 1, maximum: 1) == 1)
    #expect(GradientClipping.scale(norm: 0.5, maximum: 1) == 1)
    #expect(GradientClipping.scale(norm: 0, maximum: 1) == 1)
  }
}
