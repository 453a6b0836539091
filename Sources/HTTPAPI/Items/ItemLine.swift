import AlignAPI
import HTTPDaemon

/// One line of a body of many items, read.
struct ItemLine: Sendable {
  /// From 1.
  let number: Int
  /// Nil where it cannot be told.
  let sourceID: String?
  let change: ItemChange?
  /// What is wrong with it; nil for a good one.
  let problem: ProblemDetails?

  init(_ line: BodyLines.Line, number: Int) {
    self.number = number
    guard case .bytes(let bytes) = line else {
      (sourceID, change) = (nil, nil)
      problem = Self.problem([
        .init(
          field: "line", detail: "found more than \(BodyLines.longestLine) bytes, expected fewer")
      ])
      return
    }
    var fields: RequestFields
    do throws(APIError) {
      fields = try RequestFields(body: bytes)
    } catch {
      (sourceID, change, problem) = (nil, nil, error.problem)
      return
    }
    let id = fields.string("source_id")
    if let id {
      if let problem = ItemBody.problem(ofName: id) { fields.refuse("source_id", problem) }
    } else if fields.mistakes.isEmpty {
      fields.refuse("source_id", "found none, expected a string")
    }
    var change: ItemChange?
    if fields.boolean("delete") == true {
      change = id.map { .delete($0) }
    } else {
      change = ItemBody.take(&fields, sourceID: id ?? "", number: number).map { .put($0) }
    }
    do throws(APIError) {
      try fields.finish()
      problem = nil
    } catch {
      change = nil
      problem = error.problem
    }
    sourceID = id
    self.change = change
  }

  private static func problem(_ items: [ProblemDetails.Item]) -> ProblemDetails? {
    APIError.invalid(items).problem
  }

  /// The line's result, with its end.
  func result(_ result: ItemResult, problem: ProblemDetails? = nil) -> [UInt8] {
    var json = JSONWriter(capacity: 128)
    json.object { json in
      json.name("line")
      json.integer(number)
      if let sourceID {
        json.name("source_id")
        json.string(sourceID)
      }
      json.name("status")
      json.string(result.status.rawValue)
      if let id = result.itemID {
        json.name("id")
        json.integer(id)
      }
      let problem =
        problem ?? self.problem
        ?? result.refusal.flatMap { Self.problem([$0.item]) }
      if let problem {
        json.name("problem")
        json.spelled(String(decoding: problem.encoded(), as: UTF8.self))
      }
    }
    return json.bytes + [10]
  }
}
