import Foundation
import Testing

@testable import Tensor

@Suite struct KernelRidgeTests {
  private static let count = 23
  private let kernel: Matrix
  private let targets: Matrix
  /// Groups of several sizes, not contiguous.
  private let groups = (0..<Self.count).map { $0 % 7 == 0 ? 1000 : $0 / 2 }

  init() {
    var random = RandomSource(seed: 5)
    let points = random.normal(rows: Self.count, columns: 9, standardDeviation: 0.4)
    kernel = Matrix.product(points, points, transposingB: true)
    targets = random.normal(rows: Self.count, columns: 4, standardDeviation: 1)
  }

  /// Predictions for `rows` by a fit to the others, in doubles, by Gauss–Jordan elimination.
  private func refit(leavingOut rows: [Int], penalty: Double) -> [[Double]] {
    let kept = (0..<Self.count).filter { !rows.contains($0) }
    var system = kept.map { i in
      kept.map { j in Double(kernel[i, j]) + (i == j ? penalty : 0) }
        + targets.row(i).map(Double.init)
    }
    for pivot in kept.indices {
      let scale = system[pivot][pivot]
      for column in system[pivot].indices { system[pivot][column] /= scale }
      for row in kept.indices where row != pivot {
        let factor = system[row][pivot]
        for column in system[row].indices { system[row][column] -= factor * system[pivot][column] }
      }
    }
    return rows.map { row in
      (0..<targets.columns).map { column in
        zip(kept, system).reduce(0) { sum, pair in
          sum + Double(kernel[row, pair.0]) * pair.1[kept.count + column]
        }
      }
    }
  }

  @Test(arguments: [Float(0.05), 1, 20])
  func heldOutIsAFitWithoutTheGroup(penalty: Float) throws {
    let ridge = try #require(
      KernelRidge(kernel: kernel, targets: targets, groups: groups, penalty: penalty))
    for group in Set(groups) {
      let rows = groups.indices.filter { groups[$0] == group }
      for (row, expected) in zip(rows, refit(leavingOut: rows, penalty: Double(penalty))) {
        for (found, value) in zip(ridge.heldOut.row(row), expected) {
          #expect(abs(Double(found) - value) < 2e-4)
        }
      }
    }
  }

  @Test func dualSolvesTheSystem() throws {
    let ridge = try #require(
      KernelRidge(kernel: kernel, targets: targets, groups: groups, penalty: 0.5))
    let product = Matrix.product(kernel, ridge.dual)
    for index in targets.values.indices {
      let left = product.values[index] + 0.5 * ridge.dual.values[index]
      #expect(abs(left - targets.values[index]) < 1e-4)
    }
  }

  @Test func kernelThatIsNotPositiveIsRefused() {
    var indefinite = Matrix(rows: 2, columns: 2)
    indefinite[0, 1] = 5
    indefinite[1, 0] = 5
    #expect(
      KernelRidge(
        kernel: indefinite, targets: Matrix(rows: 2, columns: 1), groups: [0, 1], penalty: 1)
        == nil)
  }

  /// More rows than a tile of the factorisation and a strip of the inverse.
  @Test func manyTilesAgreeWithTheResidual() throws {
    var random = RandomSource(seed: 8)
    let count = 1100
    let points = random.normal(rows: count, columns: 24, standardDeviation: 0.2)
    let kernel = Matrix.product(points, points, transposingB: true)
    let targets = random.normal(rows: count, columns: 3, standardDeviation: 1)
    let ridge = try #require(
      KernelRidge(kernel: kernel, targets: targets, groups: Array(0..<count), penalty: 1))
    let product = Matrix.product(kernel, ridge.dual)
    for index in targets.values.indices {
      #expect(abs(product.values[index] + ridge.dual.values[index] - targets.values[index]) < 1e-3)
    }
    // Without the last row, from the fit to the others.
    let others = Array(0..<count - 1)
    let rest = try #require(
      KernelRidge(
        kernel: kernel.gatheringRows(others).transposed().gatheringRows(others),
        targets: targets.gatheringRows(others), groups: others, penalty: 1))
    let expected = Matrix.product(
      kernel.gatheringRows([count - 1]).transposed().gatheringRows(others), rest.dual,
      transposingA: true)
    for (found, value) in zip(ridge.heldOut.row(count - 1), expected.row(0)) {
      #expect(abs(found - value) < 1e-3)
    }
  }
}
