package import Molecule

extension CIPLabels {
  /// `{"atoms": {"3": "R"}, "bonds": {"4-5": "Z"}}`: atoms by index, double bonds by the indices of
  /// their atoms, the smaller first; `"limited": true` when the work limit left labels out.
  package func write(of graph: MolecularGraph, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.name("atoms")
      writer.object { writer in
        for (index, label) in atoms.enumerated() {
          guard let label else { continue }
          writer.name(text: String(index))
          writer.string(label.rawValue)
        }
      }
      writer.name("bonds")
      writer.object { writer in
        for (ends, label) in bondLabels(of: graph) {
          writer.name(text: ends)
          writer.string(label.rawValue)
        }
      }
      if isLimitReached {
        writer.name("limited")
        writer.spelled("true")
      }
    }
  }

  /// "3 R, 7 S, 4-5 Z"; "none" without labels.
  package func words(of graph: MolecularGraph) -> String {
    var words = atoms.enumerated().compactMap { index, label in
      label.map { "\(index) \($0.rawValue)" }
    }
    words += bondLabels(of: graph).map { "\($0) \($1.rawValue)" }
    if isLimitReached { words.append("others past the work limit") }
    return words.isEmpty ? "none" : words.joined(separator: ", ")
  }

  private func bondLabels(of graph: MolecularGraph) -> [(ends: String, label: CIPLabel)] {
    bonds.enumerated().compactMap { index, label in
      guard let label else { return nil }
      let bond = graph.bonds[index]
      return ("\(min(bond.begin, bond.end))-\(max(bond.begin, bond.end))", label)
    }
  }
}
