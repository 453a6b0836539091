import Alignment
import Foundation
import Records
import Testing

@Suite struct EvaluationTests {
  @Test func fileEvaluationRepeatsTrainingsOwn() throws {
    let small = try SmallRun(epochs: 2)
    defer { small.remove() }
    let trained = try small.run().train(resume: false) { _ in }
    let model = try Checkpoint(contentsOf: small.destination).model
    let evaluation = try Evaluation(
      of: model, pairs: small.dev, pool: small.pairs, reject: { _ in }, progress: { _ in })
    #expect(evaluation == trained)
  }

  @Test func pairWhoseIdIsNotInThePoolIsRejected() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    _ = try small.run().train(resume: false) { _ in }
    let model = try Checkpoint(contentsOf: small.destination).model
    let path = small.folder + "/odd.tsv"
    try "id\ttext\nLIG0001\ta beta blocker\nNOPE\tnothing\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    var rejected: [Int] = []
    let evaluation = try Evaluation(
      of: model, pairs: path, pool: small.pairs, reject: { rejected.append($0.line) },
      progress: { _ in })
    #expect(rejected == [3])
    #expect(evaluation.queries == 1)
  }

  @Test func jsonHasTheDocumentedShape() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let evaluation = try small.run().train(resume: false) { _ in }
    let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(evaluation))
    let object = try #require(json as? [String: Any])
    #expect(
      Set(object.keys) == ["text_to_molecule", "molecule_to_text", "queries", "candidates"])
  }
}
