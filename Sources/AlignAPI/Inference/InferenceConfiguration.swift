/// How searches and encodings are admitted, batched and remembered.
package struct InferenceConfiguration: Sendable, Equatable {
  /// Inputs of one batch, at least 1.
  package var batchSize = 16
  /// The longest wait for further inputs once a batch could begin.
  package var batchWait: Duration = .milliseconds(8)
  /// Jobs that may wait for their batch, at least 1; by default four batches.
  ///
  /// Below the requests that the daemon has handled at a time, so that the engine refuses first.
  package var queueLimit = 64
  /// Bytes of embeddings that are kept; 0 keeps none.
  package var embeddingCacheBytes = 64 << 20
  /// Bytes of answers that are kept; 0 keeps none.
  package var answerCacheBytes = 64 << 20
  /// Bytes of items' rows that are kept; 0 keeps none.
  package var rowCacheBytes = 64 << 20

  /// The defaults above.
  package init() {}

  /// The defaults above with another limit of waiting jobs.
  package init(queueLimit: Int) { self.queueLimit = queueLimit }
}
