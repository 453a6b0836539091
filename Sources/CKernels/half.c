#include "CKernels.h"
#include "dispatch.h"

LIG_CLONES
void lig_half_from_float(uint16_t *restrict target, const float *restrict source, size_t count) {
  _Float16 *restrict halves = (_Float16 *)target;
  for (size_t i = 0; i < count; i++) halves[i] = (_Float16)source[i];
}

LIG_CLONES
void lig_float_from_half(float *restrict target, const uint16_t *restrict source, size_t count) {
  const _Float16 *restrict halves = (const _Float16 *)source;
  for (size_t i = 0; i < count; i++) target[i] = (float)halves[i];
}

LIG_CLONES
void lig_weighted_row_sum_half(float *restrict target, const uint16_t *restrict table,
                               size_t width, const int32_t *restrict rows,
                               const float *restrict weights, size_t count) {
  enum { block = 128, lookahead = 8 };
  size_t column = 0;
  for (; column + block <= width; column += block) {
    float sums[block] = {0};
    for (size_t i = 0; i < count; i++) {
      const _Float16 *row = (const _Float16 *)table + (size_t)rows[i] * width + column;
      float weight = weights[i];
      if (i + lookahead < count) {
        // Rows lie anywhere in a table far larger than the caches: ask for them early.
        const _Float16 *ahead =
            (const _Float16 *)table + (size_t)rows[i + lookahead] * width + column;
        for (size_t j = 0; j < block; j += 32) __builtin_prefetch(ahead + j);
      }
      for (size_t j = 0; j < block; j++) sums[j] += weight * (float)row[j];
    }
    for (size_t j = 0; j < block; j++) target[column + j] = sums[j];
  }
  for (; column < width; column++) {
    float sum = 0;
    for (size_t i = 0; i < count; i++) {
      const _Float16 *row = (const _Float16 *)table + (size_t)rows[i] * width;
      sum += weights[i] * (float)row[column];
    }
    target[column] = sum;
  }
}

LIG_CLONES
float lig_dot_halves(const uint16_t *a, const uint16_t *b, size_t count) {
#pragma clang fp reassociate(on)
  const _Float16 *x = (const _Float16 *)a, *y = (const _Float16 *)b;
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += (float)x[i] * (float)y[i];
  return sum;
}

LIG_CLONES
float lig_dot_float_half(const float *x, const uint16_t *b, size_t count) {
#pragma clang fp reassociate(on)
  const _Float16 *y = (const _Float16 *)b;
  float sum = 0;
  for (size_t i = 0; i < count; i++) sum += x[i] * (float)y[i];
  return sum;
}
