import Foundation

/// The shape of a strongly entangling circuit on a state vector of 2ⁿ complex amplitudes.
///
/// Each layer turns every qubit by Rot(φ, θ, ω) = RZ(ω)·RY(θ)·RZ(φ), then applies CNOT(i, i + r mod n)
/// for i = 0, 1, …, n − 1; layer l has the range r = l mod (n − 1) + 1. One qubit has no CNOTs. Source:
/// Schuld et al., "Circuit-centric quantum classifiers", Phys. Rev. A 101 (2020), section III; order and
/// ranges as in PennyLane's StronglyEntanglingLayers. Qubit 0 is the highest bit of an amplitude's index.
package struct EntanglingCircuit: Sendable, Equatable {
  /// n, 1 to 16.
  package let qubits: Int
  /// How many layers there are, at least 1.
  package let layers: Int
  /// What the CNOTs of each layer do: amplitude j comes from `permutations[l · 2ⁿ + j]`.
  let permutations: [Int32]

  /// A circuit of the given size.
  package init(qubits: Int, layers: Int) {
    precondition((1...16).contains(qubits), "\(qubits) qubits, 1 to 16 expected")
    precondition(layers >= 1, "\(layers) layers")
    self.qubits = qubits
    self.layers = layers
    var permutations: [Int32] = []
    permutations.reserveCapacity(layers << qubits)
    for layer in 0..<layers {
      let range = qubits > 1 ? layer % (qubits - 1) + 1 : 0
      for amplitude in 0..<1 << qubits {
        permutations.append(
          Int32(Self.source(of: amplitude, range: range, qubits: qubits)))
      }
    }
    self.permutations = permutations
  }

  /// The fewest qubits whose amplitudes hold `width` values, at least 1.
  package static func qubits(forWidth width: Int) -> Int {
    var qubits = 1
    while 1 << qubits < width { qubits += 1 }
    return qubits
  }

  /// 2ⁿ.
  package var amplitudes: Int { 1 << qubits }

  /// Columns of the angles [layers, 3n]: φ, θ and ω of every qubit in turn.
  package var anglesWidth: Int { 3 * qubits }

  /// The last CNOT acts on the index first: new[j] = old[C₀(C₁(…(j)))].
  private static func source(of amplitude: Int, range: Int, qubits: Int) -> Int {
    if range == 0 { return amplitude }
    var index = amplitude
    for control in (0..<qubits).reversed() {
      let target = (control + range) % qubits
      if index >> (qubits - 1 - control) & 1 == 1 { index ^= 1 << (qubits - 1 - target) }
    }
    return index
  }

  /// The gates [layers, n, 2, 2, (re, im)] of the angles.
  func gates(of angles: Matrix) -> [Float] {
    checkAngles(angles)
    var gates: [Float] = []
    gates.reserveCapacity(layers * qubits * 8)
    for start in stride(from: 0, to: angles.values.count, by: 3) {
      let gate = Rotation(angles.values[start..<start + 3]).gate
      for entry in gate { gates += [Float(entry.re), Float(entry.im)] }
    }
    return gates
  }

  /// The gradient of the angles from every gate's moments M[a][b] = Σ conj(λ_a)·ψ_b.
  ///
  /// dL/dp = Re Σ (∂U/∂p)[a][b] · M[a][b].
  func anglesGradient(moments: [Double], at angles: Matrix) -> Matrix {
    checkAngles(angles)
    var values: [Float] = []
    values.reserveCapacity(angles.values.count)
    for gate in 0..<layers * qubits {
      let rotation = Rotation(angles.values[3 * gate..<3 * gate + 3])
      for slope in rotation.slopes {
        var sum = 0.0
        for (entry, factor) in slope.enumerated() {
          sum += factor.re * moments[8 * gate + 2 * entry]
          sum -= factor.im * moments[8 * gate + 2 * entry + 1]
        }
        values.append(Float(sum))
      }
    }
    return Matrix(rows: angles.rows, columns: angles.columns, values: values)
  }

  private func checkAngles(_ angles: Matrix) {
    precondition(
      angles.rows == layers && angles.columns == anglesWidth,
      "angles [\(angles.rows), \(angles.columns)], [\(layers), \(anglesWidth)] expected")
  }
}

/// Rot(φ, θ, ω) and its derivatives, in doubles; entries row by row.
private struct Rotation {
  typealias Entry = (re: Double, im: Double)

  private let cosine: Double
  private let sine: Double
  /// (φ + ω)/2 and (φ − ω)/2.
  private let sum: Double
  private let difference: Double

  init(_ angles: ArraySlice<Float>) {
    let (phi, theta, omega) = (
      Double(angles[angles.startIndex]), Double(angles[angles.startIndex + 1]),
      Double(angles[angles.startIndex + 2])
    )
    cosine = cos(theta / 2)
    sine = sin(theta / 2)
    sum = (phi + omega) / 2
    difference = (phi - omega) / 2
  }

  /// e^(i·angle)·scale.
  private func polar(_ scale: Double, _ angle: Double) -> Entry {
    (scale * cos(angle), scale * sin(angle))
  }

  private func matrix(diagonal: Double, off: Double) -> [Entry] {
    [
      polar(diagonal, -sum), polar(-off, difference), polar(off, -difference),
      polar(diagonal, sum),
    ]
  }

  var gate: [Entry] { matrix(diagonal: cosine, off: sine) }

  /// ∂/∂φ, ∂/∂θ, ∂/∂ω.
  var slopes: [[Entry]] {
    /// i·factor·entry.
    func turned(_ entry: Entry, _ factor: Double) -> Entry {
      (-factor * entry.im, factor * entry.re)
    }
    let gate = gate
    let phi = zip(gate, [-0.5, 0.5, -0.5, 0.5]).map(turned)
    let omega = zip(gate, [-0.5, -0.5, 0.5, 0.5]).map(turned)
    return [phi, matrix(diagonal: -sine / 2, off: cosine / 2), omega]
  }
}
