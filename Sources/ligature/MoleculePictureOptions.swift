import ArgumentParser
import Depiction

/// Where and how pictures are drawn: flags of `ligature mol`.
struct MoleculePictureOptions: ParsableArguments {
  @Option(name: .long, help: "Draw the molecule, or the first of a file, into this SVG file.")
  var svg: String?

  @Option(name: .long, help: "The same as a PNG file.")
  var png: String?

  @Option(name: .long, help: "light or dark.", transform: Self.theme)
  var theme = DepictionTheme.light

  @Option(name: .long, help: "WIDTHxHEIGHT in pixels (default: as the molecule needs; 260x200).")
  var size: PictureSize?

  @Option(name: .long, help: "How many molecules of a file are drawn, 1 to 1000.")
  var first = 60

  @Option(name: .long, help: "How many stand in a line of such a sheet, 1 to 50.")
  var columns = 4

  /// Whether a picture is asked for.
  var isAsked: Bool { svg != nil || png != nil }

  var style: DepictionStyle {
    var style = DepictionStyle()
    style.theme = theme
    style.size = size.map { ($0.width, $0.height) }
    return style
  }

  func validate() throws {
    guard (1...1000).contains(first) else { throw ValidationError("--first: 1 to 1000 expected") }
    guard (1...50).contains(columns) else { throw ValidationError("--columns: 1 to 50 expected") }
  }

  private static func theme(_ name: String) throws -> DepictionTheme {
    guard let theme = DepictionTheme(rawValue: name) else {
      throw ValidationError("light or dark expected, found \(name)")
    }
    return theme
  }

  /// Writes the files that are asked for, each only when it is complete.
  func write(_ document: SVGDocument) throws {
    if let svg { try Self.replace(svg, with: Array(document.text.utf8)) }
    if let png { try Self.replace(png, with: try document.png()) }
  }

  private static func replace(_ path: String, with bytes: [UInt8]) throws {
    let file = try ReplacedFile(path: path)
    try file.write(bytes)
    try file.finish()
  }
}

/// The size of a picture as the command line states it: `400x300`.
struct PictureSize: ExpressibleByArgument {
  let width: Int
  let height: Int

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1],
      DepictionStyle.sizes.contains(width), DepictionStyle.sizes.contains(height)
    else { return nil }
    self.width = width
    self.height = height
  }
}
