/// Pictures in the cells of a grid, each with a caption below.
public struct DepictionSheet: Sendable {
  /// One cell.
  public struct Cell: Sendable {
    /// The molecule, or nil where there is none to draw.
    public var depiction: Depiction?
    /// A line below it, cut to the width of the cell.
    public var caption: String

    /// A cell with a picture, or with its caption only.
    public init(depiction: Depiction?, caption: String) {
      self.depiction = depiction
      self.caption = caption
    }
  }

  /// The cells, line by line.
  public var cells: [Cell]
  /// Cells in a line.
  public var columns: Int
  /// Width and height of a cell's picture in pixels.
  public var cellSize: (width: Int, height: Int)

  private static let captionHeight = 26
  private static let captionSize = 13.0

  /// A sheet of four columns of 260 × 200 pixels unless told otherwise.
  public init(
    cells: [Cell], columns: Int = 4, cellSize: (width: Int, height: Int) = (260, 200)
  ) {
    precondition(columns > 0, "\(columns) columns")
    self.cells = cells
    self.columns = columns
    self.cellSize = cellSize
  }

  /// The sheet as one picture; ``DepictionStyle/size`` is that of the cells here.
  public func svg(_ style: DepictionStyle = DepictionStyle()) -> SVGDocument {
    var style = style
    style.size = cellSize
    let lines = max(1, (cells.count + columns - 1) / columns)
    let line = cellSize.height + Self.captionHeight
    var body = "<rect width=\"100%\" height=\"100%\" fill=\"\(style.theme.background)\"/>\n"
    for (index, cell) in cells.enumerated() {
      let (x, y) = (index % columns * cellSize.width, index / columns * line)
      if let depiction = cell.depiction { body += depiction.svg(style).nested(x: x, y: y) }
      body += "<text x=\"\(x + cellSize.width / 2)\" y=\"\(y + line - 9)\" "
      body += "font-family=\"Arial, 'Liberation Sans', Helvetica, sans-serif\" "
      body += "font-size=\"\(PictureFrame.decimal(Self.captionSize))\" text-anchor=\"middle\" "
      body += "fill=\"\(style.theme.ink)\">\(SVGDocument.escaped(fitted(cell.caption)))</text>\n"
    }
    return SVGDocument(
      width: columns * cellSize.width, height: lines * line, body: body)
  }

  /// Cut at the end, with an ellipsis, where the cell is too narrow.
  private func fitted(_ caption: String) -> String {
    let room = Double(cellSize.width - 16)
    if AtomLabel.width(caption, Self.captionSize) <= room { return caption }
    var text = caption
    while !text.isEmpty, AtomLabel.width(text + "…", Self.captionSize) > room { text.removeLast() }
    return text + "…"
  }
}
