import HTTPDaemon

/// Who asks, and what is left of what they may ask.
struct AccessGrant: Sendable {
  let actor: Actor
  /// `RateLimit` fields for the answer (draft-ietf-httpapi-ratelimit-headers-10).
  var headers = HTTPHeaders()

  static let anonymous = AccessGrant(actor: .anonymous)

  /// Seconds for a header field, rounded up; a year at most.
  static func wholeSeconds(_ seconds: Double) -> Int {
    Int(min(max(0, seconds), 31_536_000).rounded(.up))
  }

  /// The fields of a bucket and a quota.
  static func headers(_ bucket: TokenBucket, quota: (limit: Int64, used: Int64)?) -> HTTPHeaders {
    let window = max(1, wholeSeconds(bucket.burst / bucket.rate))
    var policies = ["\"burst\";q=\(Int(bucket.burst));w=\(window)"]
    var limits = ["\"burst\";r=\(bucket.remaining);t=\(wholeSeconds(bucket.secondsUntilFull))"]
    if let quota {
      policies.append("\"day\";q=\(quota.limit);w=86400")
      limits.append("\"day\";r=\(max(0, quota.limit - quota.used))")
    }
    return [
      "RateLimit-Policy": policies.joined(separator: ", "),
      "RateLimit": limits.joined(separator: ", "),
    ]
  }
}

/// Why a request may not be answered.
enum AccessError: Error, Equatable {
  /// No key, or one that is not good; the reason says which.
  case unauthorized(String)
  /// The key may not do this.
  case forbidden(needed: String, found: String)
  /// Too many requests in too short a time; seconds until the next may come.
  case rateExceeded(seconds: Double, HTTPHeaders)
  /// Too many requests today.
  case quotaExceeded(limit: Int64, seconds: Int, HTTPHeaders)

  /// What the client is told.
  var problem: ProblemDetails {
    switch self {
    case .unauthorized(let reason): ProblemDetails(status: .unauthorized, detail: reason)
    case .forbidden(let needed, let found):
      ProblemDetails(
        status: .forbidden,
        detail: "This needs a key with scope '\(needed)'; the key's scope is '\(found)'.")
    case .rateExceeded:
      ProblemDetails(
        status: .tooManyRequests, detail: "The key has sent too many requests at once.")
    case .quotaExceeded(let limit, _, _):
      ProblemDetails(
        status: .tooManyRequests, detail: "The key has used its \(limit) requests of today.")
    }
  }

  /// The fields of the answer.
  var headers: HTTPHeaders {
    switch self {
    case .unauthorized: return ["WWW-Authenticate": "Bearer realm=\"ligature\""]
    case .forbidden: return [:]
    case .rateExceeded(let seconds, var headers):
      headers["Retry-After"] = "\(max(1, AccessGrant.wholeSeconds(seconds)))"
      return headers
    case .quotaExceeded(_, let seconds, var headers):
      headers["Retry-After"] = "\(max(1, seconds))"
      return headers
    }
  }
}
