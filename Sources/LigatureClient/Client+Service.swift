extension Client {
  /// Version, model, corpora and limits.
  public func getInfo() async throws -> Answer<JSONValue> {
    try await value(Call(operation: .getInfo))
  }

  /// What the model's experts have done since it was loaded.
  public func getExperts() async throws -> Answer<JSONValue> {
    try await value(Call(operation: .getExperts))
  }

  /// The metrics in the Prometheus text format.
  public func getMetrics() async throws -> String { try await text(.getMetrics) }

  /// The API in OpenAPI 3.1.
  public func getDescription() async throws -> Answer<JSONValue> {
    try await value(Call(operation: .getDescription))
  }

  /// "live" while the process runs.
  public func getLiveness() async throws -> String { try await text(.getLiveness) }

  /// "ready", asked once.
  ///
  /// Throws `.problem` with status 503 and the reason until then.
  public func getReadiness() async throws -> String { try await text(.getReadiness) }

  private func text(_ operation: ClientOperation) async throws -> String {
    let data = try await data(Call(operation: operation)).value
    let text = String(decoding: data, as: UTF8.self)
    return text.hasSuffix("\n") && text.count < 100 ? String(text.dropLast()) : text
  }
}
