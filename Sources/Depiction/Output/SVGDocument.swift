/// A picture as SVG 1.1 elements on a canvas.
public struct SVGDocument: Sendable {
  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// The elements on the canvas.
  let body: String

  /// The complete document.
  public var text: String { opened(at: nil) + body + "</svg>\n" }

  /// The picture as an element of another one, with its upper left corner at a point.
  func nested(x: Int, y: Int) -> String { opened(at: (x, y)) + body + "</svg>\n" }

  private func opened(at corner: (x: Int, y: Int)?) -> String {
    let place = corner.map { "x=\"\($0.x)\" y=\"\($0.y)\"" }
    return "<svg \(place ?? "xmlns=\"http://www.w3.org/2000/svg\"") "
      + "width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\" "
      + "role=\"img\">\n"
  }

  /// Text with the characters of markup replaced, and without what XML 1.0 section 2.2 forbids.
  static func escaped(_ text: String) -> String {
    var output = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output.append(contentsOf: "&amp;".unicodeScalars)
      case "<": output.append(contentsOf: "&lt;".unicodeScalars)
      case ">": output.append(contentsOf: "&gt;".unicodeScalars)
      case "\u{0}"..<"\t", "\u{b}"..."\u{c}", "\u{e}"..<" ", "\u{fffe}"..."\u{ffff}":
        output.append("\u{fffd}")
      default: output.append(scalar)
      }
    }
    return String(output)
  }
}
