/// The automorphisms that a search has found, and the orbits of the group they generate.
struct SymmetryOrbits: ~Copyable {
  /// Automorphisms that are kept as images of all atoms, and the space they may take; all of them
  /// count in the orbits.
  static let keptLimit = 64
  static let keptAtoms = 16_000_000

  /// The next atom towards the one that stands for the orbit, itself there; [A].
  private let parent: FixedArray<Int32>
  /// Whether an orbit is marked, by the atom that stands for it; [A].
  private let marked: FixedArray<Bool>
  private var images: [[Int32]] = []
  /// The last round of ``joins(_:to:fixing:)`` that reached an atom; [A].
  private let reached: FixedArray<Int32>
  private var round: Int32 = 0

  init(atomCount: Int) {
    parent = FixedArray(unwritten: atomCount)
    for atom in 0..<atomCount { parent[atom] = Int32(truncatingIfNeeded: atom) }
    marked = FixedArray(repeating: false, count: atomCount)
    reached = FixedArray(repeating: 0, count: atomCount)
  }

  private func root(_ atom: Int32) -> Int {
    var atom = Int(atom)
    while Int(parent[atom]) != atom {
      parent[atom] = parent[Int(parent[atom])]
      atom = Int(parent[atom])
    }
    return atom
  }

  func mark(_ atom: Int32) { marked[root(atom)] = true }
  func unmark(_ atom: Int32) { marked[root(atom)] = false }
  /// Whether any atom of the orbit is marked.
  func isMarked(_ atom: Int32) -> Bool { marked[root(atom)] }

  /// Adds the automorphism that maps a discrete partition to an order of the atoms.
  mutating func add(from partition: borrowing AtomPartition, to order: [Int32]) {
    add((0..<parent.count).map { order[Int(partition.position[$0])] })
  }

  /// Adds an automorphism given as the image of every atom.
  mutating func add(_ image: [Int32]) {
    for atom in 0..<parent.count where Int(image[atom]) != atom {
      let (left, right) = (root(Int32(truncatingIfNeeded: atom)), root(image[atom]))
      guard left != right else { continue }
      // The lower atom stands for both.
      let (low, high) = (min(left, right), max(left, right))
      parent[high] = Int32(truncatingIfNeeded: low)
      if marked[high] { marked[low] = true }
    }
    guard images.count < Self.keptLimit, (images.count + 1) * parent.count < Self.keptAtoms else {
      return
    }
    images.append(image)
  }

  /// Whether kept automorphisms that fix each atom of `path` take `atom` to one of `known`.
  mutating func joins(_ atom: Int32, to known: [Int32], fixing path: [Int32]) -> Bool {
    let fixing = images.filter { image in path.allSatisfy { image[Int($0)] == $0 } }
    guard !fixing.isEmpty else { return false }
    round += 1
    reached[Int(atom)] = round
    var pending = [atom]
    while let member = pending.popLast() {
      for image in fixing where reached[Int(image[Int(member)])] != round {
        reached[Int(image[Int(member)])] = round
        pending.append(image[Int(member)])
      }
    }
    return known.contains { reached[Int($0)] == round }
  }
}
