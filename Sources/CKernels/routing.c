#include <math.h>

#include "CKernels.h"
#include "dispatch.h"
#include "exponential.h"

/// ln x for normal positive x to about 2 ulp; branch-free. x = 2ⁿ·m with m in √½...√2, and
/// ln m = 2·artanh s for s = (m − 1)/(m + 1), by its series to s⁹.
LIG_INLINE float positive_log(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  int32_t n = ((int32_t)bits - 0x3f3504f3) >> 23;
  bits -= (uint32_t)n << 23;
  float m;
  memcpy(&m, &bits, sizeof m);
  float s = (m - 1.0f) / (m + 1.0f), t = s * s;
  float p = 1.0f / 9.0f;
  p = p * t + 1.0f / 7.0f;
  p = p * t + 1.0f / 5.0f;
  p = p * t + 1.0f / 3.0f;
  p = p * t + 1.0f;
  return 2.0f * s * p + (float)n * 0.69314718f;
}

LIG_CLONES
void lig_energy_entropy_rows(float *restrict entropies, const float *restrict x, size_t rows,
                             size_t width) {
#pragma clang fp reassociate(on)
  const float inverse = width > 1 ? 1.0f / logf((float)width) : 0.0f;
  for (size_t r = 0; r < rows; r++) {
    const float *source = x + r * width;
    float sum = 0, weighted = 0;
    for (size_t j = 0; j < width; j++) {
      float energy = source[j] * source[j];
      float safe = energy > 1e-37f ? energy : 1e-37f;
      sum += energy;
      weighted += energy * positive_log(safe);
    }
    float entropy = sum > 1e-30f ? (logf(sum) - weighted / sum) * inverse : 0.0f;
    entropies[r] = entropy > 0.0f ? (entropy < 1.0f ? entropy : 1.0f) : 0.0f;
  }
}

LIG_CLONES
void lig_softmax_entropy_rows(float *restrict entropies, const float *restrict x, size_t rows,
                              size_t width) {
#pragma clang fp reassociate(on)
  for (size_t r = 0; r < rows; r++) {
    const float *source = x + r * width;
    float peak = source[0];
    for (size_t j = 1; j < width; j++) peak = source[j] > peak ? source[j] : peak;
    float sum = 0, weighted = 0;
    for (size_t j = 0; j < width; j++) {
      float gap = source[j] - peak, e = lig_exp(gap);
      sum += e;
      weighted += e * gap;
    }
    float entropy = logf(sum) - weighted / sum;
    entropies[r] = entropy > 0.0f ? entropy : 0.0f;
  }
}

LIG_CLONES
void lig_sigmoid(float *restrict y, const float *restrict x, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = 1.0f / (1.0f + lig_exp(-x[i]));
}

LIG_CLONES
void lig_softplus(float *restrict y, const float *restrict x, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float v = x[i], e = 1.0f + lig_exp(v < 0.0f ? v : -v);
    y[i] = (v > 0.0f ? v : 0.0f) + positive_log(e);
  }
}

/// Puts (score, index) in its place among `size` descending ones; equal scores keep their order.
LIG_INLINE void insert(float *scores, int32_t *indices, size_t size, float score, int32_t index) {
  size_t place = size - 1;
  for (; place > 0 && score > scores[place - 1]; place--) {
    scores[place] = scores[place - 1];
    indices[place] = indices[place - 1];
  }
  scores[place] = score;
  indices[place] = index;
}

void lig_top_rows(int32_t *restrict indices, float *restrict best, const float *restrict scores,
                  const float *restrict bias, size_t rows, size_t width, size_t chosen) {
  for (size_t r = 0; r < rows; r++) {
    const float *source = scores + r * width;
    int32_t *index = indices + r * chosen;
    float *top = best + r * chosen;
    size_t j = 0;
    for (; j < chosen; j++) insert(top, index, j + 1, source[j] + bias[j], (int32_t)j);
    for (; j < width; j++) {
      float score = source[j] + bias[j];
      if (score > top[chosen - 1]) insert(top, index, chosen, score, (int32_t)j);
    }
  }
}

void lig_top_pairs(int32_t *restrict indices, float *restrict best,
                   const int32_t *restrict first_indices, const float *restrict first,
                   const int32_t *restrict second_indices, const float *restrict second,
                   size_t rows, size_t candidates, size_t codes, size_t chosen) {
  for (size_t r = 0; r < rows; r++) {
    const float *a = first + r * candidates, *b = second + r * candidates;
    const int32_t *ai = first_indices + r * candidates, *bi = second_indices + r * candidates;
    int32_t *index = indices + r * chosen;
    float *top = best + r * chosen;
    size_t filled = 0;
    for (size_t p = 0; p < candidates; p++) {
      // A pair with (p + 1)(q + 1) > chosen has that many pairs before it that are no worse.
      for (size_t q = 0; q < candidates && (p + 1) * (q + 1) <= chosen; q++) {
        float score = a[p] + b[q];
        int32_t pair = ai[p] * (int32_t)codes + bi[q];
        if (filled < chosen) {
          filled++;
          insert(top, index, filled, score, pair);
        } else if (score > top[chosen - 1]) {
          insert(top, index, chosen, score, pair);
        }
      }
    }
  }
}
