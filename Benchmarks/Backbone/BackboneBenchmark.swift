import Foundation
import Tensor

/// Measures the backbone; Benchmarks/backbone.sh says how to run it.
@main
struct BackboneBenchmark {
  static func main() {
    FreedMemory.keep()
    let arguments = CommandLine.arguments.dropFirst()
    let numbers = arguments.dropFirst().compactMap { Int($0) }
    switch arguments.first {
    case "experts":
      ExpertsTable(pairs: numbers.first ?? 1024, expertWidth: numbers.dropFirst().first ?? 8)
        .print(only: numbers.dropFirst(2).first)
    case "cache":
      CacheMeasurement(pairs: numbers.first ?? 8192, chunk: numbers.dropFirst().first ?? 512)
        .print()
    case "digest": ExpertsTable(pairs: 64, expertWidth: 8).printDigest()
    default:
      print("usage: backbone-benchmark experts [PAIRS [EXPERT-WIDTH [ONLY-E]]]")
      print("       backbone-benchmark cache [PAIRS [CHUNK]]")
      print("       backbone-benchmark digest")
      exit(64)
    }
  }
}

/// Milliseconds that some work takes.
func milliseconds(_ work: () -> Void) -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  work()
  return (clock.now - start) / .milliseconds(1)
}

/// Milliseconds of all cores that the process has used, its own and the system's for it.
var processorMilliseconds: Double { Double(clock()) * 1000 / Double(CLOCKS_PER_SEC) }

/// The middle one of some values.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// A number in a column of a width.
func column(_ value: Double, _ width: Int = 10, digits: Int = 2) -> String {
  let text = String(format: "%.\(digits)f", value)
  return String(repeating: " ", count: max(1, width - text.count)) + text
}
