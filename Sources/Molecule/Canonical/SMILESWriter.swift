/// Writes a molecule as SMILES along given ranks of its atoms.
///
/// Ring numbers are reused, the lowest free one first. Nothing recurses; O(A + B) but for sorting
/// the neighbours of each atom.
struct SMILESWriter: ~Copyable {
  let options: SMILESOptions
  let tree: SpanningTree
  /// Marks to write.
  let elements: [StereoElement]
  /// Index of the mark of each atom, or -1; [A], empty without marks.
  let elementOfAtom: [Int32]
  /// `/` and `\` of each bond as written; [B], empty without marks.
  let directions: [Bond.Direction]
  /// Whether an atom may have more bonds than its hydrogens tell.
  let hasDativeBonds: Bool
  /// Bytes written so far.
  var text: GrowingArray<UInt8>
  /// Ring number of each ring bond that is open; parallel to `tree.ringBonds`.
  private var numbers: [Int32]
  private var isNumberTaken: [Bool] = []

  /// `order` lists the atoms by rank.
  init(
    _ graph: MolecularGraph, ranks: borrowing FixedArray<Int32>,
    order: borrowing FixedArray<Int32>, elements: [StereoElement], options: SMILESOptions
  ) {
    hasDativeBonds = graph.bonds.contains { $0.order == .dative }
    self.options = options
    self.elements = elements
    tree = SpanningTree(graph, ranks: ranks, order: order)
    numbers = [Int32](repeating: 0, count: tree.ringBonds.count)
    if elements.isEmpty {
      elementOfAtom = []
      directions = []
    } else {
      elementOfAtom = Self.centers(of: elements, in: graph)
      directions =
        BondDirections(
          graph, tree: tree, elements: elements, options: options
        ).directions
    }
    text = GrowingArray(capacity: 4 * graph.atoms.count + 8)
  }

  /// The SMILES in UTF-8 of the graph that the writer was made for.
  mutating func write(_ graph: MolecularGraph) -> [UInt8] {
    // A pending atom a is 2a, or 2a + 1 when it opens a branch; -1 closes a branch.
    let pending = FixedArray<Int>(repeating: 0, count: 2 * graph.atoms.count + 1)
    for root in tree.roots {
      if !text.isEmpty { text.append(UInt8(ascii: ".")) }
      pending[0] = 2 * Int(root)
      var count = 1
      while count > 0 {
        count -= 1
        let token = pending[count]
        guard token >= 0 else {
          text.append(UInt8(ascii: ")"))
          continue
        }
        let atom = token >> 1
        if token & 1 == 1 { text.append(UInt8(ascii: "(")) }
        if tree.parent[atom] >= 0 {
          writeBond(Int(tree.parentBond[atom]), from: tree.parent[atom], graph)
        }
        writeAtom(atom, graph)
        if !numbers.isEmpty { writeRingNumbers(atom, graph) }
        let (first, end) = (Int(tree.childStart[atom]), Int(tree.childStart[atom + 1]))
        guard end > first else { continue }
        pending[count] = 2 * Int(tree.children[end - 1])
        count += 1
        for place in stride(from: end - 2, through: first, by: -1) {
          pending[count] = -1
          pending[count + 1] = 2 * Int(tree.children[place]) + 1
          count += 2
        }
      }
    }
    return text.array()
  }

  private mutating func writeRingNumbers(_ atom: Int, _ graph: MolecularGraph) {
    let closings = tree.closingRange(atom)
    for entry in closings { writeRingNumber(Int(numbers[Int(tree.closings[entry])])) }
    for entry in tree.openingRange(atom) {
      let ring = Int(tree.openings[entry])
      let number = takeNumber()
      numbers[ring] = Int32(number)
      writeBond(Int(tree.ringBonds[ring]), from: Int32(truncatingIfNeeded: atom), graph)
      writeRingNumber(number)
    }
    // A number closed at an atom is not opened again at the same atom.
    for entry in closings { isNumberTaken[Int(numbers[Int(tree.closings[entry])])] = false }
  }

  private mutating func takeNumber() -> Int {
    if isNumberTaken.isEmpty { isNumberTaken.append(true) }
    let number = isNumberTaken.firstIndex(of: false) ?? isNumberTaken.count
    if number == isNumberTaken.count { isNumberTaken.append(true) }
    isNumberTaken[number] = true
    return number
  }

  private mutating func writeRingNumber(_ number: Int) {
    if number >= 10 { text.append(UInt8(ascii: "%")) }
    if number >= 100 { text.append(UInt8(ascii: "(")) }
    write(number)
    if number >= 100 { text.append(UInt8(ascii: ")")) }
  }

  mutating func write(_ number: Int) {
    guard number >= 10 else {
      text.append(UInt8(ascii: "0") + UInt8(number))
      return
    }
    text.append(contentsOf: String(number).utf8)
  }
}
