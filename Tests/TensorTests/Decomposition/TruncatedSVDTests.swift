import Tensor
import Testing

struct TruncatedSVDTests {
  private func decompose(
    _ matrix: SparseMatrix, components: Int, seed: UInt64 = 1, oversampling: Int = 32
  ) -> TruncatedSVD {
    var configuration = TruncatedSVD.Configuration(components: components, seed: seed)
    configuration.oversampling = oversampling
    return TruncatedSVD(of: matrix, configuration: configuration)
  }

  private func sparse(_ rows: [[Float]]) -> SparseMatrix {
    SparseMatrix(
      columns: rows[0].count,
      sparseRows: rows.map { row in
        let places = row.indices.filter { row[$0] != 0 }
        return SparseRow(columns: places.map(Int32.init), values: places.map { row[$0] })
      })
  }

  /// Σ over components of σⱼ²·vⱼvⱼᵀ, which is AᵀA when nothing is cut off.
  private func rebuiltGram(_ svd: TruncatedSVD) -> DoubleMatrix {
    let v = DoubleMatrix(svd.rightVectors)
    let scaled = DoubleMatrix(rows: v.rows, columns: v.columns) { row, column in
      let value = Double(svd.singularValues[column])
      return v[row, column] * value * value
    }
    return scaled.times(v.transposed())
  }

  private func gram(_ matrix: SparseMatrix) -> DoubleMatrix {
    matrix.dense.transposed().times(matrix.dense)
  }

  @Test(arguments: [1, 2])
  func rankDeficientMatrixIsRebuilt(rank: Int) {
    let left = Matrix.random(30, rank, seed: 2)
    let right = Matrix.random(rank, 20, seed: 3)
    let product = Matrix.product(left, right)
    let matrix = sparse((0..<30).map { Array(product.row($0)) })
    let svd = decompose(matrix, components: 12)
    #expect(svd.singularValues.count == 12)
    let largest = svd.singularValues[0]
    #expect(svd.singularValues[rank...].allSatisfy { $0 < 1e-3 * largest })
    let expected = gram(matrix)
    #expect(expected.relativeError(of: Matrix(rebuiltGram(svd))) < 1e-5)
    #expect(svd.rightVectors.values.allSatisfy { $0.isFinite })
  }

  @Test(arguments: UInt64(1)...20)
  func rowsOfZerosAmongOthersChangeNothing(seed: UInt64) {
    var rows = [[Float]](repeating: [0, 0, 0, 0, 0, 0], count: 25)
    rows[4] = [3, 0, 0, 1, 0, 2]
    rows[17] = [0, 2, 0, 1, 5, 0]
    rows[18] = [1, 2, 0, 0, 0, 0]
    let matrix = sparse(rows)
    let svd = decompose(matrix, components: 6, seed: seed)
    #expect(gram(matrix).relativeError(of: Matrix(rebuiltGram(svd))) < 1e-5)
    #expect(svd.singularValues[3...].allSatisfy { $0 < 1e-2 })
  }

  @Test func oneRowHasItsLengthAsSingularValue() {
    let svd = decompose(sparse([[3, 0, 4]]), components: 5)
    #expect(svd.singularValues.count == 1)
    #expect(abs(svd.singularValues[0] - 5) < 1e-5)
    #expect(svd.rightVectors.rows == 3 && svd.rightVectors.columns == 1)
    let expected = DoubleMatrix(rows: 3, columns: 1, values: [0.6, 0, 0.8])
    let sign = svd.rightVectors[0, 0] < 0 ? -1.0 : 1
    #expect(expected.map { $0 * sign }.relativeError(of: svd.rightVectors) < 1e-5)
    #expect(abs(abs(svd.leftMeans[0]) - 1) < 1e-5)
  }

  @Test func oneColumnHasItsLengthAsSingularValue() {
    let svd = decompose(sparse([[3], [0], [4], [12]]), components: 5)
    #expect(svd.singularValues.count == 1)
    #expect(abs(svd.singularValues[0] - 13) < 1e-5)
    #expect(abs(abs(svd.rightVectors[0, 0]) - 1) < 1e-5)
    #expect(abs(abs(svd.leftMeans[0]) - 19.0 / 13 / 4) < 1e-5)
  }

  @Test func duplicateRowsAddTheirSquares() {
    let row: [Float] = [1, 0, 2, 0, 2]
    let svd = decompose(sparse([row, row, row, row]), components: 4)
    #expect(abs(svd.singularValues[0] - 6) < 1e-4)
    #expect(svd.singularValues.dropFirst().allSatisfy { $0 < 1e-2 })
    #expect(abs(abs(svd.leftMeans[0]) - 0.5) < 1e-5)
  }

  @Test func matrixOfZerosHasZeroValues() {
    let empty = SparseRow(columns: [], values: [])
    let svd = decompose(
      SparseMatrix(columns: 4, sparseRows: [empty, empty, empty]), components: 2)
    #expect(svd.singularValues == [0, 0])
    #expect(svd.rightVectors == Matrix(rows: 4, columns: 2))
    #expect(svd.leftMeans.allSatisfy { $0.isFinite })
  }

  @Test func explicitZeroEntriesChangeNothing() {
    let row = SparseRow(columns: [0, 1, 2], values: [0, 2, 0])
    let svd = decompose(SparseMatrix(columns: 3, sparseRows: [row, row]), components: 3)
    #expect(abs(svd.singularValues[0] - Float(8).squareRoot()) < 1e-4)
  }

  @Test func equalSeedsGiveEqualBits() {
    let matrix = SparseMatrix.random(90, 70, density: 0.2, seed: 4)
    let first = decompose(matrix, components: 5, oversampling: 8)
    let second = decompose(matrix, components: 5, oversampling: 8)
    #expect(first.singularValues == second.singularValues)
    #expect(first.rightVectors == second.rightVectors)
    #expect(first.leftMeans == second.leftMeans)
    #expect(
      decompose(matrix, components: 5, seed: 2, oversampling: 8).rightVectors
        != first.rightVectors)
  }

  @Test func progressRisesToOne() {
    var reported: [Double] = []
    _ = TruncatedSVD(
      of: .random(20, 10, density: 0.5, seed: 5),
      configuration: TruncatedSVD.Configuration(components: 2, seed: 1)
    ) { reported.append($0) }
    #expect(reported == reported.sorted() && reported.last == 1)
  }
}

struct TruncatedSVDGoldenTests {
  /// The matrix of scripts/golden/tensor_svd.py.
  private var matrix: SparseMatrix {
    let columns = TruncatedSVDGolden.columns
    var decay = [1.0]
    for _ in 1..<columns { decay.append(decay[decay.count - 1] * 0.93) }
    return SparseMatrix(
      columns: columns,
      sparseRows: (0..<TruncatedSVDGolden.rows).map { row in
        var entries = SparseRow(columns: [], values: [])
        for column in 0..<columns {
          let hash = Self.finalise(UInt64(row * columns + column + 1))
          guard hash >> 56 < 48 else { continue }
          entries.columns.append(Int32(column))
          entries.values.append(Float(Double((hash >> 20) & 255) + 1) / 256 * Float(decay[column]))
        }
        return entries
      })
  }

  private static func finalise(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// The full basis, and one of 38 columns of the 110.
  @Test(arguments: [32, 104])
  func leadingTriplesMatchNumPy(oversampling: Int) {
    let kept = TruncatedSVDGolden.singularValues.count
    var configuration = TruncatedSVD.Configuration(components: kept, seed: 1)
    configuration.oversampling = oversampling
    let svd = TruncatedSVD(of: matrix, configuration: configuration)
    let tolerance = oversampling == 104 ? 1e-5 : 1e-3
    for component in 0..<kept {
      let value = Double(svd.singularValues[component])
      let expected = TruncatedSVDGolden.singularValues[component]
      #expect(abs(value - expected) < tolerance * expected)
    }
    let width = TruncatedSVDGolden.columns
    let golden = DoubleMatrix(
      rows: kept, columns: width, values: TruncatedSVDGolden.rightVectors)
    // Row j of the overlap holds the golden vector j in the basis found: its length is the cosine
    // of the angle between that vector and the subspace.
    let overlap = golden.times(DoubleMatrix(svd.rightVectors))
    for component in 0..<kept {
      let captured = overlap.row(component).reduce(0) { $0 + $1 * $1 }
      #expect(captured > 1 - 10 * tolerance && captured < 1 + 1e-4)
      // The first two are well separated from the rest, so vectors match up to sign.
      if component < 2 {
        let sign = overlap[component, component] < 0 ? -1.0 : 1
        #expect(sign * overlap[component, component] > 1 - 10 * tolerance)
        let mean = sign * Double(svd.leftMeans[component])
        #expect(abs(mean - TruncatedSVDGolden.leftMeans[component]) < 1e-3)
      }
    }
  }
}
