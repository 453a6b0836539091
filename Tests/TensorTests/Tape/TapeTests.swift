import Tensor
import Testing

struct TapeTests {
  @Test func unusedParameterHasAZeroGradientOfItsShape() {
    let tape = Tape()
    let unused = tape.parameter(.random(2, 3, seed: 1))
    let used = tape.parameter(.random(1, 1, seed: 2))
    let gradients = tape.gradients(of: tape.mean(used, used))
    #expect(gradients[unused] == Matrix(rows: 2, columns: 3))
    #expect(gradients[used].values == [1])
  }

  @Test func parameterUsedTwiceReceivesTheSum() {
    let tape = Tape()
    let x = tape.parameter(Matrix(rows: 1, columns: 1, values: [3]))
    let sum = tape.adding(tape.adding(x, x), x)
    #expect(tape.gradients(of: sum)[x].values == [3])
  }

  @Test func constantsReceiveNoGradient() {
    let tape = Tape()
    let x = tape.parameter(Matrix(rows: 1, columns: 1, values: [3]))
    let constant = tape.constant(Matrix(rows: 1, columns: 1, values: [2]))
    let gradients = tape.gradients(of: tape.adding(x, constant))
    #expect(gradients[x].values == [1])
    #expect(gradients[constant].values == [0])
  }

  @Test func lossThatIsAParameterHasGradientOne() {
    let tape = Tape()
    let x = tape.parameter(Matrix(rows: 1, columns: 1, values: [5]))
    #expect(tape.gradients(of: x)[x].values == [1])
  }

  @Test func gradientOfAMatrixTraps() async {
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = tape.gradients(of: tape.parameter(Matrix(rows: 2, columns: 1)))
    }
  }

  @Test func productOfUnequalWidthsTraps() async {
    await #expect(processExitsWith: .failure) {
      let tape = Tape()
      _ = tape.productTransposed(
        tape.constant(Matrix(rows: 2, columns: 3)), tape.constant(Matrix(rows: 2, columns: 4)))
    }
  }
}
