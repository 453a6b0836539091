import Foundation
import Tensor
import Testing

/// The built program, killed with SIGKILL while it trains and resumed until it is done.
@Suite struct TrainKillTests {
  @Test func killedAndResumedTrainingEndsWithTheSameWeights() throws {
    let folder = try ScratchFolder()
    let whole = try ProgramRun(arguments(folder, out: "whole"))
    try #require(whole.wait() == 0)

    var random = RandomSource(seed: 11)
    var kills = 0
    // From the reading of files to the last epochs: each run goes a little further.
    for attempt in 0..<12 {
      let run = try ProgramRun(arguments(folder, out: "killed") + ["--resume"])
      usleep(UInt32(50_000 * (attempt + 1)) + UInt32(random.uniform() * 50_000))
      if run.kill() { kills += 1 }
    }
    #expect(kills >= 3, "the runs ended before they could be killed")
    #expect(try ProgramRun(arguments(folder, out: "killed") + ["--resume"]).wait() == 0)

    for file in [
      "weights", "molecule-view", "structure-view", "text-ridge-view", "references",
    ].map({ $0 + ".safetensors" }) {
      let expected = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/whole/" + file))
      let found = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/killed/" + file))
      #expect(found == expected, "\(file) differs")
    }
    let history = try String(
      contentsOfFile: folder.path + "/killed/metrics.jsonl", encoding: .utf8)
    #expect(history.split(separator: "\n").count == 8)
  }

  private func arguments(_ folder: ScratchFolder, out: String) throws -> [String] {
    let compounds = try String(
      contentsOfFile: ProjectFolder.path + "/data/compounds.tsv", encoding: .utf8
    ).split(separator: "\n").prefix(61).joined(separator: "\n")
    let view = #"{"components": 24, "minimumDocumentFrequency": 1}"#
    let settings = """
      {"moleculeView": \(view), "structureView": \(view), "textView": \(view),
       "hiddenWidth": 32, "outputWidth": 16,
       "batchSize": 16, "epochs": 8, "evaluationInterval": 1}
      """
    let (pairs, config) = (folder.path + "/pairs.tsv", folder.path + "/config.json")
    try compounds.write(toFile: pairs, atomically: true, encoding: .utf8)
    try settings.write(toFile: config, atomically: true, encoding: .utf8)
    return [
      "train", "--pairs", pairs, "--dev", pairs, "--pool", pairs, "--config", config,
      "--out", folder.path + "/" + out,
    ]
  }
}
