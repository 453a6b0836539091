import Tensor
import Testing

struct ParameterShapeTests {
  private static let shapes: [ParameterShape] = [
    .weight("a.weight", output: 2, input: 3, factor: 0.5), .vector("a.bias", width: 2, value: 4),
    ParameterShape(name: "b", rows: 3, columns: 5, decays: false, start: .spread(0.1)),
  ]

  @Test func freshValuesFollowTheStart() {
    var random = RandomSource(seed: 3)
    let expected = [
      random.normal(rows: 2, columns: 3, standardDeviation: 0.5 / Float(3).squareRoot()),
      Matrix(rows: 1, columns: 2, repeating: 4),
      random.normal(rows: 3, columns: 5, standardDeviation: 0.1),
    ]
    let fresh = ParameterSet(Self.shapes, seed: 3)
    #expect(fresh.parameters.map(\.value) == expected)
    #expect(fresh.parameters.map(\.name) == ["a.weight", "a.bias", "b"])
    #expect(fresh.parameters.map(\.decays) == [true, false, false])
  }

  @Test func weightsAreFoundByName() {
    let shapes = [
      ParameterShape.weight("a", output: 2, input: 3), .vector("b", width: 4, value: 2),
    ]
    let parameters = ParameterSet(shapes, seed: 1)
    #expect(parameters.lookup("a") == parameters["a"])
    #expect(parameters.lookup("b") == Matrix(rows: 1, columns: 4, repeating: 2))
    #expect(parameters == ParameterSet(shapes, seed: 1))
    #expect(parameters != ParameterSet(shapes, seed: 2))
    #expect(parameters.parameters.map(\.decays) == [true, false])
  }

  @Test func storedValuesComeBackByPrefixAndName() throws {
    let file = TemporaryFile()
    let parameters = ParameterSet(Self.shapes, seed: 5)
    var tensors: [String: StoredTensor] = [:]
    for parameter in parameters.parameters {
      tensors["best/" + parameter.name] = .float(parameter.value)
    }
    try SafetensorsWriter.write(tensors, to: file.path)
    let reader = try SafetensorsReader(path: file.path)
    #expect(
      try ParameterSet(Self.shapes, from: reader, path: file.path, prefix: "best/") == parameters)
    let missing = #expect(throws: SafetensorsError.self) {
      _ = try ParameterSet(Self.shapes, from: reader, path: file.path)
    }
    #expect(missing?.path == file.path)
  }

  @Test func anotherShapeIsRefused() throws {
    let file = TemporaryFile()
    try SafetensorsWriter.write(["w": .float(Matrix(rows: 2, columns: 3))], to: file.path)
    let reader = try SafetensorsReader(path: file.path)
    #expect(
      throws: SafetensorsError(
        path: file.path,
        reason: .mismatchedTensor(name: "w", found: "[2, 3]", expected: "[3, 2]"))
    ) {
      _ = try ParameterShape.weight("w", output: 3, input: 2).read(from: reader, path: file.path)
    }
  }
}
