extension MolecularGraph {
  /// Molecular formula in Hill order, with the total charge as `+`, `-2`; isotopes are not told
  /// apart and wildcards are written `*`, last.
  ///
  /// Hill order: carbon, hydrogen, then the others by symbol; all by symbol without carbon.
  public var formula: String {
    var counts = [Int](repeating: 0, count: Element.symbols.count)
    for atom in atoms {
      counts[Int(atom.element.number)] += 1
      counts[Int(Element.hydrogen.number)] += atom.hydrogens
    }
    let carbon = Int(Element.carbon.number)
    let hydrogen = Int(Element.hydrogen.number)
    var order: [Int] = counts[carbon] > 0 ? [carbon, hydrogen] : []
    let listed = Set(order + [0])
    order += (1..<counts.count).filter { !listed.contains($0) }
      .sorted { Element.symbols[$0] < Element.symbols[$1] }
    order.append(0)
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
