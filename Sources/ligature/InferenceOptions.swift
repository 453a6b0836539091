import AlignAPI
import ArgumentParser

/// Options of a server's inference: how requests are admitted, batched and remembered.
struct InferenceOptions: ParsableArguments {
  @Option(name: .long, help: "Inputs that are encoded and searched as one batch, 1 to 256.")
  var batchSize = InferenceConfiguration().batchSize

  @Option(
    name: .long, help: "Milliseconds that a batch waits for further inputs at most, 0 to 1000.")
  var batchWait = 8.0

  @Option(
    name: .long, help: "Queries that may wait; further ones are answered with 429, 1 to 10000.")
  var queueLimit = InferenceConfiguration().queueLimit

  @Option(name: .long, help: "Bytes of embeddings that are kept for repeated inputs; 0 for none.")
  var cacheBytes = InferenceConfiguration().embeddingCacheBytes

  @Option(name: .long, help: "Bytes of answers that are kept for repeated searches; 0 for none.")
  var answerCacheBytes = InferenceConfiguration().answerCacheBytes

  @Option(name: .long, help: "Bytes of items' rows that are kept for results; 0 for none.")
  var rowCacheBytes = InferenceConfiguration().rowCacheBytes

  func validate() throws {
    for (name, value, range) in [
      ("batch-size", batchSize, 1...256), ("queue-limit", queueLimit, 1...10_000),
      ("cache-bytes", cacheBytes, 0...(1 << 40)),
      ("answer-cache-bytes", answerCacheBytes, 0...(1 << 40)),
      ("row-cache-bytes", rowCacheBytes, 0...(1 << 40)),
    ] where !range.contains(value) {
      throw ValidationError(
        "--\(name): found \(value), expected \(range.lowerBound) to \(range.upperBound)")
    }
    guard (0...1000).contains(batchWait) else {
      throw ValidationError("--batch-wait: found \(batchWait), expected 0 to 1000")
    }
  }

  var configuration: InferenceConfiguration {
    var configuration = InferenceConfiguration()
    configuration.batchSize = batchSize
    configuration.batchWait = .microseconds(Int64(batchWait * 1000))
    configuration.queueLimit = queueLimit
    configuration.embeddingCacheBytes = cacheBytes
    configuration.answerCacheBytes = answerCacheBytes
    configuration.rowCacheBytes = rowCacheBytes
    return configuration
  }
}
