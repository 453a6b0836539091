#include <string.h>

#include "CKernels.h"
#include "dispatch.h"

// Vectors never cross a call: everything that takes one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

enum { lanes = 16 };
typedef float Lanes __attribute__((vector_size(lanes * sizeof(float))));

LIG_INLINE Lanes load(const float *source) {
  Lanes values;
  memcpy(&values, source, sizeof values);
  return values;
}

LIG_INLINE void store(float *target, Lanes values) { memcpy(target, &values, sizeof values); }

// One stage within 16 values: lanes i and i ^ h become their sum and difference.
#define STAGE(V, H, ...)                                                                          \
  V = __builtin_shufflevector(V, V, __VA_ARGS__) +                                                \
      V * (Lanes){1,                                                                              \
                  (1 & H) ? -1 : 1, (2 & H) ? -1 : 1, (3 & H) ? -1 : 1, (4 & H) ? -1 : 1,         \
                  (5 & H) ? -1 : 1, (6 & H) ? -1 : 1, (7 & H) ? -1 : 1, (8 & H) ? -1 : 1,         \
                  (9 & H) ? -1 : 1, (10 & H) ? -1 : 1, (11 & H) ? -1 : 1, (12 & H) ? -1 : 1,      \
                  (13 & H) ? -1 : 1, (14 & H) ? -1 : 1, (15 & H) ? -1 : 1}

// Walsh–Hadamard transform of 2ⁿ values, at least 16, without its factor; in place.
LIG_INLINE void hadamard(float *x, size_t size) {
  for (size_t i = 0; i < size; i += lanes) {
    Lanes v = load(x + i);
    STAGE(v, 1, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    STAGE(v, 2, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    STAGE(v, 4, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    STAGE(v, 8, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    store(x + i, v);
  }
  for (size_t h = lanes; h < size; h *= 2) {
    for (size_t start = 0; start < size; start += 2 * h) {
      for (size_t i = start; i < start + h; i += lanes) {
        Lanes a = load(x + i), b = load(x + i + h);
        store(x + i, a + b);
        store(x + i + h, a - b);
      }
    }
  }
}

LIG_CLONES
void lig_rotate_rows(float *restrict target, const float *restrict source, size_t rows,
                     size_t width, size_t padded, const float *restrict signs, size_t rounds) {
  size_t power = 64;
  while (2 * power <= padded) power *= 2;
  // Every transform multiplies lengths by √power, every mixing of halves by √2.
  float factor = 1;
  for (size_t round = 0; round < rounds; round++) {
    factor /= __builtin_sqrtf((float)power);
  }
  for (size_t row = 0; row < rows; row++) {
    float *x = target + row * padded;
    memcpy(x, source + row * width, width * sizeof(float));
    memset(x + width, 0, (padded - width) * sizeof(float));
    for (size_t round = 0; round < rounds; round++) {
      const float *sign = signs + round * padded;
      for (size_t i = 0; i < padded; i++) x[i] *= sign[i];
      if (power == padded) {
        hadamard(x, power);
        continue;
      }
      float *part = x + (round % 2 ? padded - power : 0);
      hadamard(part, power);
      // The rest keeps the length of what was transformed, then both halves meet.
      float *rest = round % 2 ? x : x + power;
      float length = __builtin_sqrtf((float)power);
      for (size_t i = 0; i < padded - power; i++) rest[i] *= length;
      size_t half = padded / 2;
      for (size_t i = 0; i < half; i++) {
        float a = x[i], b = x[i + half];
        x[i] = (a + b) * 0.70710678f;
        x[i + half] = (a - b) * 0.70710678f;
      }
    }
    for (size_t i = 0; i < padded; i++) x[i] *= factor;
  }
}
