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
    configuration.seed = .max
    configuration.initialTemperature = 1 / configuration.maximumScale
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
    (#"{"epochs": null}"#, "epochs"),
    (#"{"epochs": 2.5}"#, "epochs"),
    (#"{"epochs": 1000000000000000}"#, "epochs"),
    (#"{"moleculeView": {"components": 16385}}"#, "moleculeView.components"),
    (#"{"textView": {"maximumFeatures": -1}}"#, "textView.maximumFeatures"),
    (#"{"storage": "tiny"}"#, "storage"),
    (#"{"optimizer": {"adamW": {"beta1": 1}}}"#, "optimizer.adamW.beta1"),
    (#"{"optimizer": {"adamW": {"beta2": -0.1}}}"#, "optimizer.adamW.beta2"),
    (#"{"optimizer": {"adamW": {"epsilon": 0}}}"#, "optimizer.adamW.epsilon"),
    (#"{"optimizer": {"adamW": {"weightDecay": -1}}}"#, "optimizer.adamW.weightDecay"),
    (#"{"initialTemperature": 0.009}"#, "initialTemperature"),
    ("[1]", ""),
    (#"{"epochs": "#, ""),
  ])
  func badFieldIsNamed(json: String, field: String) {
    let error = #expect(throws: ConfigurationError.self) { try read(json) }
    #expect(error?.field == field)
    #expect(error?.file == "f.json")
    #expect(error?.detail.isEmpty == false)
  }

  @Test(arguments: [
    (#"{"epochs": "three"}"#, "f.json: field 'epochs': a whole number expected"),
    (#"{"dropout": "half"}"#, "f.json: field 'dropout': a number expected"),
    (#"{"epochs": null}"#, "f.json: field 'epochs': a whole number expected, null found"),
    (#"{"epochs": 2.5}"#, "f.json: field 'epochs': 2.5 does not fit here"),
    (
      #"{"textView": {"components": 2.5}}"#,
      "f.json: field 'textView.components': 2.5 does not fit here"
    ),
    (#"{"textView": 5}"#, "f.json: field 'textView': an object expected"),
    (#"{"dropout": 1}"#, "f.json: field 'dropout': 0..<1 expected"),
    ("[1]", "f.json: a JSON object is expected"),
  ])
  func errorsAreSentences(json: String, sentence: String) {
    let error = #expect(throws: ConfigurationError.self) { try read(json) }
    #expect(error?.description == sentence)
  }

  @Test func syntaxErrorNamesNoType() {
    let error = #expect(throws: ConfigurationError.self) { try read(#"{"epochs": "#) }
    #expect(error?.detail.hasPrefix("not valid JSON") == true)
    #expect(error?.detail.contains("Error") == false)
  }

  @Test func missingFileIsNamed() {
    let error = #expect(throws: ConfigurationError.self) {
      try TrainingConfiguration(contentsOf: "/nowhere/f.json")
    }
    #expect(
      error?.description == "/nowhere/f.json: cannot be read: No such file or directory")
  }
}
