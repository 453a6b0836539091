import Fusion
import Tensor
import Testing

struct KnowledgeFusionTests {
  private static let plain = KnowledgeFusion.Configuration(
    textWidth: 12, knowledgeWidth: 5, heads: 2, headWidth: 3)

  private struct Run {
    let output: Matrix
    let gradients: [Matrix]
  }

  /// The output, and the gradients of views, vectors and every parameter for the sum of squares.
  private func run(
    _ configuration: KnowledgeFusion.Configuration, views: Matrix, viewsPerItem: Int,
    vectors: Matrix?, mask: [Bool]
  ) -> Run {
    var random = RandomSource(seed: 7)
    let fusion = KnowledgeFusion(configuration)
    let parameters = fusion.initialParameters(random: &random)
    let tape = Tape()
    var variables: [String: Tape.Variable] = [:]
    for parameter in parameters { variables[parameter.name] = tape.parameter(parameter.value) }
    let x = tape.parameter(views)
    let g = vectors.map(tape.parameter)
    let y = fusion.forward(
      x, viewsPerItem: viewsPerItem,
      knowledge: g.map { KnowledgeFusion.Knowledge(vectors: $0, mask: mask) }, on: tape
    ) { name in
      guard let variable = variables[name] else { preconditionFailure("no \(name)") }
      return variable
    }
    let flat = tape.productTransposed(y, y)
    let rows = tape.constant(Matrix(rows: 1, columns: flat.rows, repeating: 1))
    let loss = tape.productTransposed(tape.productTransposed(rows, flat), rows)
    let gradients = tape.gradients(of: loss)
    let wanted = [x] + (g.map { [$0] } ?? []) + parameters.compactMap { variables[$0.name] }
    return Run(output: tape.value(of: y), gradients: wanted.map { gradients[$0] })
  }

  private func random(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Matrix {
    var source = RandomSource(seed: seed)
    return source.normal(rows: rows, columns: columns, standardDeviation: 1)
  }

  private static let variants: [KnowledgeFusion.Configuration] = [true, false].flatMap { residual in
    [0, 2].map { layers in
      var configuration = plain
      configuration.isResidual = residual
      configuration.circuitLayers = layers
      return configuration
    }
  }

  @Test(arguments: variants)
  func noGraphOrNoLinksIsTheIdentityBitForBit(configuration: KnowledgeFusion.Configuration) {
    var views = random(6, 12, 1)
    views[0, 0] = -0.0
    let without = run(configuration, views: views, viewsPerItem: 2, vectors: nil, mask: [])
    let closed = run(
      configuration, views: views, viewsPerItem: 2, vectors: random(3, 5, 2),
      mask: [false, false, false])
    for result in [without, closed] {
      #expect(result.output.values.map(\.bitPattern) == views.values.map(\.bitPattern))
    }
    // Nothing flows into vectors and weights.
    #expect(closed.gradients[1...].allSatisfy { $0.values.allSatisfy { $0 == 0 } })
  }

  @Test(arguments: variants)
  func onlyLinkedItemsChange(configuration: KnowledgeFusion.Configuration) {
    var views = random(4, 12, 3)
    views[2, 5] = -0.0
    let result = run(
      configuration, views: views, viewsPerItem: 2, vectors: random(4, 5, 4),
      mask: [false, true, false, false])
    #expect(result.output.rows == 4 && result.output.columns == 12)
    for row in 0..<2 { #expect(Array(result.output.row(row)) != Array(views.row(row))) }
    for row in 2..<4 {
      #expect(result.output.row(row).map(\.bitPattern) == views.row(row).map(\.bitPattern))
    }
    #expect(result.output.values.allSatisfy { $0.isFinite })
    #expect(result.gradients.allSatisfy { $0.values.allSatisfy { $0.isFinite } })
    // Vectors of closed slots get no gradient.
    for row in [0, 2, 3] { #expect(result.gradients[1].row(row).allSatisfy { $0 == 0 }) }
    #expect(result.gradients[1].row(1).contains { $0 != 0 })
  }

  @Test(arguments: variants)
  func paddingAndBatchMatesChangeNothing(configuration: KnowledgeFusion.Configuration) {
    let (views, vectors) = (random(8, 12, 5), random(8, 5, 6))
    let mask = [true, true, false, true, true, false, false, false]
    let whole = run(configuration, views: views, viewsPerItem: 2, vectors: vectors, mask: mask)
    for item in 0..<4 {
      // Alone, with three closed slots more that hold something.
      let slots = [2 * item, 2 * item + 1, 0, 1, 2]
      let alone = run(
        configuration, views: views.gatheringRows([2 * item, 2 * item + 1]), viewsPerItem: 2,
        vectors: vectors.gatheringRows(slots),
        mask: [mask[2 * item], mask[2 * item + 1], false, false, false])
      #expect(alone.output == whole.output.gatheringRows([2 * item, 2 * item + 1]))
    }
  }

  @Test(arguments: variants)
  func aHundredBatchMatesChangeNoBit(configuration: KnowledgeFusion.Configuration) {
    var wide = configuration
    (wide.textWidth, wide.knowledgeWidth, wide.headWidth) = (70, 45, 20)
    let (views, vectors) = (random(202, 70, 8), random(404, 45, 9))
    let mask = (0..<404).map { $0 % 3 != 0 }
    let whole = run(wide, views: views, viewsPerItem: 2, vectors: vectors, mask: mask).output
    for item in [0, 37, 62, 100] {
      let slots = Array(4 * item..<4 * item + 4)
      let rows = [2 * item, 2 * item + 1]
      let alone = run(
        wide, views: views.gatheringRows(rows), viewsPerItem: 2,
        vectors: vectors.gatheringRows(slots), mask: slots.map { mask[$0] }
      ).output
      #expect(
        alone.values.map(\.bitPattern) == whole.gatheringRows(rows).values.map(\.bitPattern))
    }
  }

  @Test(arguments: variants)
  func shapesAreThoseOfTheFreshParameters(configuration: KnowledgeFusion.Configuration) {
    var random = RandomSource(seed: 3)
    let fusion = KnowledgeFusion(configuration)
    #expect(
      ParameterSet(fusion.parameterShapes, seed: 3).parameters
        == fusion.initialParameters(random: &random))
  }

  @Test func parameterNamesAreUnique() {
    let parameters = Self.variants.map { configuration in
      var random = RandomSource(seed: 1)
      return KnowledgeFusion(configuration).initialParameters(random: &random).map(\.name)
    }
    #expect(parameters.allSatisfy { Set($0).count == $0.count })
    #expect(parameters[1].contains("fusion.quantum.angles"))
  }
}
