import AlignAPI
import ArgumentParser
import Foundation
import Records

struct MoleculeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mol",
    abstract: "Describe or draw a molecule, or convert files of molecules.",
    discussion: """
      With a SMILES, prints what it means: canonical spellings, key, formula, stereocentres, \
      descriptors, functional groups and ring systems, hybridisation, Morgan bits and structural \
      (MACCS) keys. With --input, reads every molecule of a file and writes it again: SMILES lines \
      (.smi), structure-data files (.sdf, .mol), tables with a column smiles (.tsv), all plain or \
      gzip; --output may also be .ndjson. The order stays; the output replaces an older file only \
      when it is complete. Structures from SMILES are laid out in two dimensions.

      A SMILES line is a SMILES, then a CXSMILES extension between bars and a name, both optional, \
      behind spaces or tabs. Of an extension radicals, c, t and ctu marks, coordination bonds and \
      labels R1, R2 of wildcards are read, the rest is passed over. Empty lines and lines that \
      begin with # are passed over; a line is at most 16 MiB long. A record that is no molecule is \
      listed in the rejects file with its line and the reason.

      In NDJSON every line of a SMILES file gives one object, in the same order, empty ones too: \
      line, smiles, canonical, key, formula, rings, aromatic_atoms, hydrogens, stereocentres; or \
      line, smiles, error, offset (bytes from the start of smiles, 0 where the whole is meant). \
      Atoms are counted from 0 in the order of the SMILES, plain [H] atoms merged. --descriptors \
      adds descriptors, scaffold and CIP labels; --groups adds groups, a list of \
      id, name, class and count; --fingerprints adds fingerprints: morgan2048, hexadecimal with \
      bits 0 to 7 in the first byte, maccs, the keys that are set, and morgan, paths, atom_pairs \
      and torsions, objects of identifiers and counts, all numbered as in RDKit; --similar-to adds \
      similarity, tanimoto and dice of the Morgan bits to those of another molecule.

      --svg and --png draw the molecule, with stereo wedges, and with --smarts the matching atoms \
      in colour; with --input they draw a sheet of the first molecules of the file. A pattern that \
      goes past --match-limit or --match-seconds is an error that names the limit.

      Examples:
        ligature mol 'CC(=O)Oc1ccccc1C(=O)O'
        ligature mol 'C[C@H](N)C(=O)O' --smarts 'C(=O)[OH]' --svg alanine.svg
        ligature mol 'C[C@H](N)C(=O)O' --smarts 'C[C@@H](N)C' --use-stereo
        ligature mol --input library.smi --png library.png --first 24 --columns 6
        ligature mol --input pool.tsv --output pool.smi --kekule
        ligature mol --input library.sdf.gz --ndjson --groups > library.ndjson

      Exit codes: 0 done, 1 the SMILES is no molecule, the work failed or with --strict a record \
      is bad, 64 the command line is wrong, 130 and 143 stopped by Ctrl-C and SIGTERM.
      """)

  @Argument(
    help: "A SMILES to describe; an extension and a name may follow, as in a line of a file.")
  var smiles: String?

  @Option(name: .long, help: "The file to read; - is standard input.")
  var input: String?

  @Option(name: .long, help: "The file to write (default: -, standard output).")
  var output: String?

  @Option(name: .long, help: "smi, sdf or tsv, when the name of the input does not tell.")
  var inputFormat: MoleculeFormat?

  @Option(name: .long, help: "smi, sdf, tsv or ndjson, when the name of the output does not tell.")
  var outputFormat: MoleculeFormat?

  @Flag(name: .long, help: "The same as --output-format ndjson.")
  var ndjson = false

  @Flag(name: .long, help: "Print one JSON object instead of a description.")
  var json = false

  @OptionGroup(title: "Pattern") var search: MoleculePatternOptions

  @OptionGroup(title: "Features") var features: MoleculeFeatureOptions

  @OptionGroup(title: "Spelling") var spelling: MoleculeStyleOptions

  @OptionGroup(title: "Pictures") var picture: MoleculePictureOptions

  @Option(
    name: .long,
    help: """
      Where bad records are listed (default: <output>.rejects.tsv beside the output; to standard \
      output, the input's name + .rejects.tsv in the current folder).
      """
  )
  var rejects: String?

  @Flag(name: .long, help: "Stop at the first bad record; the output stays as it was.")
  var strict = false

  @Option(name: .long, help: "How many threads work (default: one for each core).")
  var threads: Int?

  func validate() throws {
    if (smiles == nil) == (input == nil) {
      throw ValidationError("either a SMILES or --input is expected")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: 1 to 1024 expected")
    }
    guard let input else {
      if output != nil || ndjson || outputFormat != nil || inputFormat != nil {
        throw ValidationError("--output and formats: --input is expected with them")
      }
      return
    }
    if json { throw ValidationError("--json: expected with a SMILES; files have --ndjson") }
    _ = try readFormat(input)
    if picture.isAsked {
      if output != nil || ndjson || outputFormat != nil {
        throw ValidationError("--svg and --png: a sheet or --output expected, not both")
      }
      return
    }
    if search.smarts != nil {
      throw ValidationError("--smarts: expected with a SMILES, or with --svg or --png")
    }
    _ = try writtenFormat()
  }

  func run() throws {
    if let smiles {
      try describe(smiles)
    } else if let input, picture.isAsked {
      try drawSheet(input, format: try readFormat(input))
    } else if let input {
      try convert(input)
    }
  }

  private func readFormat(_ path: String) throws -> MoleculeFormat {
    if inputFormat == .ndjson {
      throw ValidationError("--input-format: smi, sdf or tsv expected, found ndjson")
    }
    if let inputFormat { return inputFormat }
    if path == "-" { return .smi }
    guard let format = MoleculeFormat(path: path), format != .ndjson else {
      throw ValidationError(
        "--input: a name in .smi, .sdf or .tsv expected, found \(path); "
          + "or name the format with --input-format")
    }
    return format
  }

  private func writtenFormat() throws -> MoleculeFormat {
    if ndjson {
      if let outputFormat, outputFormat != .ndjson {
        throw ValidationError(
          "--ndjson and --output-format \(outputFormat.rawValue) exclude one another")
      }
      return .ndjson
    }
    if let outputFormat { return outputFormat }
    guard let output, output != "-" else { return .smi }
    if output.lowercased().hasSuffix(".gz") {
      throw ValidationError("--output: a name without .gz expected, found \(output)")
    }
    guard let format = MoleculeFormat(path: output) else {
      throw ValidationError(
        "--output: a name in .smi, .sdf, .tsv or .ndjson expected, found \(output); "
          + "or name the format with --output-format")
    }
    return format
  }

  /// Beside the output; without a file there, in the current folder.
  private func defaultRejectsPath(_ input: String) -> String {
    if let output, output != "-", !output.hasPrefix("/dev/") { return output + ".rejects.tsv" }
    let name = input == "-" ? "stdin" : URL(fileURLWithPath: input).lastPathComponent
    return name + ".rejects.tsv"
  }

  private func convert(_ input: String) throws {
    let format = try writtenFormat()
    let inputFormat = try readFormat(input)
    let source = try MoleculeSource(
      path: input, format: inputFormat, keepsComments: format == .ndjson)
    var conversion = MoleculeConversion(path: input, format: format, style: spelling.style)
    conversion.features = try features.features()
    if let table = source.header { conversion.columns = (table.names, table.smilesColumn) }
    let rejectsPath = rejects ?? defaultRejectsPath(input)
    if format != .ndjson { try RejectsFile.trim(rejectsPath, source: input, behind: 0) }
    let run = MoleculeRun(
      source: source, conversion: conversion,
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, isStrict: strict,
      output: try ReplacedFile(path: output), rejects: RejectsFile(path: rejectsPath))
    let signals = StopSignals()
    let display = ProgressDisplay()
    let start = ContinuousClock.now
    let outcome = try run.convert(shouldStop: { signals.received != nil }) { count, share in
      let seconds = (.now - start) / .seconds(1)
      guard let share else { return }
      display.update(
        share: share, label: "converting",
        detail: String(
          format: "%d molecules  %.0f/s  %d rejected", count, Double(count) / max(seconds, 1e-3),
          run.rejects.count))
    }
    if run.rejects.count > 0 {
      let records = run.rejects.count == 1 ? "record" : "records"
      display.line("\(run.rejects.count) bad \(records) left out, listed in \(rejectsPath)")
    }
    if let unplaced = outcome?.unplaced, unplaced > 0 {
      display.line(
        "\(MoleculeDescription.counted(unplaced, "molecule")) lost cis and trans, "
          + "which a molfile without coordinates cannot state"
      )
    }
    guard outcome != nil else { throw ExitCode(128 + (signals.received ?? SIGTERM)) }
  }
}
