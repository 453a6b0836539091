package import HTTPDaemon

extension SearchService {
  /// What the daemon asks before it reads a body.
  ///
  /// An operation that takes large bodies takes them of those only who may use it: without a key of
  /// the right form nothing is read, and the key itself is checked before the body gets room on disk.
  package var admission: HTTPAdmission {
    { [self] request in
      let large = Self.limited.first {
        $0.method == request.method && $0.path.matches(request.target.segments)
      }
      guard let large else { return BodyAdmission() }
      if let error = access.refusal(ofHeaders: request, large.scope) {
        return BodyAdmission(refusal: refusal(of: request, for: large, APIError.access(error)))
      }
      do throws(APIError) {
        try foreignPages.check(request)
      } catch {
        return BodyAdmission(refusal: refusal(of: request, for: large, error))
      }
      return BodyAdmission(limit: large.bodyLimit) { [self] in
        do {
          try await access.check(request, large.scope)
          return nil
        } catch {
          return refusal(of: request, for: large, APIError(error, log: log))
        }
      }
    }
  }

  private func refusal(
    of request: HTTPRequest, for operation: LargeOperation, _ error: APIError
  ) -> HTTPResponse {
    if let refusal = error.refusal { requests.count(refusal) }
    var response = error.response
    cors.allow(request, in: &response)
    requests.route(operation.route, method: operation.method).record(response.status, .zero)
    return response
  }

  /// An operation whose bodies may be larger than usual.
  private struct LargeOperation: Sendable {
    let method: String
    let route: String
    let path: PathTemplate
    let bodyLimit: Int
    let scope: Operation.Scope
  }

  private static let limited = operations.compactMap { operation in
    operation.bodyLimit.map {
      LargeOperation(
        method: operation.method, route: operation.path, path: PathTemplate(operation.path),
        bodyLimit: $0, scope: operation.scope)
    }
  }
}

/// The segments of a path; nil for a parameter.
private struct PathTemplate: Sendable {
  private let segments: [String?]

  init(_ path: String) {
    segments = path.split(separator: "/").map { $0.hasPrefix("{") ? nil : String($0) }
  }

  func matches(_ others: [String]) -> Bool {
    segments.count == others.count
      && zip(segments, others).allSatisfy { $0 == nil ? !$1.isEmpty : $0 == $1 }
  }
}
