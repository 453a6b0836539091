/// Entity tags of one content in two codings (RFC 9110 §8.8.3.3).
///
/// The bytes in gzip have the tag of the plain ones with `-gzip` before its closing quote, which
/// keeps it strong: a client that was sent gzip can make a write conditional on what it read.
public enum EntityTag {
  private static let suffix = "-gzip\""

  /// The tag of the same content in gzip; a weak tag stays what it is.
  static func ofGzip(_ tag: String) -> String {
    tag.hasPrefix("\"") && tag.hasSuffix("\"") && tag.count >= 2 ? tag.dropLast() + suffix : tag
  }

  /// The tag of the plain content.
  public static func plain(_ tag: String) -> String {
    tag.hasSuffix(suffix) ? tag.dropLast(suffix.count) + "\"" : tag
  }
}
