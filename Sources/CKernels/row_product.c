#include "CKernels.h"
#include "panels.h"

size_t lig_panel_size(size_t n, size_t k) { return panel_count(n) * panel_width * k; }

void lig_pack_panels(float *restrict pack, const float *restrict b, size_t inner_stride,
                     size_t column_stride, size_t n, size_t k) {
  pack_panels(pack, b, inner_stride, column_stride, n, k);
}

#define DEFINE_PRODUCT(NAME, ATTRIBUTES, TILE_ROWS)                                               \
  ATTRIBUTES static void NAME(float *restrict y, size_t y_stride, const float *restrict x,        \
                              size_t x_stride, size_t x_inner_stride, const float *restrict pack, \
                              const float *restrict bias, size_t rows, size_t n, size_t k) {      \
    if (x_inner_stride == 1)                                                                      \
      panel_product(y, y_stride, x, x_stride, 1, pack, bias, rows, n, k, TILE_ROWS);              \
    else                                                                                          \
      panel_product(y, y_stride, x, x_stride, x_inner_stride, pack, bias, rows, n, k, TILE_ROWS); \
  }

#if defined(__x86_64__)
DEFINE_PRODUCT(product_v4, PANEL_V4, tile_rows_v4)
DEFINE_PRODUCT(product_v3, PANEL_V3, tile_rows_v3)
#endif
DEFINE_PRODUCT(product_default, , tile_rows_default)

void lig_row_product(float *restrict y, size_t y_stride, const float *restrict x, size_t x_stride,
                     size_t x_inner_stride, const float *restrict pack,
                     const float *restrict bias, size_t rows, size_t n, size_t k) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) {
    product_v4(y, y_stride, x, x_stride, x_inner_stride, pack, bias, rows, n, k);
    return;
  }
  if (__builtin_cpu_supports("x86-64-v3")) {
    product_v3(y, y_stride, x, x_stride, x_inner_stride, pack, bias, rows, n, k);
    return;
  }
#endif
  product_default(y, y_stride, x, x_stride, x_inner_stride, pack, bias, rows, n, k);
}
