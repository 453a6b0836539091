import CLibFuzzer
import Molecule

/// Reads any bytes as a SMARTS and matches what can be read, within limits.
@main
struct SMARTSFuzz {
  static func main() {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
      unsafe CommandLine.unsafeArgv
    unsafe LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
      let text = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
      do throws(SMARTSError) {
        let pattern = try SMARTSPattern(parsing: String(decoding: text, as: UTF8.self))
        for target in SMARTSFuzz.targets {
          _ = try? pattern.matches(
            in: target, usesStereo: true, limits: MatchLimits(matches: 1_000, steps: 20_000))
        }
      } catch {
        precondition(error.offset >= 0, "offset \(error.offset)")
      }
      return 0
    }
  }

  private static let targets = [
    "CC(=O)Oc1ccccc1C(=O)O", "C[C@H](N)C(=O)O.[Na+].[Cl-]", "F/C=C/C#N", "C12C3C4C1C5C2C3C45",
  ].compactMap { smiles in (try? SMILESReader.read(smiles)).map { MatchTarget($0) } }
}
