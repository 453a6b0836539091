import CLibFuzzer
import Molecule

/// Reads any bytes as a molfile; what can be read is written in both versions and as SMILES.
@main
struct MolfileFuzz {
  static func main() {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
      unsafe CommandLine.unsafeArgv
    unsafe LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
      let text = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
      do throws(MolfileError) {
        let molfile = try MolfileReader.read(text)
        _ = molfile.graph.canonicalSMILES()
        for version in [MolfileWriter.Version.v2000, .v3000] {
          var written: [UInt8] = []
          try? MolfileWriter(version: version).write(
            molfile.graph, positions: molfile.positions, title: "", to: &written)
        }
      } catch {
        precondition(error.line >= 0, "line \(error.line)")
      }
      return 0
    }
  }
}
