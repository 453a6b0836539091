package import HTTPDaemon

extension SearchService {
  /// What the daemon asks before it reads a body: the limit of the operation that will answer.
  package static let bodyLimit: HTTPBodyLimit = { method, target in
    limited.first { $0.method == method && $0.path.matches(target.segments) }?.bodyLimit
  }

  private struct LimitedOperation: Sendable {
    let method: String
    let path: PathTemplate
    let bodyLimit: Int
  }

  private static let limited = operations.compactMap { operation in
    operation.bodyLimit.map {
      LimitedOperation(
        method: operation.method, path: PathTemplate(operation.path), bodyLimit: $0)
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
