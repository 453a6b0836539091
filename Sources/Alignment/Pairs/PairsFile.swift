package import MoEBackbone

/// A file of pairs, and what kind of text it holds.
public struct PairsFile: Sendable, Hashable {
  /// Where the file is.
  public let path: String
  /// The domain of its texts.
  package let domain: Domain

  /// Names a file; without a domain its texts are of the default one.
  package init(path: String, domain: Domain = .default) {
    self.path = path
    self.domain = domain
  }

  /// Reads `FILE` or `DOMAIN=FILE`.
  ///
  /// What stands before the first `=` is part of the file's name unless it is the name of a domain.
  public init(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, let domain = Domain(rawValue: String(parts[0])) {
      self.init(path: String(parts[1]), domain: domain)
    } else {
      self.init(path: argument)
    }
  }

  /// The names of the domains that a file can have.
  public static var domainNames: [String] { Domain.allCases.map(\.rawValue) }
}
