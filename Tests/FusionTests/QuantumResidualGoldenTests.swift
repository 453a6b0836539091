import Foundation
import Tensor
import Testing

/// States and gradients of PennyLane; see scripts/golden/quantum_layer.py.
private struct Golden: Decodable {
  struct Case: Decodable {
    let qubits: Int
    let layers: Int
    let vector: [Float]
    let angles: [Float]
    let a: [Float]
    let b: [Float]
    let real: [Double]
    let imaginary: [Double]
    let vectorGradient: [Double]
    let anglesGradient: [Double]
  }

  let pennylane: String
  let seed: Int
  let tolerance: Double
  let cases: [Case]

  init() throws {
    let url = try #require(
      Bundle.module.url(
        forResource: "quantum-layer", withExtension: "json", subdirectory: "Golden"))
    self = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
  }
}

struct QuantumResidualGoldenTests {
  private func largestDifference(_ expected: [Double], _ found: some Sequence<Float>) -> Double {
    zip(expected, found).map { abs($0 - Double($1)) }.max() ?? .infinity
  }

  @Test func statesAndGradientsEqualPennyLane() throws {
    let golden = try Golden()
    #expect(golden.cases.count == 8)
    for example in golden.cases {
      let circuit = EntanglingCircuit(qubits: example.qubits, layers: example.layers)
      let size = circuit.amplitudes
      let tape = Tape()
      let x = tape.parameter(
        Matrix(rows: 1, columns: example.vector.count, values: example.vector))
      let angles = tape.parameter(
        Matrix(rows: example.layers, columns: circuit.anglesWidth, values: example.angles))
      // AmplitudeEmbedding divides by the norm.
      let state = tape.entanglingCircuit(
        circuit, of: tape.normalizingRows(x), angles: angles, real: size, imaginary: size)
      let loss = tape.productTransposed(
        state, tape.constant(Matrix(rows: 1, columns: 2 * size, values: example.a + example.b)))
      let found = tape.value(of: state).values
      #expect(largestDifference(example.real, found.prefix(size)) < golden.tolerance)
      #expect(largestDifference(example.imaginary, found.suffix(size)) < golden.tolerance)
      let gradients = tape.gradients(of: loss)
      #expect(
        largestDifference(example.vectorGradient, gradients[x].values) < golden.tolerance)
      #expect(
        largestDifference(example.anglesGradient, gradients[angles].values) < golden.tolerance)
    }
  }
}
