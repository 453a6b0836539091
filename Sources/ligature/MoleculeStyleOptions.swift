import ArgumentParser
import Molecule

/// How molecules are normalised and spelled: flags of `ligature mol`.
struct MoleculeStyleOptions: ParsableArguments {
  @Flag(name: .long, help: "Keep only the largest fragment of each molecule.")
  var largestFragment = false

  @Flag(name: .long, help: "Remove charges by adding and removing hydrogens where possible.")
  var neutralize = false

  @Flag(name: .long, help: "Forget isotopes.")
  var stripIsotopes = false

  @Flag(name: .long, help: "Forget stereo configurations.")
  var stripStereo = false

  @Flag(name: .long, help: "Write SMILES with alternating bonds instead of aromatic atoms.")
  var kekule = false

  @Flag(name: .long, help: "Write SMILES without stereo marks.")
  var noStereo = false

  func style() throws -> MoleculeStyle {
    var style = MoleculeStyle()
    if kekule { style.options.insert(.kekule) }
    if noStereo { style.options.remove(.stereo) }
    style.keepsLargestFragment = largestFragment
    style.neutralizes = neutralize
    style.stripsIsotopes = stripIsotopes
    style.stripsStereo = stripStereo
    return style
  }
}
