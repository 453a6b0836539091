extension MolecularGraph {
  /// Molecular formula, with the total charge as `+`, `-2`; isotopes are not told
  /// apart and wildcards are written `*`, before the other elements.
  ///
  /// The order is RDKit's: carbon, hydrogen, then the others by symbol. Hill's own rule puts
  /// hydrogen among the others where there is no carbon (`BH3`, here `H3B`).
  public var formula: String {
    var counts = [Int](repeating: 0, count: Element.symbols.count)
    for atom in atoms {
      counts[Int(atom.element.number)] += 1
      counts[Int(Element.hydrogen.number)] += atom.hydrogens
    }
    let carbon = Int(Element.carbon.number)
    let hydrogen = Int(Element.hydrogen.number)
    var order: [Int] = [carbon, hydrogen]
    order += counts.indices.filter { $0 != carbon && $0 != hydrogen }
      .sorted { Element.symbols[$0] < Element.symbols[$1] }
    var text = ""
    for number in order where counts[number] > 0 {
      text += Element.symbols[number]
      if counts[number] > 1 { text += String(counts[number]) }
    }
    let charge = totalCharge
    if charge != 0 {
      text += charge > 0 ? "+" : "-"
      if abs(charge) > 1 { text += String(abs(charge)) }
    }
    return text
  }
}
