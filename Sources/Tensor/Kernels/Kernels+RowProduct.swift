import CKernels

extension Matrix {
  /// X·Wᵀ + b whose rows have the same bits whatever the other rows are.
  ///
  /// `self` [rows, input], `weight` [output, input], `bias` [1, output] → [rows, output]. For
  /// widths of a few hundred it is as fast as the general product; `weight` is packed in each call.
  package func rowProduct(weight: Matrix, bias: Matrix? = nil) -> Matrix {
    precondition(
      weight.columns == columns, "[\(rows), \(columns)] · [\(weight.rows), \(weight.columns)]ᵀ")
    if let bias {
      precondition(
        bias.rows == 1 && bias.columns == weight.rows,
        "bias [\(bias.rows), \(bias.columns)] for \(weight.rows) outputs")
    }
    let (n, k) = (weight.rows, columns)
    let tile = rows * n * k < 1 << 21 ? max(1, rows) : 192
    return unsafe Matrix(uninitializedRows: rows, columns: n) { target in
      unsafe Kernels.withScratch(lig_panel_size(n, k)) { pack in
        unsafe weight.values.withBase { weight in
          unsafe lig_pack_panels(pack, weight, 1, k, n, k)
        }
        unsafe values.withBase { x in
          unsafe (bias?.values ?? []).withBase { shift in
            let shift = unsafe bias == nil ? nil : shift
            Kernels.forEachRange(rows, by: tile) { start, end in
              unsafe lig_row_product(
                target + start * n, n, x + start * k, k, 1, pack, shift, end - start, n, k)
            }
          }
        }
      }
    }
  }
}
