#include <string.h>

#include "CKernels.h"
#include "dispatch.h"

LIG_CLONES
void lig_relation_messages(float *restrict y, const float *restrict x, const float *restrict mix,
                           const int32_t *restrict offsets, const int32_t *restrict sources,
                           const int32_t *restrict relations, const float *restrict weights,
                           size_t first, size_t last, size_t bases, size_t width) {
  memset(y + first * bases * width, 0, (last - first) * bases * width * sizeof(float));
  for (size_t t = first; t < last; t++) {
    for (int32_t e = offsets[t]; e < offsets[t + 1]; e++) {
      const float *source = x + (size_t)sources[e] * width;
      const float *factors = mix + (size_t)relations[e] * bases;
      for (size_t b = 0; b < bases; b++) {
        float *target = y + (t * bases + b) * width;
        const float factor = weights[e] * factors[b];
        for (size_t j = 0; j < width; j++) target[j] += factor * source[j];
      }
    }
  }
}

LIG_CLONES
void lig_relation_messages_gradient(float *restrict dx, float *restrict dmix,
                                    const float *restrict dy, const float *restrict x,
                                    const float *restrict mix, const int32_t *restrict offsets,
                                    const int32_t *restrict sources,
                                    const int32_t *restrict relations,
                                    const float *restrict weights, size_t targets, size_t bases,
                                    size_t width) {
#pragma clang fp reassociate(on)
  for (size_t t = 0; t < targets; t++) {
    for (int32_t e = offsets[t]; e < offsets[t + 1]; e++) {
      const float *source = x + (size_t)sources[e] * width;
      float *gradient = dx + (size_t)sources[e] * width;
      const size_t row = (size_t)relations[e] * bases;
      for (size_t b = 0; b < bases; b++) {
        const float *g = dy + (t * bases + b) * width;
        const float factor = weights[e] * mix[row + b];
        float along = 0;
        for (size_t j = 0; j < width; j++) {
          along += g[j] * source[j];
          gradient[j] += factor * g[j];
        }
        dmix[row + b] += weights[e] * along;
      }
    }
  }
}
