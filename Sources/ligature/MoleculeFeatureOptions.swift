import AlignAPI
import ArgumentParser
import Molecule

/// What descriptions and NDJSON say beside the structure itself: flags of `ligature mol`.
struct MoleculeFeatureOptions: ParsableArguments {
  @Flag(name: .long, help: "Add descriptors and the scaffold to each line of NDJSON.")
  var descriptors = false

  @Flag(name: .long, help: "Add functional groups and ring systems to each line of NDJSON.")
  var groups = false

  @Flag(
    name: .long,
    help: "Add Morgan bits and MACCS keys to each line of NDJSON, and sparse fingerprints to all.")
  var fingerprints = false

  @Option(name: .long, help: "A SMILES: add how similar its Morgan bits are.")
  var similarTo: String?

  /// What is asked for; the SMILES of `--similar-to` is read here.
  func features() throws -> MoleculeFeatures {
    var features = MoleculeFeatures()
    features.hasDescriptors = descriptors
    features.hasGroups = groups
    features.hasFingerprints = fingerprints
    guard let similarTo else { return features }
    do throws(SMILESError) {
      features.reference = MoleculeFingerprints.bits(of: try SMILESReader.read(similarTo))
    } catch {
      throw MarkedTextError(
        text: similarTo, offset: error.offset, message: "\(error)", source: "--similar-to")
    }
    return features
  }
}

/// Which features NDJSON lines carry.
struct MoleculeFeatures: Sendable {
  var hasDescriptors = false
  var hasGroups = false
  /// Also whether a description has sparse fingerprints.
  var hasFingerprints = false
  /// Morgan bits of the molecule that others are compared with.
  var reference: BitFingerprint?
}
