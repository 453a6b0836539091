@main
struct BackboneBenchmark {
  static func main() {}
}
