import CRSVG

/// Why a picture could not be turned into pixels.
public struct RenderingError: Error, CustomStringConvertible {
  /// What librsvg or cairo says.
  public let reason: String

  /// The reason with its source.
  public var description: String { "the picture could not be drawn: \(reason)" }

  init(reason: String) { self.reason = reason }

  /// Takes the message of a GLib error and frees it.
  init(taking problem: UnsafeMutablePointer<GError>?) {
    guard let problem = unsafe problem else {
      self.init(reason: "no reason given")
      return
    }
    unsafe self.init(reason: String(cString: problem.pointee.message))
    unsafe g_error_free(problem)
  }
}
