import AlignAPI
import HTTPDaemon

/// Keeps pages of other sites from using a server that asks nobody for a key.
///
/// Such a server listens to its own computer, and a browser there asks it for whatever a page wants:
/// a form or a script may post without asking (Fetch Standard, "CORS-safelisted"), and a name that
/// is first resolved to the page's server, then to this one, may read too (DNS rebinding). A key
/// stops both, because pages do not have it.
struct ForeignPageGuard: Sendable {
  /// False where keys are asked for.
  let isOn: Bool
  /// Whether the server listens on a loopback address only.
  let isLoopbackOnly: Bool
  let cors: CORSPolicy

  /// Throws ``APIError`` `.refused` with 403 for a request that a foreign page caused.
  func check(_ request: HTTPRequest) throws(APIError) {
    guard isOn else { return }
    let host = (request.headers["Host"] ?? "").lowercased()
    if isLoopbackOnly && !host.isEmpty && !Self.isLoopback(host) {
      throw .refused(
        .forbidden,
        "This server is for its own computer: found Host '\(host.echoed)', expected a loopback "
          + "address; serve --insecure answers every name.")
    }
    // Browsers say of a page behind a proxy that asks under another name: same-origin (Fetch Metadata).
    guard !["GET", "HEAD", "OPTIONS"].contains(request.method),
      let origin = request.headers["Origin"], !cors.allows(origin),
      Self.authority(of: origin.lowercased()) != host,
      request.headers["Sec-Fetch-Site"] != "same-origin"
    else { return }
    throw .refused(
      .forbidden,
      "A page of '\(origin.echoed)' may not use this server; serve --cors-origin allows it.")
  }

  /// Host and port of an origin; nil for "null" and the like.
  private static func authority(of origin: String) -> String? {
    guard let end = origin.firstRange(of: "://")?.upperBound else { return nil }
    return String(origin[end...])
  }

  /// Whether a `Host` field names this computer, whatever the port.
  private static func isLoopback(_ host: String) -> Bool {
    let name =
      host.hasPrefix("[") ? host.prefix { $0 != "]" }.dropFirst() : host.prefix { $0 != ":" }
    if name == "localhost" || name.hasSuffix(".localhost") || name == "::1" { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
