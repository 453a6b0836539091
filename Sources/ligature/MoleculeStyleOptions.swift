import ArgumentParser
import Molecule

/// How molecules are spelled: flags of `ligature mol`.
struct MoleculeStyleOptions: ParsableArguments {
  @Flag(name: .long, help: "Write SMILES with alternating bonds instead of aromatic atoms.")
  var kekule = false

  @Flag(name: .long, help: "Write SMILES without stereo marks.")
  var noStereo = false

  var style: MoleculeStyle {
    var style = MoleculeStyle()
    if kekule { style.options.insert(.kekule) }
    if noStereo { style.options.remove(.stereo) }
    return style
  }
}
