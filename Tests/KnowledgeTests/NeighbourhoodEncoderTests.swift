import Foundation
import Knowledge
import Tensor
import Testing

struct NeighbourhoodEncoderTests {
  private let neighbourhoods = GraphNeighbourhoods(SmallGraph.graph)
  private let views: Matrix = {
    var random = RandomSource(seed: 5)
    return random.normal(rows: 6, columns: 7, standardDeviation: 1)
  }()

  private func encoder(layers: Int) -> (NeighbourhoodEncoder, ParameterSet) {
    let encoder = NeighbourhoodEncoder(
      NeighbourhoodEncoder.Configuration(
        viewWidth: 7, width: 3, relationCount: 4, bases: 2, layers: layers))
    var random = RandomSource(seed: 6)
    return (encoder, ParameterSet(encoder.initialParameters(random: &random)))
  }

  private func run(_ linked: LinkedTerms, layers: Int) -> Matrix {
    let (encoder, parameters) = encoder(layers: layers)
    let tape = Tape()
    return tape.value(
      of: encoder.forward(
        linked, in: neighbourhoods, views: { views.gatheringRows($0) }, on: tape
      ) { tape.constant(parameters[$0]) })
  }

  private func linked(_ terms: [Int], slots: Int) -> LinkedTerms {
    LinkedTerms(
      [terms.enumerated().map { Mention(term: $1, range: $0..<$0 + 1) }], slots: slots)
  }

  /// The equation, over all terms, in doubles.
  private func reference(layers: Int) -> [[Double]] {
    let parameters = encoder(layers: layers).1
    func weight(_ name: String) -> [[Double]] {
      let matrix = parameters["knowledge." + name]
      return (0..<matrix.rows).map { matrix.row($0).map(Double.init) }
    }
    func apply(_ matrix: [[Double]], _ x: [Double]) -> [Double] {
      matrix.map { zip($0, x).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    func plus(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map(+) }
    func gelu(_ x: Double) -> Double {
      0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    }
    var h = (0..<6).map { term in
      plus(
        apply(weight("input.weight"), views.row(term).map(Double.init)), weight("input.bias")[0])
    }
    for layer in 0..<layers {
      let (mix, bases) = (weight("\(layer).mix"), weight("\(layer).bases.weight"))
      h = (0..<6).map { term in
        var sum = plus(apply(weight("\(layer).self.weight"), h[term]), weight("\(layer).bias")[0])
        for relation in 0..<4 {
          // Heard from objects (0, 1) or from subjects (2, 3).
          let heard = SmallGraph.graph.edges.filter { edge in
            Int(edge.relation) == relation % 2
              && Int(relation < 2 ? edge.subject : edge.object) == term
          }.map { Int(relation < 2 ? $0.object : $0.subject) }
          for other in heard {
            for basis in 0..<2 {
              let part = bases.map { Array($0[3 * basis..<3 * basis + 3]) }
              sum = plus(
                sum,
                apply(part, h[other]).map { $0 * mix[relation][basis] / Double(heard.count) })
            }
          }
        }
        return plus(h[term], sum.map(gelu))
      }
    }
    return h
  }

  @Test(arguments: [0, 1, 2, 3])
  func embeddingsFollowTheEquation(layers: Int) {
    let expected = reference(layers: layers)
    let found = run(linked([3, 0, 1, 2, 5], slots: 7), layers: layers)
    for (slot, term) in [3, 0, 1, 2, 5].enumerated() {
      for (a, b) in zip(found.row(slot), expected[term]) { #expect(abs(Double(a) - b) < 1e-5) }
    }
    for slot in 5..<7 { #expect(found.row(slot).allSatisfy { $0 == 0 }) }
  }

  @Test func batchMatesAndPaddingChangeNothing() {
    let alone = run(linked([2], slots: 1), layers: 2)
    let together = LinkedTerms(
      [[], [Mention(term: 2, range: 0..<1)], [Mention(term: 1, range: 0..<1)]], slots: 4)
    #expect(Array(run(together, layers: 2).row(4)) == Array(alone.row(0)))
  }

  @Test(arguments: [0, 1, 2])
  func aHundredBatchMatesChangeNoBit(layers: Int) {
    let terms = (0..<101).map { KnowledgeTerm(id: "\($0)", name: "t\($0)") }
    let edges = (0..<303).map { edge in
      KnowledgeGraph.Edge(subject: edge / 3, relation: edge % 2, object: edge * 37 % 101)
    }
    let graph = KnowledgeGraph(terms: terms, relations: ["is_a", "has_part"], edges: edges)
    let encoder = NeighbourhoodEncoder(
      NeighbourhoodEncoder.Configuration(
        viewWidth: 45, width: 70, relationCount: 4, bases: 3, layers: layers))
    let parameters = ParameterSet(encoder.parameterShapes, seed: 8)
    var random = RandomSource(seed: 9)
    let views = random.normal(rows: 101, columns: 45, standardDeviation: 1)
    func embed(_ terms: [Int]) -> Matrix {
      let tape = Tape()
      let vectors = encoder.forward(
        linked(terms, slots: terms.count), in: GraphNeighbourhoods(graph),
        views: { views.gatheringRows($0) }, on: tape
      ) { tape.constant(parameters[$0]) }
      return tape.value(of: vectors)
    }
    let together = embed(Array(0..<101))
    for term in [0, 17, 64, 100] {
      #expect(
        embed([term]).values.map(\.bitPattern) == together.row(term).map(\.bitPattern))
    }
  }

  @Test func shapesAreThoseOfTheFreshParameters() {
    let (encoder, parameters) = encoder(layers: 2)
    #expect(ParameterSet(encoder.parameterShapes, seed: 6) == parameters)
  }

  @Test func noLinksGiveZerosAndNoWork() {
    let linked = LinkedTerms([[], []], slots: 2)
    #expect(run(linked, layers: 1) == Matrix(rows: 4, columns: 3))
  }

  @Test func allTermsAreEncodedAsOneByOne() {
    let (encoder, parameters) = encoder(layers: 1)
    let all = encoder.encode(
      terms: Array(0..<6), in: neighbourhoods, views: { views.gatheringRows($0) },
      parameters: parameters)
    for term in 0..<6 {
      #expect(Array(all.row(term)) == Array(run(linked([term], slots: 1), layers: 1).row(0)))
    }
  }

  @Test func crowdedRelationsAreThinnedOut() {
    let terms = (0..<101).map { KnowledgeTerm(id: "\($0)", name: "t\($0)") }
    let graph = KnowledgeGraph(
      terms: terms, relations: ["is_a"],
      edges: (1...100).map { KnowledgeGraph.Edge(subject: $0, relation: 0, object: 0) })
    let messages = GraphNeighbourhoods(graph, limit: 8).messages(to: 0)
    #expect(messages.map(\.term) == [1, 13, 26, 38, 51, 63, 76, 88])
    #expect(messages.allSatisfy { $0.relation == 1 && $0.weight == 0.125 })
    #expect(GraphNeighbourhoods(graph, limit: 8).messages(to: 1).map(\.term) == [0])
  }

  @Test func gradientsReachEveryParameter() {
    let (encoder, parameters) = encoder(layers: 2)
    let tape = Tape()
    var variables: [String: Tape.Variable] = [:]
    for parameter in parameters.parameters {
      variables[parameter.name] = tape.parameter(parameter.value)
    }
    let y = encoder.forward(
      linked([0, 1, 2, 3], slots: 4), in: neighbourhoods, views: { views.gatheringRows($0) },
      on: tape
    ) { name in
      guard let variable = variables[name] else { preconditionFailure(name) }
      return variable
    }
    let ones = tape.constant(Matrix(rows: 1, columns: 4, repeating: 1))
    let loss = tape.productTransposed(
      tape.productTransposed(ones, tape.productTransposed(y, y)), ones)
    let gradients = tape.gradients(of: loss)
    for (name, variable) in variables {
      #expect(gradients[variable].values.contains { $0 != 0 }, "\(name)")
    }
  }
}
