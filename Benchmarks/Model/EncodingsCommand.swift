import Alignment
import ArgumentParser
import Tensor

/// The same texts encoded over and over; Benchmarks/allocations.sh counts what that allocates.
struct EncodingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encodings", abstract: "Encodes a batch of texts many times.")

  @Option(name: .long, help: "The checkpoint's folder.")
  var model: String

  @Option(name: .long, help: "Texts in the batch.")
  var batch = 16

  @Option(name: .long, help: "How many times they are encoded.")
  var encodings = 100

  func run() throws {
    FreedMemory.keep()
    let model = try Checkpoint(contentsOf: model).model
    let texts = (0..<batch).map { number in
      "a selective beta-1 blocker for hypertension with \(number) fluorine atoms and an amide"
    }
    var sum: Float = 0
    for _ in 0..<encodings { sum += model.encode(texts)[0, 0] }
    print(sum)
  }
}
