extension MorganGenerator {
  /// Marks the atoms of stereo elements whose neighbours' identifiers now differ, each once, as
  /// Rogers and Hahn describe under "Stereochemistry".
  mutating func addStereo(_ elements: inout [StereoElement], _ graph: MolecularGraph) {
    guard !elements.isEmpty else { return }
    let colors = current.map { UInt64($0) + 1 }
    elements.removeAll { element in
      let descriptor = element.descriptor(colors)
      guard descriptor != 0 else { return false }
      for atom in [element.first, element.second] where atom >= 0 && !isDead[Int(atom)] {
        var hash = HashCombine(next[Int(atom)])
        hash.add(
          UInt32(truncatingIfNeeded: descriptor), UInt32(truncatingIfNeeded: descriptor >> 32))
        next[Int(atom)] = hash.value
      }
      return true
    }
  }
}
