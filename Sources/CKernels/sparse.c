#include "CKernels.h"
#include "dispatch.h"

enum { full_width = 64, lookahead = 12 };

LIG_CLONES
void lig_sparse_panel_product(float *restrict y, size_t stride, const int64_t *restrict offsets,
                              const int32_t *restrict columns, const float *restrict values,
                              size_t first_row, size_t last_row, const float *restrict panel,
                              size_t width) {
  const size_t end = (size_t)offsets[last_row];
  for (size_t row = first_row; row < last_row; row++) {
    float sums[full_width] = {0};
    if (width == full_width) {
      for (size_t i = (size_t)offsets[row]; i < (size_t)offsets[row + 1]; i++) {
        if (i + lookahead < end) {
          const float *ahead = panel + (size_t)columns[i + lookahead] * full_width;
          for (size_t j = 0; j < full_width; j += 16) __builtin_prefetch(ahead + j);
        }
        const float *source = panel + (size_t)columns[i] * full_width;
        float value = values[i];
        for (size_t j = 0; j < full_width; j++) sums[j] += value * source[j];
      }
    } else {
      for (size_t i = (size_t)offsets[row]; i < (size_t)offsets[row + 1]; i++) {
        const float *source = panel + (size_t)columns[i] * width;
        float value = values[i];
        for (size_t j = 0; j < width; j++) sums[j] += value * source[j];
      }
    }
    for (size_t j = 0; j < width; j++) y[row * stride + j] = sums[j];
  }
}
