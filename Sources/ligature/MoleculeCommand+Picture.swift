import AlignAPI
import ArgumentParser
import Depiction
import Molecule
import Records

extension MoleculeCommand {
  /// Draws one molecule with the atoms of all matches highlighted.
  func draw(_ molecule: ReadMolecule, matches: [[Int]]) throws {
    guard picture.isAsked else { return }
    try picture.write(try depiction(molecule, matches: matches).svg(picture.style))
  }

  /// Draws the first molecules of a file on one sheet, each above its name or number.
  ///
  /// A record that is no molecule, that has no layout or in which the pattern is given up leaves its
  /// cell empty but for the reason.
  func drawSheet(_ input: String, format: MoleculeFormat) throws {
    let source = try MoleculeSource(path: input, format: format, keepsComments: false)
    let pattern = try search.pattern()
    let style = spelling.style
    var cells: [DepictionSheet.Cell] = []
    while cells.count < picture.first, let record = try source.next() {
      var name = String(decoding: record.name, as: UTF8.self)
      if name.isEmpty { name = "line \(record.line)" }
      do {
        let molecule = try style.molecule(record)
        let matches = try pattern.map { try search.matches(of: $0, in: molecule.graph) } ?? []
        cells.append(
          .init(depiction: try depiction(molecule, matches: matches), caption: name))
      } catch let problem as MoleculeProblem {
        cells.append(.init(depiction: nil, caption: "\(name): \(problem.message)"))
      } catch let problem as LayoutError {
        cells.append(.init(depiction: nil, caption: "\(name): \(problem)"))
      } catch let problem as MatchError {
        cells.append(.init(depiction: nil, caption: "\(name): \(problem)"))
      }
    }
    guard !cells.isEmpty else { throw EmptySheet(path: input) }
    var sheet = DepictionSheet(cells: cells, columns: min(picture.columns, cells.count))
    if let size = picture.size { sheet.cellSize = (size.width, size.height) }
    try picture.write(sheet.svg(picture.style))
  }

  private func depiction(_ molecule: ReadMolecule, matches: [[Int]]) throws -> Depiction {
    var depiction = try Depiction(of: molecule.graph, drawnAt: molecule.positions)
    depiction.highlightedAtoms = Set(matches.joined().map(Int32.init))
    return depiction
  }
}

/// A file without a record to draw.
struct EmptySheet: Error, CustomStringConvertible {
  let path: String
  var description: String { "\(path): no molecule found, expected at least one to draw" }
}
