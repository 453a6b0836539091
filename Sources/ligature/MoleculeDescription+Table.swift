import AlignAPI
import Foundation
import Molecule

extension MoleculeDescription {
  private var hydrogenCount: Int {
    graph.atoms.reduce(0) { $0 + $1.hydrogens + ($1.element.number == 1 ? 1 : 0) }
  }

  /// Lines of two columns; on a terminal of `width` columns, long values go on below themselves.
  func table(width: Int?) -> String {
    let rows = self.rows
    let first = rows.map(\.0.count).max() ?? 0
    let room = width.map { max(24, $0 - first - 2) }
    var lines: [String] = []
    for (name, value) in rows {
      var margin = name + String(repeating: " ", count: first - name.count + 2)
      for line in Self.wrapped(value, to: room) {
        lines.append(margin + line)
        margin = String(repeating: " ", count: first + 2)
      }
    }
    return lines.joined(separator: "\n")
  }

  private var rows: [(String, String)] {
    var rows = [
      ("SMILES", canonical), ("Kekulé form", kekule), ("key", molecule.key),
      ("formula", graph.formula),
      (
        "mass",
        Self.decimal(descriptors.molecularWeight, 3) + " g/mol, monoisotopic "
          + Self.decimal(descriptors.exactMass, 5) + " u"
      ),
      ("charge", Self.signed(graph.totalCharge)),
      (
        "atoms",
        "\(descriptors.heavyAtomCount) heavy, \(hydrogenCount) hydrogen, "
          + "\(aromaticAtoms.count) aromatic"
      ),
    ]
    if graph.fragmentCount > 1 { rows.append(("fragments", String(graph.fragmentCount))) }
    rows.append(("rings", ringWords))
    rows.append(
      (
        "stereo",
        Self.counted(molecule.stereocentreCount, "centre")
          + ", \(molecule.statedCentreCount) stated; "
          + Self.counted(graph.stereoBonds.count, "stated double bond")
      ))
    if !labels.isEmpty || labels.isLimitReached {
      rows.append(("CIP labels", labels.words(of: graph)))
    }
    rows.append(
      (
        "descriptors",
        "log P \(Self.decimal(descriptors.logP, 2)), "
          + "polar surface \(Self.decimal(descriptors.polarSurfaceArea, 1)) Å², "
          + "\(Self.counted(descriptors.hydrogenBondDonors, "hydrogen-bond donor")), "
          + "\(Self.counted(descriptors.hydrogenBondAcceptors, "acceptor")), "
          + "\(Self.counted(descriptors.rotatableBonds, "rotatable bond")), "
          + "sp³ carbon \(Self.decimal(100 * descriptors.fractionSP3, 0)) %, "
          + "molar refractivity \(Self.decimal(descriptors.molarRefractivity, 1)) cm³/mol"
      ))
    rows.append(
      ("rule of five", Self.counted(descriptors.ruleOfFiveViolations, "violation")))
    rows.append(("scaffold", scaffold.isEmpty ? "none" : scaffold))
    rows += featureRows
    if let matches {
      let atoms = matches.map { "[" + $0.map(String.init).joined(separator: " ") + "]" }
      rows.append(("matches", ([String(matches.count)] + atoms).joined(separator: " ")))
    }
    return rows
  }

  /// "3: 6 aromatic, 5 aromatic, 6".
  private var ringWords: String {
    if rings.isEmpty { return "none" }
    let sizes = rings.map { $0.isAromatic ? "\($0.atoms.count) aromatic" : "\($0.atoms.count)" }
    return "\(rings.count), of size " + sizes.joined(separator: ", ")
  }

  static func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }

  static func signed(_ charge: Int) -> String { charge > 0 ? "+\(charge)" : String(charge) }

  static func decimal(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  /// Cut at spaces where there are any, else anywhere.
  private static func wrapped(_ text: String, to room: Int?) -> [String] {
    guard let room, text.count > room else { return [text] }
    var lines: [String] = []
    var rest = text[...]
    while rest.count > room {
      let head = rest.prefix(room)
      let cut = head.lastIndex(of: " ") ?? head.endIndex
      lines.append(String(rest[..<cut]))
      rest = rest[cut...].drop { $0 == " " }
    }
    return lines + [String(rest)]
  }
}
