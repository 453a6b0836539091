import Alignment
import Foundation
import Records
import Tensor
import Testing

@Suite struct EvaluationTests {
  @Test func fileEvaluationRepeatsTrainingsOwn() throws {
    let small = try SmallRun(epochs: 2)
    defer { small.remove() }
    let trained = try small.run().train(resume: false) { _ in }
    let model = try Checkpoint(contentsOf: small.destination).model
    let evaluation = try Evaluation(
      of: model, pairs: PairsFile(path: small.dev), pool: small.pairs, reject: { _ in },
      progress: { _ in })
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
      of: model, pairs: PairsFile(path: path), pool: small.pairs,
      reject: { rejected.append($0.line) },
      progress: { _ in })
    #expect(rejected == [3])
    #expect(evaluation.queries == 1)
  }

  @Test func poolIdThatOccursTwiceIsRejectedAndTheFirstKept() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let trained = try small.run().train(resume: false) { _ in }
    let model = try Checkpoint(contentsOf: small.destination).model
    let rows = try String(contentsOfFile: small.pairs, encoding: .utf8)
    try (rows + "LIG0001\tethanol\tCCO\tC2H6O\tnot propranolol\n").write(
      toFile: small.pairs, atomically: true, encoding: .utf8)
    var rejected: [RejectedRecord] = []
    let evaluation = try Evaluation(
      of: model, pairs: PairsFile(path: small.dev), pool: small.pairs,
      reject: { rejected.append($0) },
      progress: { _ in })
    #expect(rejected.map(\.line) == [50])
    #expect(rejected.first?.field == "id")
    #expect(rejected.first?.reason == "expected an id of its own, found the id of line 2")
    #expect(evaluation == trained)
  }

  @Test(arguments: [Float.nan, .infinity])
  func vectorThatIsNotFiniteHasNoRank(value: Float) {
    let good = Matrix(rows: 2, columns: 2, values: [1, 0, 0, 1])
    let bad = Matrix(rows: 2, columns: 2, values: [1, 0, value, 1])
    let text = #expect(throws: EvaluationError.self) {
      try Evaluation(texts: bad, pool: good, answers: [0, 1])
    }
    #expect(text?.modality == .text && text?.row == 1)
    let molecule = #expect(throws: EvaluationError.self) {
      try Evaluation(texts: good, pool: bad, answers: [0, 1])
    }
    #expect(molecule?.modality == .molecule && molecule?.row == 1)
  }

  @Test func jsonHasTheDocumentedShape() throws {
    let small = try SmallRun(epochs: 1)
    defer { small.remove() }
    let evaluation = try small.run().train(resume: false) { _ in }
    let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(evaluation))
    let object = try #require(json as? [String: Any])
    #expect(
      Set(object.keys) == ["text_to_molecule", "molecule_to_text", "queries", "candidates"])
    #expect(object["queries"] as? Int == 12)
    #expect(object["candidates"] as? Int == 48)
    for direction in ["text_to_molecule", "molecule_to_text"] {
      let metrics = try #require(object[direction] as? [String: Double])
      #expect(
        Set(metrics.keys) == ["mrr", "hits@1", "hits@5", "hits@10", "mean_rank", "median_rank"])
    }
  }
}
