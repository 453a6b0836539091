import AlignAPI
import ArgumentParser
import Molecule

/// What is looked for in molecules: flags of `ligature mol`.
struct MoleculePatternOptions: ParsableArguments {
  @Option(name: .long, help: "A SMARTS pattern: its matches are listed and coloured.")
  var smarts: String?

  @Flag(name: .long, help: "Stereo marks of the pattern have to hold; else they are passed over.")
  var useStereo = false

  @Option(name: .long, help: "Give the pattern up past so many matches in one molecule.")
  var matchLimit = 100_000

  @Option(name: .long, help: "Give the pattern up after so many seconds in one molecule.")
  var matchSeconds = 10.0

  func validate() throws {
    guard matchLimit > 0 else { throw ValidationError("--match-limit: 1 or more expected") }
    guard matchSeconds >= 0, matchSeconds <= 1e6 else {
      throw ValidationError("--match-seconds: 0 to 1000000 expected")
    }
  }

  /// The pattern of `--smarts`; a mistake in it is shown with a mark under its place.
  func pattern() throws -> SMARTSPattern? {
    guard let smarts else { return nil }
    do throws(SMARTSError) {
      return try SMARTSPattern(parsing: smarts)
    } catch {
      throw MarkedTextError(
        text: smarts, offset: error.offset, message: "\(error)", source: "--smarts")
    }
  }

  /// Atoms of each match, complete or not at all.
  func matches(
    of pattern: SMARTSPattern, in graph: MolecularGraph
  ) throws(MatchError) -> [[Int]] {
    try pattern.matches(
      in: MatchTarget(graph), usesStereo: useStereo,
      limits: MatchLimits(matches: matchLimit, steps: .max, time: .seconds(matchSeconds)))
  }
}
