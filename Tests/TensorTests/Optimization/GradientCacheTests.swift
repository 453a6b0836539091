import Foundation
import Tensor
import Testing

struct GradientCacheTests {
  private let parameters = ParameterSet([
    .init(name: "first", value: .random(6, 9, seed: 1), decays: true),
    .init(name: "second", value: .random(6, 7, seed: 2), decays: true),
    .init(name: "input", value: .random(8, 9, seed: 3), decays: true),
    .init(name: "output", value: .random(8, 9, seed: 4), decays: true),
    .init(name: "logScale", value: Matrix(rows: 1, columns: 1, values: [1.1]), decays: false),
  ])
  private let count = 23

  /// Two encoders, one with experts (whose gradients come in groups), and a penalty.
  private func encode(
    _ tape: Tape, _ range: Range<Int>, _ weight: (String) -> Tape.Variable
  ) -> GradientCache.Encoded {
    let rows = Array(range)
    let a = tape.constant(Matrix.random(count, 9, seed: 5).gatheringRows(rows))
    let b = tape.constant(Matrix.random(count, 7, seed: 6).gatheringRows(rows))
    let dispatch = ExpertDispatch(
      choices: rows.map { Int32($0 % 3) }, choicesPerToken: 1, expertCount: 4)
    let mixed = tape.experts(
      a, gates: tape.constant(Matrix(rows: rows.count, columns: 1, repeating: 0.5)),
      input: weight("input"), output: weight("output"), dispatch: dispatch)
    let first = tape.linear(tape.adding(a, mixed), weight: weight("first"))
    let penalty = tape.scaling(tape.meanOfSquares(first), by: 0.01 * Float(rows.count))
    return GradientCache.Encoded(
      embeddings: [
        tape.normalizingRows(first),
        tape.normalizingRows(tape.linear(b, weight: weight("second"))),
      ], penalty: penalty)
  }

  private func loss(_ embeddings: [Matrix]) -> GradientCache.Loss {
    let contrast = SymmetricContrast(
      embeddings[0], embeddings[1], logScale: parameters["logScale"][0, 0], stripRows: 5)
    return GradientCache.Loss(
      value: contrast.loss, embeddings: [contrast.first, contrast.second],
      parameters: ["logScale": Matrix(rows: 1, columns: 1, values: [contrast.logScale])])
  }

  private func direct() -> (loss: Float, gradients: [Matrix]) {
    let tape = Tape()
    let variables = parameters.parameters.map { tape.parameter($0.value) }
    let encoded = encode(tape, 0..<count) { name in
      variables[parameters.parameters.firstIndex { $0.name == name } ?? 0]
    }
    let contrast = tape.symmetricContrast(
      encoded.embeddings[0], encoded.embeddings[1], logScale: variables[4])
    let total = encoded.penalty.map { tape.adding(contrast, $0) } ?? contrast
    let gradients = tape.gradients(of: total)
    return (tape.value(of: total)[0, 0], variables.map { gradients[$0] })
  }

  /// Chunks of one, chunks with a ragged last one, one chunk exactly and one too large.
  @Test(arguments: [1, 5, 8, 22, 23, 100])
  func chunkedGradientsEqualUnchunkedOnes(chunk: Int) {
    let expected = direct()
    let found = GradientCache(count: count, chunk: chunk).evaluate(
      parameters, encode: encode, loss: loss)
    #expect(abs(found.loss - expected.loss) < 1e-5)
    for (index, gradient) in found.gradients.enumerated() {
      #expect(DoubleMatrix(expected.gradients[index]).relativeError(of: gradient.dense) < 1e-5)
    }
  }

  @Test func expertsThatNoChunkTouchesHaveNoGradient() {
    let found = GradientCache(count: count, chunk: 2).evaluate(
      parameters, encode: encode, loss: loss)
    guard case .groups(let groups) = found.gradients[2] else {
      Issue.record("a gradient in groups expected")
      return
    }
    #expect(groups.groups == [0, 1, 2])
  }

  @Test func chunksCoverTheBatch() {
    #expect(GradientCache(count: 7, chunk: 3).chunks == [0..<3, 3..<6, 6..<7])
    #expect(GradientCache(count: 0, chunk: 3).chunks.isEmpty)
  }
}
