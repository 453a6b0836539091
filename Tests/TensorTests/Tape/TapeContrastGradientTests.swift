import Foundation
import Tensor
import Testing

struct TapeContrastGradientTests {
  /// Strips that divide the rows, that leave a short last one, and one for all.
  @Test(arguments: [(1, 3, 512), (2, 5, 1), (7, 4, 3), (9, 17, 4), (8, 6, 512)])
  func symmetricContrast(pairs: Int, width: Int, stripRows: Int) {
    GradientCheck(
      inputs: [
        .random(pairs, width, seed: 1), .random(pairs, width, seed: 2),
        Matrix(rows: 1, columns: 1, values: [0.7]),
      ],
      operation: { $0.symmetricContrast($1[0], $1[1], logScale: $1[2], stripRows: stripRows) },
      reference: { x in
        let scale = exp(x[2][0, 0])
        let logits = x[0].times(x[1].transposed()).map { $0 * scale }
        let mean =
          (logits.crossEntropyOfDiagonal() + logits.transposed().crossEntropyOfDiagonal()) / 2
        return DoubleMatrix(rows: 1, columns: 1, values: [mean])
      }
    ).verify()
  }

  /// Unit rows at a scale of 100, where exp of a logit without its peak overflows.
  @Test func stripsEqualTheWholeMatrixAtAHighScale() {
    func unit(_ seed: UInt64) -> Matrix { Matrix.random(150, 24, seed: seed).normalizedRows().unit }
    let (a, b) = (unit(1), unit(2))
    let logScale = log(Float(100))
    let tape = Tape()
    let (first, second) = (tape.parameter(a), tape.parameter(b))
    let scale = tape.parameter(Matrix(rows: 1, columns: 1, values: [logScale]))
    let logits = tape.scaling(tape.productTransposed(first, second), byExpOf: scale)
    let loss = tape.mean(
      tape.crossEntropyOfDiagonal(logits), tape.crossEntropyOfDiagonal(tape.transposed(logits)))
    let expected = tape.gradients(of: loss)
    for stripRows in [1, 64, 150, 1000] {
      let found = SymmetricContrast(a, b, logScale: logScale, stripRows: stripRows)
      #expect(abs(found.loss - tape.value(of: loss)[0, 0]) < 1e-4)
      #expect(DoubleMatrix(expected[first]).relativeError(of: found.first) < 1e-4)
      #expect(DoubleMatrix(expected[second]).relativeError(of: found.second) < 1e-4)
      #expect(abs(found.logScale - expected[scale][0, 0]) < 1e-3)
    }
  }

  @Test(arguments: [(1, 1), (4, 4), (3, 7)])
  func distillation(rows: Int, columns: Int) {
    let teacher = Matrix.random(rows, columns, seed: 3)
    func divergence(_ p: DoubleMatrix, _ student: DoubleMatrix) -> Double {
      let q = student.softmax()
      return zip(p.values, q.values).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) } / Double(p.rows)
    }
    GradientCheck(
      inputs: [.random(rows, columns, seed: 4)],
      operation: {
        $0.distillation($1[0], teacher: teacher, temperature: 0.5, teacherTemperature: 0.8)
      },
      reference: { x in
        let student = x[0].map { $0 / 0.5 }
        let logits = DoubleMatrix(teacher).map { $0 / Double(Float(0.8)) }
        let mean =
          (divergence(logits.softmax(), student)
            + divergence(logits.transposed().softmax(), student.transposed())) / 2
        return DoubleMatrix(rows: 1, columns: 1, values: [mean])
      }
    ).verify(gradientFloor: 1e-2)
  }

  @Test func distillationFromItselfIsZero() {
    let teacher = Matrix.random(6, 5, seed: 5)
    let tape = Tape()
    let student = tape.parameter(teacher)
    let loss = tape.distillation(
      student, teacher: teacher, temperature: 0.1, teacherTemperature: 0.1)
    #expect(abs(tape.value(of: loss)[0, 0]) < 1e-6)
    #expect(tape.gradients(of: loss)[student].values.allSatisfy { abs($0) < 1e-6 })
  }
}
