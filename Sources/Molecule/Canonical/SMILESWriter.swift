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
  let elementOfAtom: FixedArray<Int32>
  /// `/` and `\` of each bond as written; [B], empty without marks.
  let directions: [Bond.Direction]
  /// Bytes written so far.
  var text: GrowingArray<UInt8>
  /// Atoms and brackets to write; see ``write(_:)``.
  private let pending: FixedArray<Int>
  /// Ring number of each ring bond that is open; parallel to `tree.ringBonds`.
  private let numbers: FixedArray<Int32>
  /// Whether a ring number is taken, from 0, which always is.
  private let isNumberTaken: FixedArray<Bool>
  /// No number below is free.
  private var lowestNumber = 1

  /// Bytes of a slab for a molecule.
  static func bytes(_ graph: MolecularGraph) -> Int {
    SpanningTree.bytes(graph) + 20 * graph.atoms.count + 5 * graph.bonds.count + 64
  }

  /// `order` lists the atoms by rank.
  init(
    _ graph: MolecularGraph, ranks: borrowing FixedArray<Int32>,
    order: borrowing FixedArray<Int32>, elements: [StereoElement], options: SMILESOptions,
    _ slab: inout Slab
  ) {
    self.options = options
    self.elements = elements
    tree = SpanningTree(graph, ranks: ranks, order: order, &slab)
    pending = slab.take(2 * graph.atoms.count + 1)
    numbers = slab.take(tree.ringCount)
    isNumberTaken = slab.take(repeating: false, tree.ringCount + 2)
    elementOfAtom = slab.take(repeating: -1, elements.isEmpty ? 0 : graph.atoms.count)
    if !elements.isEmpty { Self.listCenters(of: elements, in: graph, elementOfAtom) }
    directions =
      elements.contains { $0.isDoubleBond }
      ? BondDirections(graph, tree: tree, elements: elements, options: options).directions : []
    text = GrowingArray(capacity: 4 * graph.atoms.count + 8)
  }

  /// Writes the SMILES in UTF-8 of the graph that the writer was made for.
  mutating func write(_ graph: MolecularGraph) {
    // A pending atom a is 2a, or 2a + 1 when it opens a branch; -1 closes a branch.
    for index in 0..<tree.rootCount {
      if !text.isEmpty { text.append(UInt8(ascii: ".")) }
      pending[0] = 2 * Int(tree.roots[index])
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
        let parent = tree.parent[atom]
        if parent >= 0 { writeBond(Int(tree.parentBond[atom]), from: parent, graph) }
        writeAtom(atom, graph)
        if tree.ringCount > 0 { writeRingNumbers(atom, graph) }
        let (first, end) = (Int(tree.childStart[atom]), Int(tree.childStart[atom + 1]))
        guard end > first else { continue }
        pending[count] = 2 * Int(tree.children[end - 1])
        count += 1
        var place = end - 2
        while place >= first {
          pending[count] = -1
          pending[count + 1] = 2 * Int(tree.children[place]) + 1
          count += 2
          place -= 1
        }
      }
    }
  }

  @inline(__always)
  private mutating func writeRingNumbers(_ atom: Int, _ graph: MolecularGraph) {
    let firstClosing = tree.closing(at: atom)
    var ring = firstClosing
    while ring >= 0 {
      writeRingNumber(Int(numbers[ring]))
      ring = tree.closing(after: ring)
    }
    ring = tree.opening(at: atom)
    while ring >= 0 {
      let number = takeNumber()
      numbers[ring] = Int32(truncatingIfNeeded: number)
      writeBond(Int(tree.ringBonds[ring]), from: Int32(truncatingIfNeeded: atom), graph)
      writeRingNumber(number)
      ring = tree.opening(after: ring)
    }
    // A number closed at an atom is not opened again at the same atom.
    ring = firstClosing
    while ring >= 0 {
      let number = Int(numbers[ring])
      isNumberTaken[number] = false
      lowestNumber = min(lowestNumber, number)
      ring = tree.closing(after: ring)
    }
  }

  private mutating func takeNumber() -> Int {
    while isNumberTaken[lowestNumber] { lowestNumber += 1 }
    isNumberTaken[lowestNumber] = true
    return lowestNumber
  }

  private mutating func writeRingNumber(_ number: Int) {
    if number >= 10 { text.append(UInt8(ascii: "%")) }
    if number >= 100 { text.append(UInt8(ascii: "(")) }
    write(number)
    if number >= 100 { text.append(UInt8(ascii: ")")) }
  }

  mutating func write(_ number: Int) {
    guard number >= 10 else {
      text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number))
      return
    }
    text.append(contentsOf: String(number).utf8)
  }
}
