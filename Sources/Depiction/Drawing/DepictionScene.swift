/// What is drawn, in units of one bond length, from back to front.
struct DepictionScene {
  /// A straight stroke with round ends.
  struct Stroke {
    var begin: Vector
    var end: Vector
  }

  /// A short text that starts, ends or is centred at a point on its base line.
  struct Glyphs {
    enum Anchor: String {
      case start, middle, end
    }

    var text: String
    var origin: Vector
    var anchor: Anchor
    /// Height of the letters' em square.
    var size: Double
    /// The element that gives the colour.
    var atom: Int
  }

  /// A disc that says how much an atom counts.
  struct Weight {
    var place: Vector
    /// Of the largest weight, −1...1.
    var share: Double
    var atom: Int
  }

  /// Weighted atoms, the weakest first.
  var weights: [Weight] = []
  /// Highlighted atoms.
  var halos: [Vector] = []
  /// Highlighted bonds.
  var bands: [Stroke] = []
  var strokes: [Stroke] = []
  /// Filled corners of solid wedges and arrow heads.
  var polygons: [[Vector]] = []
  var glyphs: [Glyphs] = []
  /// Corners of everything, strokes without their width.
  private(set) var lower = Vector(x: .infinity, y: .infinity)
  private(set) var upper = Vector(x: -.infinity, y: -.infinity)

  /// Width of a stroke.
  static let strokeWidth = 0.055
  /// Radius of the disc behind a highlighted atom; a highlighted bond is as wide.
  static let haloRadius = 0.3

  /// Radius of the disc behind a weighted atom.
  static let weightRadius = 0.42

  /// Makes room for a point.
  mutating func include(_ point: Vector) {
    lower = Vector(x: min(lower.x, point.x), y: min(lower.y, point.y))
    upper = Vector(x: max(upper.x, point.x), y: max(upper.y, point.y))
  }
}
