import Molecule

/// The colours of a depiction.
public enum DepictionTheme: String, Sendable, CaseIterable {
  /// Dark strokes on white.
  case light
  /// Light strokes on near black.
  case dark

  /// Behind everything.
  var background: String { self == .light ? "#ffffff" : "#16191d" }

  /// Bonds, carbon and all elements without a colour of their own.
  var ink: String { self == .light ? "#1b1f24" : "#e6e9ed" }

  /// Behind highlighted atoms and bonds.
  var highlight: String { self == .light ? "#ffd866" : "#7a5c12" }

  /// The colour of a weight, −1...1: orange, nothing, blue.
  ///
  /// Straight from the background to #e08214 and #4393c3, of ColorBrewer's schemes for colour-blind
  /// readers (darker ones on a dark background).
  func color(ofWeight share: Double) -> String {
    let (from, blue, orange): ([Double], [Double], [Double]) =
      self == .light
      ? ([255, 255, 255], [67, 147, 195], [224, 130, 20])
      : ([22, 25, 29], [33, 102, 172], [179, 88, 6])
    let to = share > 0 ? blue : orange
    let amount = min(1, abs(share))
    return zip(from, to).reduce(into: "#") { text, channel in
      let value = Int((channel.0 + (channel.1 - channel.0) * amount).rounded())
      text += (value < 16 ? "0" : "") + String(value, radix: 16)
    }
  }

  /// The colour of an atom's label.
  func color(_ element: Element) -> String {
    let (light, dark) =
      switch element.number {
      case 1: ("#5b6470", "#aab2bd")
      case 5: ("#a3541c", "#f0a875")
      case 7: ("#1f4fd8", "#7fa6ff")
      case 8: ("#d01f1f", "#ff7b72")
      case 9, 17: ("#167a34", "#5fd38a")
      case 15: ("#b35900", "#ffb366")
      case 16: ("#8f7300", "#e3c341")
      case 34: ("#8f5f00", "#e3a341")
      case 35: ("#8c2f1b", "#e0826b")
      case 53: ("#6d1fa8", "#c58af0")
      default: (ink, ink)
      }
    return self == .light ? light : dark
  }
}
