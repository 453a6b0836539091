import Molecule

extension Depiction {
  /// The picture as an SVG 1.1 document.
  ///
  /// Colours are attributes, so that pictures with different themes may share a page; the title
  /// says which molecule it is. Letters are text in a sans serif face, placed run by run.
  public func svg(_ style: DepictionStyle = DepictionStyle()) -> SVGDocument {
    let scene = scene()
    let frame = PictureFrame(scene: scene, style: style)
    let theme = style.theme
    let title = graph.formula + " " + graph.canonicalSMILES(.isomeric)
    var text = "<title>\(SVGDocument.escaped(title))</title>\n"
    text += "<rect width=\"100%\" height=\"100%\" fill=\"\(theme.background)\"/>\n"
    appendHighlights(scene, frame, theme, to: &text)
    appendWeights(scene, frame, theme, to: &text)
    let width = frame.length(DepictionScene.strokeWidth)
    text += "<g fill=\"none\" stroke=\"\(theme.ink)\" stroke-width=\"\(width)\" "
    text += "stroke-linecap=\"round\">\n"
    for stroke in scene.strokes {
      text += "<path d=\"M\(frame.point(stroke.begin))L\(frame.point(stroke.end))\"/>\n"
    }
    text += "</g>\n"
    if !scene.polygons.isEmpty {
      text += "<g fill=\"\(theme.ink)\">\n"
      for corners in scene.polygons {
        let path = corners.map { frame.point($0) }.joined(separator: "L")
        text += "<path d=\"M\(path)Z\"/>\n"
      }
      text += "</g>\n"
    }
    appendLetters(scene, frame, theme, to: &text)
    return SVGDocument(width: frame.width, height: frame.height, body: text)
  }

  private func appendHighlights(
    _ scene: DepictionScene, _ frame: PictureFrame, _ theme: DepictionTheme,
    to text: inout String
  ) {
    guard !scene.halos.isEmpty || !scene.bands.isEmpty else { return }
    let radius = frame.length(DepictionScene.haloRadius)
    let width = frame.length(1.6 * DepictionScene.haloRadius)
    text += "<g fill=\"\(theme.highlight)\" stroke=\"\(theme.highlight)\">\n"
    for band in scene.bands {
      text += "<path d=\"M\(frame.point(band.begin))L\(frame.point(band.end))\" "
      text += "stroke-width=\"\(width)\" stroke-linecap=\"round\"/>\n"
    }
    for halo in scene.halos {
      let (x, y) = frame.coordinates(halo)
      text += "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(radius)\" stroke=\"none\"/>\n"
    }
    text += "</g>\n"
  }

  /// Discs that say their number under the pointer.
  private func appendWeights(
    _ scene: DepictionScene, _ frame: PictureFrame, _ theme: DepictionTheme,
    to text: inout String
  ) {
    guard let atomWeights, !scene.weights.isEmpty else { return }
    let radius = frame.length(DepictionScene.weightRadius)
    text += "<g stroke=\"none\">\n"
    for weight in scene.weights {
      let (x, y) = frame.coordinates(weight.place)
      let symbol = graph.atoms[weight.atom].element.symbol
      text += "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(radius)\" "
      text += "fill=\"\(theme.color(ofWeight: weight.share))\"><title>"
      text += "\(symbol) \(weight.atom): \(Float(atomWeights[weight.atom]))</title></circle>\n"
    }
    text += "</g>\n"
  }

  private func appendLetters(
    _ scene: DepictionScene, _ frame: PictureFrame, _ theme: DepictionTheme,
    to text: inout String
  ) {
    guard !scene.glyphs.isEmpty else { return }
    text += "<g font-family=\"Arial, 'Liberation Sans', Helvetica, sans-serif\">\n"
    for glyphs in scene.glyphs {
      let (x, y) = frame.coordinates(glyphs.origin)
      let color =
        glyphs.atom < 0 ? theme.ink : theme.color(graph.atoms[glyphs.atom].element)
      text += "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(frame.length(glyphs.size))\" "
      text += "text-anchor=\"\(glyphs.anchor.rawValue)\" fill=\"\(color)\">"
      text += "\(SVGDocument.escaped(glyphs.text))</text>\n"
    }
    text += "</g>\n"
  }
}
