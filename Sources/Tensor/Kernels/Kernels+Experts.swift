import CKernels

/// What the experts of one layer computed, with what their backward pass needs.
struct ExpertOutputs {
  /// [T, d].
  let output: Matrix
  /// The values before GELU of each place; [T·k, h].
  let inner: Matrix
}

/// The gradients through a layer of experts; the banks' for touched experts only.
struct ExpertGradients {
  let x: Matrix
  let gates: Matrix
  let input: GroupGradient
  let output: GroupGradient
}

extension Kernels {
  /// Tiles of experts: bounds depend on their number only.
  private static func expertTile(_ experts: Int) -> Int { max(1, (experts + 63) / 64) }

  /// The most places that one expert has within the tiles' bounds: the scratch a tile needs.
  private static func largestLoad(_ dispatch: ExpertDispatch, _ range: Range<Int>) -> Int {
    range.reduce(0) { max($0, dispatch.load(of: $1)) }
  }

  static func experts(
    _ x: Matrix, gates: Matrix, input: Matrix, output: Matrix, dispatch: ExpertDispatch
  ) -> ExpertOutputs {
    let width = x.columns
    let units = input.rows / dispatch.expertCount
    let places = dispatch.tokens.count
    var inner = Matrix(rows: 0, columns: units)
    let placed = unsafe Matrix(uninitializedRows: places, columns: width) { y in
      inner = unsafe Matrix(uninitializedRows: places, columns: units) { inner in
        forEachRange(dispatch.expertCount, by: expertTile(dispatch.expertCount)) { first, last in
          let load = largestLoad(dispatch, first..<last)
          var scratch = [Float](repeating: 0, count: load * units)
          unsafe scratch.withUnsafeMutableBufferPointer { scratch in
            unsafe x.values.withUnsafeBufferPointer { x in
              unsafe gates.values.withUnsafeBufferPointer { gates in
                unsafe input.values.withUnsafeBufferPointer { input in
                  unsafe output.values.withUnsafeBufferPointer { output in
                    unsafe dispatch.tokens.withUnsafeBufferPointer { tokens in
                      unsafe dispatch.slots.withUnsafeBufferPointer { slots in
                        guard let scratch = scratch.baseAddress, let x = x.baseAddress,
                          let gates = gates.baseAddress, let input = input.baseAddress,
                          let output = output.baseAddress, let tokens = tokens.baseAddress,
                          let slots = slots.baseAddress
                        else { return }
                        for expert in first..<last where dispatch.load(of: expert) > 0 {
                          let place = dispatch.offsets[expert]
                          let block = expert * units * width
                          unsafe lig_expert(
                            y + place * width, inner + place * units, scratch, x, tokens + place,
                            slots + place, dispatch.load(of: expert), gates, input + block,
                            output + block, units, width)
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return ExpertOutputs(output: sumOfPlaces(placed, dispatch), inner: inner)
  }

  static func expertGradients(
    of gradient: Matrix, x: Matrix, gates: Matrix, inner: Matrix, input: Matrix, output: Matrix,
    dispatch: ExpertDispatch
  ) -> ExpertGradients {
    let width = x.columns
    let units = inner.columns
    let touched = dispatch.touched
    var gateGradient = Matrix(rows: gates.rows, columns: gates.columns)
    var inputGradient = Matrix(rows: 0, columns: width)
    var outputGradient = Matrix(rows: 0, columns: width)
    let placed = unsafe Matrix(uninitializedRows: dispatch.tokens.count, columns: width) { dx in
      inputGradient = unsafe Matrix(uninitializedRows: touched.count * units, columns: width) {
        dinput in
        outputGradient = unsafe Matrix(uninitializedRows: touched.count * units, columns: width) {
          doutput in
          unsafe gateGradient.values.withUnsafeMutableBufferPointer { dgates in
            forEachRange(touched.count, by: expertTile(touched.count)) { first, last in
              let load = touched[first..<last].reduce(0) { max($0, dispatch.load(of: $1)) }
              var scratch = [Float](repeating: 0, count: 2 * load * units)
              unsafe scratch.withUnsafeMutableBufferPointer { scratch in
                unsafe gradient.values.withUnsafeBufferPointer { dy in
                  unsafe x.values.withUnsafeBufferPointer { x in
                    unsafe gates.values.withUnsafeBufferPointer { gates in
                      unsafe inner.values.withUnsafeBufferPointer { inner in
                        unsafe input.values.withUnsafeBufferPointer { input in
                          unsafe output.values.withUnsafeBufferPointer { output in
                            unsafe dispatch.tokens.withUnsafeBufferPointer { tokens in
                              unsafe dispatch.slots.withUnsafeBufferPointer { slots in
                                guard let dgates = dgates.baseAddress,
                                  let scratch = scratch.baseAddress, let dy = dy.baseAddress,
                                  let x = x.baseAddress, let gates = gates.baseAddress,
                                  let inner = inner.baseAddress, let input = input.baseAddress,
                                  let output = output.baseAddress, let tokens = tokens.baseAddress,
                                  let slots = slots.baseAddress
                                else { return }
                                for index in first..<last {
                                  let place = dispatch.offsets[touched[index]]
                                  let block = touched[index] * units * width
                                  let target = index * units * width
                                  unsafe lig_expert_gradient(
                                    dx + place * width, dgates, dinput + target, doutput + target,
                                    scratch, dy, x, tokens + place, slots + place,
                                    dispatch.load(of: touched[index]), gates,
                                    inner + place * units, input + block, output + block, units,
                                    width)
                                }
                              }
                            }
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    func grouped(_ values: Matrix) -> GroupGradient {
      GroupGradient(
        groupCount: dispatch.expertCount, rowsPerGroup: units, groups: touched, values: values)
    }
    return ExpertGradients(
      x: sumOfPlaces(placed, dispatch), gates: gateGradient, input: grouped(inputGradient),
      output: grouped(outputGradient))
  }

  /// Row t is the sum of the placed rows of token t, in the order of its choices.
  private static func sumOfPlaces(_ placed: Matrix, _ dispatch: ExpertDispatch) -> Matrix {
    let (width, choices) = (placed.columns, dispatch.choicesPerToken)
    return unsafe Matrix(uninitializedRows: dispatch.tokenCount, columns: width) { target in
      unsafe placed.values.withUnsafeBufferPointer { source in
        unsafe dispatch.places.withUnsafeBufferPointer { places in
          guard let source = source.baseAddress, let places = places.baseAddress else { return }
          forEachRange(dispatch.tokenCount, by: max(1, rowTile(width: width) / choices)) {
            start, end in
            unsafe lig_sum_placed_rows(
              target + start * width, source, places + start * choices, end - start, choices,
              width)
          }
        }
      }
    }
  }
}
