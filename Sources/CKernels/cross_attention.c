#include <string.h>

#include "CKernels.h"
#include "dispatch.h"
#include "exponential.h"

LIG_INLINE float dot(const float *a, const float *b, size_t width) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (size_t j = 0; j < width; j++) sum += a[j] * b[j];
  return sum;
}

LIG_INLINE void add_row(float *target, const float *source, float factor, size_t width) {
  for (size_t j = 0; j < width; j++) target[j] += factor * source[j];
}

/// Softmax of the scores of open slots, in place; masked ones stay 0.
LIG_INLINE void masked_softmax(float *scores, const uint8_t *mask, size_t slots) {
  float peak = -__builtin_inff();
  for (size_t s = 0; s < slots; s++)
    if (mask[s] && scores[s] > peak) peak = scores[s];
  float sum = 0;
  for (size_t s = 0; s < slots; s++) {
    if (!mask[s]) continue;
    scores[s] = lig_exp(scores[s] - peak);
    sum += scores[s];
  }
  for (size_t s = 0; s < slots; s++)
    if (mask[s]) scores[s] /= sum;
}

LIG_CLONES
void lig_cross_attention(float *restrict y, float *restrict weights, const float *restrict q,
                         const float *restrict k, const float *restrict v,
                         const uint8_t *restrict mask, size_t items, size_t views, size_t slots,
                         size_t heads, size_t key_width, size_t value_width, float scale) {
  const size_t key_row = heads * key_width, value_row = heads * value_width;
  memset(y, 0, items * views * value_row * sizeof(float));
  memset(weights, 0, items * heads * views * slots * sizeof(float));
  for (size_t n = 0; n < items; n++) {
    const uint8_t *open = mask + n * slots;
    for (size_t h = 0; h < heads; h++) {
      for (size_t i = 0; i < views; i++) {
        float *w = weights + ((n * heads + h) * views + i) * slots;
        const float *query = q + (n * views + i) * key_row + h * key_width;
        float *out = y + (n * views + i) * value_row + h * value_width;
        for (size_t s = 0; s < slots; s++)
          if (open[s])
            w[s] = scale * dot(query, k + (n * slots + s) * key_row + h * key_width, key_width);
        masked_softmax(w, open, slots);
        for (size_t s = 0; s < slots; s++)
          if (open[s])
            add_row(out, v + (n * slots + s) * value_row + h * value_width, w[s], value_width);
      }
    }
  }
}

LIG_CLONES
void lig_cross_attention_gradient(float *restrict dq, float *restrict dk, float *restrict dv,
                                  const float *restrict dy, const float *restrict weights,
                                  const float *restrict q, const float *restrict k,
                                  const float *restrict v, const uint8_t *restrict mask,
                                  size_t items, size_t views, size_t slots, size_t heads,
                                  size_t key_width, size_t value_width, float scale) {
  const size_t key_row = heads * key_width, value_row = heads * value_width;
  memset(dq, 0, items * views * key_row * sizeof(float));
  memset(dk, 0, items * slots * key_row * sizeof(float));
  memset(dv, 0, items * slots * value_row * sizeof(float));
  for (size_t n = 0; n < items; n++) {
    const uint8_t *open = mask + n * slots;
    for (size_t h = 0; h < heads; h++) {
      for (size_t i = 0; i < views; i++) {
        const float *w = weights + ((n * heads + h) * views + i) * slots;
        const size_t query = (n * views + i) * key_row + h * key_width;
        const float *g = dy + (n * views + i) * value_row + h * value_width;
        float along = 0;
        for (size_t s = 0; s < slots; s++)
          if (open[s])
            along += w[s] * dot(g, v + (n * slots + s) * value_row + h * value_width, value_width);
        for (size_t s = 0; s < slots; s++) {
          if (!open[s]) continue;
          const size_t value = (n * slots + s) * value_row + h * value_width;
          const size_t key = (n * slots + s) * key_row + h * key_width;
          const float slope = scale * w[s] * (dot(g, v + value, value_width) - along);
          add_row(dv + value, g, w[s], value_width);
          add_row(dq + query, k + key, slope, key_width);
          add_row(dk + key, q + query, slope, key_width);
        }
      }
    }
  }
}
