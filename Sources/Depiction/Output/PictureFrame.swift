/// Maps a scene onto pixels.
struct PictureFrame {
  let width: Int
  let height: Int
  /// Pixels in one bond length.
  private let scale: Double
  private let origin: Vector

  /// Around the drawing, in bond lengths.
  private static let margin = 0.45

  init(scene: DepictionScene, style: DepictionStyle) {
    let isEmpty = scene.lower.x > scene.upper.x
    let lower = isEmpty ? .zero : scene.lower
    let upper = isEmpty ? .zero : scene.upper
    let extent = Vector(
      x: upper.x - lower.x + 2 * Self.margin, y: upper.y - lower.y + 2 * Self.margin)
    if let size = style.size {
      width = size.width
      height = size.height
      scale = min(
        style.bondLength, Double(size.width) / extent.x, Double(size.height) / extent.y)
    } else {
      let largest = Double(style.largestSide)
      scale = min(style.bondLength, largest / max(extent.x, extent.y))
      let smallest = DepictionStyle.sizes.lowerBound
      width = max(smallest, min(style.largestSide, Int((extent.x * scale).rounded(.up))))
      height = max(smallest, min(style.largestSide, Int((extent.y * scale).rounded(.up))))
    }
    let middle = (lower + upper) * 0.5
    origin = Vector(
      x: Double(width) / 2 - middle.x * scale, y: Double(height) / 2 - middle.y * scale)
  }

  /// "12.5 -3.25".
  func point(_ place: Vector) -> String {
    let (x, y) = coordinates(place)
    return x + " " + y
  }

  func coordinates(_ place: Vector) -> (x: String, y: String) {
    (Self.decimal(origin.x + place.x * scale), Self.decimal(origin.y + place.y * scale))
  }

  func length(_ value: Double) -> String { Self.decimal(value * scale) }

  /// Two digits behind the point, without trailing zeros.
  static func decimal(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    if rest == 0 { return "\(sign)\(whole)" }
    let digits = rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)"
    return "\(sign)\(whole).\(digits)"
  }
}
