import Tensor
import Testing

struct ParameterSetTests {
  private let set = ParameterSet([
    .init(name: "a", value: Matrix(rows: 2, columns: 3, repeating: 1), decays: true),
    .init(name: "b", value: Matrix(rows: 1, columns: 4, repeating: 2), decays: false),
  ])

  @Test func weightsAreFoundByName() {
    #expect(set["b"] == Matrix(rows: 1, columns: 4, repeating: 2))
  }

  @Test func scalarsOfAllParametersAreCounted() {
    #expect(set.scalarCount == 10)
  }

  @Test func repeatedNamesTrap() async {
    await #expect(processExitsWith: .failure) {
      let matrix = Matrix(rows: 1, columns: 1)
      _ = ParameterSet([
        .init(name: "a", value: matrix, decays: true),
        .init(name: "a", value: matrix, decays: true),
      ])
    }
  }
}
