import ArgumentParser
import Molecule

/// How molecules are spelled: flags of `ligature mol`.
struct MoleculeStyleOptions: ParsableArguments {
  @Flag(name: .long, help: "Write SMILES with alternating bonds instead of aromatic atoms.")
  var kekule = false

  @Flag(name: .long, help: "Write SMILES without stereo marks.")
  var noStereo = false

  @Flag(name: .long, help: "Keep the largest fragment only: drop salts and solvents.")
  var largestFragment = false

  @Flag(name: .long, help: "Move protons to make charges disappear where they can.")
  var neutralize = false

  @Flag(name: .long, help: "Forget isotopes.")
  var stripIsotopes = false

  @Flag(name: .long, help: "Forget stereo marks, in every output.")
  var stripStereo = false

  @Flag(name: .long, help: "Write structures from SMILES without coordinates, which is faster.")
  var noLayout = false

  var style: MoleculeStyle {
    var style = MoleculeStyle()
    style.laysOut = !noLayout
    if largestFragment { style.normalization.insert(.largestFragment) }
    if neutralize { style.normalization.insert(.neutralize) }
    if stripIsotopes { style.normalization.insert(.stripIsotopes) }
    if stripStereo { style.normalization.insert(.stripStereo) }
    if kekule { style.options.insert(.kekule) }
    if noStereo { style.options.remove(.stereo) }
    return style
  }
}
