import Foundation
import Retrieval
import Tensor

/// Measures search; Benchmarks/retrieval.py says how to run it.
@main
struct RetrievalBenchmark {
  static func main() throws {
    FreedMemory.keep()
    let arguments = Array(CommandLine.arguments.dropFirst())
    let numbers = arguments.dropFirst(2).compactMap { Int($0) }
    guard arguments.count >= 2, numbers.count == arguments.count - 2 else { usage() }
    let dimension = numbers.first ?? 512
    let rows = numbers.dropFirst().first ?? .max
    switch arguments[0] {
    case "search":
      try SearchMeasurement(folder: arguments[1], dimension: dimension, rows: rows)
        .run(rounds: numbers.dropFirst(2).first ?? 15)
    case "graph":
      try SearchMeasurement(folder: arguments[1], dimension: dimension, rows: rows)
        .runGraph(rounds: numbers.dropFirst(2).first ?? 15)
    case "snapshot": try SnapshotMeasurement(folder: arguments[1], dimension: dimension).run()
    default: usage()
    }
  }

  private static func usage() -> Never {
    print("usage: retrieval-benchmark search|graph FOLDER [DIMENSION [ROWS [ROUNDS]]]")
    print("       retrieval-benchmark snapshot FOLDER [DIMENSION]")
    exit(64)
  }
}

/// Seconds that some work takes, and its result.
func timed<Value>(_ work: () throws -> Value) rethrows -> (value: Value, seconds: Double) {
  let start = ContinuousClock.now
  let value = try work()
  return (value, (.now - start) / .seconds(1))
}

/// The middle one of some values.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// Prints one line of JSON; numbers and text only.
func report(_ fields: KeyValuePairs<String, any Sendable>) {
  let members = fields.map { name, value in
    value is String ? "\"\(name)\": \"\(value)\"" : "\"\(name)\": \(value)"
  }
  print("{" + members.joined(separator: ", ") + "}")
  fflush(nil)
}
