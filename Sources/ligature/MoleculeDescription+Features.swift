import AlignAPI
import Molecule

extension MoleculeDescription {
  /// Groups, ring systems, hybridisation and fingerprints, as rows of the table.
  var featureRows: [(String, String)] {
    var rows = groupRows
    var counts: [Hybridization: Int] = [:]
    for index in graph.atoms.indices { counts[graph.hybridization(index), default: 0] += 1 }
    let shapes = counts.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { "\(Self.name($0.key)) \($0.value)" }
    rows.append(("hybridisation", shapes.joined(separator: ", ")))
    var fingerprints = MoleculeFingerprints()
    let (bits, keys) = (fingerprints.bits(of: graph), fingerprints.keys(of: graph))
    rows.append(("Morgan bits", "\(bits.population) of \(bits.size) set, radius 2 (ECFP4)"))
    rows.append(
      ("MACCS keys", keys.isEmpty ? "none" : keys.map(String.init).joined(separator: " ")))
    if let reference {
      rows.append(
        (
          "similarity",
          "Tanimoto \(Self.decimal(bits.similarity(to: reference), 4)), "
            + "Dice \(Self.decimal(bits.similarity(to: reference, by: .dice), 4)) of Morgan bits"
        ))
    }
    return rows
  }

  private var groupRows: [(String, String)] {
    let findings: [FunctionalGroupProfile.Finding]
    do throws(MatchError) {
      findings = try groups().findings
    } catch {
      return [("groups", "not told: \(error)")]
    }
    let rings = findings.filter { $0.group.category == .ringSystem }
    let groups = findings.filter { $0.group.category != .ringSystem }
    return [("groups", Self.words(groups)), ("ring systems", Self.words(rings))]
  }

  /// "ester, 2 × amide".
  private static func words(_ findings: [FunctionalGroupProfile.Finding]) -> String {
    if findings.isEmpty { return "none known" }
    return findings.map { $0.count == 1 ? $0.group.name : "\($0.count) × \($0.group.name)" }
      .joined(separator: ", ")
  }

  private static func name(_ hybridization: Hybridization) -> String {
    switch hybridization {
    case .s: "s"
    case .sp: "sp"
    case .sp2: "sp²"
    case .sp3: "sp³"
    case .sp3d: "sp³d"
    case .sp3d2: "sp³d²"
    }
  }
}
