import Foundation
import Tensor
import Testing

/// A complex number of the reference.
private struct Complex {
  var re: Double
  var im: Double

  static func * (a: Complex, b: Complex) -> Complex {
    Complex(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re)
  }

  static func + (a: Complex, b: Complex) -> Complex { Complex(re: a.re + b.re, im: a.im + b.im) }
}

/// The circuit by its definition: every gate as a full matrix of 2ⁿ × 2ⁿ.
private struct ReferenceCircuit {
  let qubits: Int
  let layers: Int

  func amplitudes(_ x: [Double], angles: DoubleMatrix) -> [Complex] {
    let size = 1 << qubits
    var state = (0..<size).map { Complex(re: $0 < x.count ? x[$0] : 0, im: 0) }
    func bit(_ index: Int, _ qubit: Int) -> Int { index >> (qubits - 1 - qubit) & 1 }
    for layer in 0..<layers {
      for qubit in 0..<qubits {
        let gate = rotation(angles.row(layer)[3 * qubit..<3 * qubit + 3].map { $0 })
        state = (0..<size).map { row in
          (0..<size).reduce(Complex(re: 0, im: 0)) { sum, column in
            let others = ~(1 << (qubits - 1 - qubit))
            guard row & others == column & others else { return sum }
            return sum + gate[bit(row, qubit)][bit(column, qubit)] * state[column]
          }
        }
      }
      if qubits == 1 { continue }
      let range = layer % (qubits - 1) + 1
      for control in 0..<qubits {
        let flip = 1 << (qubits - 1 - (control + range) % qubits)
        state = (0..<size).map { bit($0, control) == 1 ? state[$0 ^ flip] : state[$0] }
      }
    }
    return state
  }

  /// RZ(ω)·RY(θ)·RZ(φ).
  private func rotation(_ angles: [Double]) -> [[Complex]] {
    func z(_ angle: Double) -> [[Complex]] {
      let zero = Complex(re: 0, im: 0)
      return [
        [Complex(re: cos(angle / 2), im: -sin(angle / 2)), zero],
        [zero, Complex(re: cos(angle / 2), im: sin(angle / 2))],
      ]
    }
    let (c, s) = (cos(angles[1] / 2), sin(angles[1] / 2))
    let y = [
      [Complex(re: c, im: 0), Complex(re: -s, im: 0)],
      [Complex(re: s, im: 0), Complex(re: c, im: 0)],
    ]
    return product(product(z(angles[2]), y), z(angles[0]))
  }

  private func product(_ a: [[Complex]], _ b: [[Complex]]) -> [[Complex]] {
    (0..<2).map { row in
      (0..<2).map { column in a[row][0] * b[0][column] + a[row][1] * b[1][column] }
    }
  }
}

struct TapeEntanglingCircuitGradientTests {
  @Test(arguments: [
    (rows: 1, width: 1, qubits: 1, layers: 1), (1, 2, 1, 3), (5, 3, 2, 2), (17, 5, 3, 3),
    (3, 8, 3, 1), (2, 11, 4, 4),
  ])
  func valuesAndGradientsEqualTheReference(rows: Int, width: Int, qubits: Int, layers: Int) {
    let size = 1 << qubits
    let real = (size + 1) / 2
    let reference = ReferenceCircuit(qubits: qubits, layers: layers)
    GradientCheck(
      inputs: [
        .random(rows, width, seed: 90), .random(layers, 3 * qubits, seed: 91, deviation: 2),
      ],
      operation: { tape, x in
        tape.entanglingCircuit(
          EntanglingCircuit(qubits: qubits, layers: layers), of: x[0], angles: x[1], real: real,
          imaginary: size)
      },
      reference: { point in
        point[0].mapRows { row in
          let state = reference.amplitudes(row, angles: point[1])
          return state[..<real].map(\.re) + state.map(\.im)
        }
      }
    ).verify(value: 2e-6, gradient: 1e-5)
  }

  @Test func normIsKept() {
    let x = Matrix.random(40, 256, seed: 92)
    let tape = Tape()
    let circuit = EntanglingCircuit(qubits: 8, layers: 6)
    let y = tape.value(
      of: tape.entanglingCircuit(
        circuit, of: tape.constant(x),
        angles: tape.constant(.random(6, circuit.anglesWidth, seed: 93)), real: 256,
        imaginary: 256))
    for row in 0..<40 {
      let before = x.row(row).reduce(0) { $0 + Double($1) * Double($1) }
      let after = y.row(row).reduce(0) { $0 + Double($1) * Double($1) }
      #expect(abs(after / before - 1) < 1e-5)
    }
  }

  @Test func batchMatesChangeNoBit() {
    let x = Matrix.random(37, 20, seed: 94)
    let circuit = EntanglingCircuit(qubits: 5, layers: 2)
    let angles = Matrix.random(2, circuit.anglesWidth, seed: 95)
    func run(_ x: Matrix) -> Matrix {
      let tape = Tape()
      return tape.value(
        of: tape.entanglingCircuit(
          circuit, of: tape.constant(x), angles: tape.constant(angles), real: 20))
    }
    #expect(run(x.gatheringRows([36])) == run(x).gatheringRows([36]))
    #expect(run(Matrix(rows: 1, columns: 20)).values.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [(1, 1), (2, 1), (3, 2), (128, 7), (129, 8)])
  func qubitsHoldTheWidth(width: Int, qubits: Int) {
    #expect(EntanglingCircuit.qubits(forWidth: width) == qubits)
  }
}
