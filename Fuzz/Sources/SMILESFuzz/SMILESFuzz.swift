import CLibFuzzer
import Molecule

/// Reads any bytes as a SMILES: a graph or a typed error whose offset lies in the text.
@main
struct SMILESFuzz {
  static func main() {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
      unsafe CommandLine.unsafeArgv
    unsafe LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
      let text = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
      do throws(SMILESError) {
        _ = try SMILESReader.read(text)
      } catch {
        precondition((0...count).contains(error.offset), "offset \(error.offset) of \(count)")
      }
      return 0
    }
  }
}
