import CKernels

extension Matrix {
  /// Rows of a tile of message passing.
  private static let messageTile = 512

  /// yᵥ = xᵥ + Σ max(0, xᵤ + e) over the edges that end at v.
  func messageSums(edges: Matrix, _ graph: Neighborhoods) -> Matrix {
    checkMessages(edges, graph)
    let width = columns
    return unsafe Matrix(uninitializedRows: rows, columns: width) { target in
      unsafe values.withBase { x in
        unsafe edges.values.withBase { edges in
          unsafe graph.offsets.withBase { offsets in
            unsafe graph.sources.withBase { sources in
              unsafe graph.kinds.withBase { kinds in
                Kernels.forEachRange(rows, by: Self.messageTile) { first, last in
                  unsafe lig_message_sum(
                    target, x, edges, offsets, sources, kinds, first, last, width)
                }
              }
            }
          }
        }
      }
    }
  }

  /// The gradient of the rows through ``messageSums(edges:_:)``; self is that of its output.
  func throughMessageSums(x: Matrix, edges: Matrix, _ graph: Neighborhoods) -> Matrix {
    x.checkMessages(edges, graph)
    let width = columns
    return unsafe Matrix(uninitializedRows: rows, columns: width) { target in
      unsafe values.withBase { gradient in
        unsafe x.values.withBase { x in
          unsafe edges.values.withBase { edges in
            unsafe graph.offsets.withBase { offsets in
              unsafe graph.sources.withBase { sources in
                unsafe graph.kinds.withBase { kinds in
                  unsafe graph.reverse.withBase { reverse in
                    Kernels.forEachRange(rows, by: Self.messageTile) { first, last in
                      unsafe lig_message_sum_gradient(
                        target, gradient, x, edges, offsets, sources, kinds, reverse, first, last,
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

  /// The gradient of the edge vectors through ``messageSums(edges:_:)``.
  func edgeGradient(x: Matrix, edges: Matrix, _ graph: Neighborhoods) -> Matrix {
    x.checkMessages(edges, graph)
    var result = Matrix(rows: edges.rows, columns: columns)
    let (rows, width) = (rows, columns)
    unsafe result.values.withMutableBase { target in
      unsafe values.withBase { gradient in
        unsafe x.values.withBase { x in
          unsafe edges.values.withBase { edges in
            unsafe graph.offsets.withBase { offsets in
              unsafe graph.sources.withBase { sources in
                unsafe graph.kinds.withBase { kinds in
                  Kernels.forEachRange(width, by: Kernels.columnTile) { first, last in
                    unsafe lig_message_edge_gradient(
                      target, gradient, x, edges, offsets, sources, kinds, rows, width, first, last)
                  }
                }
              }
            }
          }
        }
      }
    }
    return result
  }

  private func checkMessages(_ edges: Matrix, _ graph: Neighborhoods) {
    precondition(graph.rows == rows, "a graph of \(graph.rows) rows for \(rows)")
    precondition(
      edges.columns == columns && edges.rows >= graph.kindCount,
      "edges [\(edges.rows), \(edges.columns)] of \(graph.kindCount) kinds for width \(columns)")
  }
}
