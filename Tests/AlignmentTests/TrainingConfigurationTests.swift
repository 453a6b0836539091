import Alignment
import Foundation
import Tensor
import Testing

@Suite struct TrainingConfigurationTests {
  private func read(_ json: String) throws(ConfigurationError) -> TrainingConfiguration {
    try TrainingConfiguration(json: Data(json.utf8), file: "f.json")
  }

  @Test func absentFieldsKeepTheirDefaults() throws {
    var expected = TrainingConfiguration()
    expected.epochs = 3
    expected.textView.components = 64
    #expect(try read(#"{"epochs": 3, "textView": {"components": 64}}"#) == expected)
    #expect(try read("{}") == TrainingConfiguration())
  }

  @Test func writtenConfigurationReadsBack() throws {
    var configuration = TrainingConfiguration()
    configuration.dropout = 0.35
    configuration.seed = 99
    let json = try JSONEncoder().encode(configuration)
    #expect(try TrainingConfiguration(json: json) == configuration)
  }

  @Test(arguments: [
    (#"{"epoch": 3}"#, "epoch"),
    (#"{"textView": {"width": 3}}"#, "textView.width"),
    (#"{"epochs": "three"}"#, "epochs"),
    (#"{"epochs": 0}"#, "epochs"),
    (#"{"dropout": 1}"#, "dropout"),
    (#"{"batchSize": 1}"#, "batchSize"),
    (#"{"moleculeView": {"whitening": 1.5}}"#, "moleculeView.whitening"),
    (#"{"textView": {"weighting": "cubic"}}"#, "textView.weighting"),
    (#"{"textView": 5}"#, "textView"),
    ("[1]", ""),
    (#"{"epochs": "#, ""),
  ])
  func badFieldIsNamed(json: String, field: String) {
    let error = #expect(throws: ConfigurationError.self) { try read(json) }
    #expect(error?.field == field)
    #expect(error?.file == "f.json")
    #expect(error?.detail.isEmpty == false)
  }

  @Test func missingFileIsNamed() {
    let error = #expect(throws: ConfigurationError.self) {
      try TrainingConfiguration(contentsOf: "/nowhere/f.json")
    }
    #expect(error?.file == "/nowhere/f.json")
  }
}
