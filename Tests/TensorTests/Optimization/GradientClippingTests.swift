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

  @Test func longGradientsAreBroughtDownToTheMaximum() {
    #expect(GradientClipping.scale(norm: 4, maximum: 1) == 0.25)
    #expect(GradientClipping.scale(norm: 1, maximum: 1) == 1)
    #expect(GradientClipping.scale(norm: 0.5, maximum: 1) == 1)
    #expect(GradientClipping.scale(norm: 0, maximum: 1) == 1)
  }
}
