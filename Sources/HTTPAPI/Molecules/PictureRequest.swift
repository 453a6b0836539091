import AlignAPI
import Depiction
import Digest
import HTTPDaemon
import Molecule

/// A picture of a molecule as a request asks for it, checked.
struct PictureRequest: Sendable {
  enum Format: String, CaseIterable {
    case svg
    case png
  }

  let molecule: StatedMolecule
  let format: Format
  let style: DepictionStyle
  private let highlightedAtoms: [Int]
  private let atomWeights: [Double]?
  private let pattern: SMARTSPattern?

  /// Takes the fields; throws ``APIError`` that names every wrong one.
  init(_ fields: inout RequestFields) throws(APIError) {
    let molecule = fields.molecule()
    let frame = PictureFrameFields(&fields)
    format = fields.choice("format") ?? .svg
    pattern = fields.pattern("smarts")
    let count = molecule?.graph.atoms.count ?? 0
    highlightedAtoms = fields.integers("highlight_atoms") ?? []
    if molecule != nil,
      let place = highlightedAtoms.firstIndex(where: { !(0..<count).contains($0) })
    {
      fields.refuse(
        "highlight_atoms",
        "element \(place): found \(highlightedAtoms[place]), expected an atom, 0 to \(count - 1)")
    }
    let weights = fields.numbers("atom_weights")
    if molecule != nil, let weights, weights.count != count {
      fields.refuse(
        "atom_weights", "found \(weights.count) numbers, expected one for each of \(count) atoms")
    }
    if let place = weights?.firstIndex(where: { !$0.isFinite }) {
      fields.refuse("atom_weights", "element \(place): expected a finite 32-bit number")
    }
    atomWeights = weights?.map { Double($0) }
    try fields.finish()
    guard let molecule else { preconditionFailure("fields without mistakes have a molecule") }
    self.molecule = molecule
    style = frame.style
  }

  /// Draws the picture; throws ``APIError`` where a bound is passed.
  func response() throws -> HTTPResponse {
    var depiction = try molecule.graph.boundedDepiction(
      drawnAt: molecule.positions, field: molecule.field)
    depiction.highlightedAtoms = Set(highlightedAtoms.map { Int32($0) })
    if let pattern {
      let matches = try pattern.boundedMatches(in: molecule.graph)
      depiction.highlightedAtoms.formUnion(matches.joined().map { Int32($0) })
    }
    depiction.atomWeights = atomWeights
    let document = depiction.svg(style)
    return switch format {
    case .svg: HTTPResponse(contentType: "image/svg+xml", body: Array(document.text.utf8))
    case .png: HTTPResponse(contentType: "image/png", body: try document.png())
    }
  }
}

/// The size and the colours of a picture: `width`, `height`, `theme`.
struct PictureFrameFields {
  let style: DepictionStyle

  /// Pixels of a side.
  static let sides = DepictionStyle.sizes.lowerBound...2048

  init(_ fields: inout RequestFields) {
    var style = DepictionStyle()
    style.theme = fields.choice("theme") ?? .light
    style.largestSide = Self.sides.upperBound
    let stated = ["width", "height"].filter(fields.has)
    let (width, height) = (fields.integer("width"), fields.integer("height"))
    for (name, value) in [("width", width), ("height", height)] {
      if let value, !Self.sides.contains(value) {
        fields.refuse(
          name,
          "found \(value), expected \(Self.sides.lowerBound) to \(Self.sides.upperBound) pixels")
      }
    }
    if stated.count == 1 {
      fields.refuse(
        stated[0] == "width" ? "height" : "width",
        "found none, expected both width and height or neither")
    }
    if let width, let height { style.size = (width, height) }
    self.style = style
  }
}

extension MolecularGraph {
  /// Atoms of a molecule that is drawn.
  static let drawnAtoms = 500

  /// A picture within what a request may cost; throws ``APIError`` where that does not suffice.
  func boundedDepiction(
    drawnAt positions: [AtomPosition]?, field: String
  ) throws(APIError) -> Depiction {
    guard atoms.count <= Self.drawnAtoms else {
      throw .invalid([
        .init(
          field: field,
          detail: "found \(atoms.count) atoms, expected at most \(Self.drawnAtoms) for a drawing")
      ])
    }
    do throws(LayoutError) {
      return try Depiction(of: self, drawnAt: positions)
    } catch {
      throw .invalid([.init(field: field, detail: "\(error)")])
    }
  }
}
