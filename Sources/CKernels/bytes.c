#include "CKernels.h"
#include "dispatch.h"

#include <math.h>
#include <string.h>

// Values below it vanish; with it, every value is a 16-bit float as well.
static const int smallest_exponent = -24;

LIG_INLINE float scale_of_largest(float largest) {
  int exponent;
  // largest = m · 2^exponent with m in [0.5, 1): 127 steps of 2^(exponent − 7) nearly reach it.
  frexpf(largest, &exponent);
  if (largest == 0.0f) return ldexpf(1.0f, smallest_exponent);
  exponent -= 7;
  if (largest > ldexpf(127.0f, exponent)) exponent++;
  return ldexpf(1.0f, exponent < smallest_exponent ? smallest_exponent : exponent);
}

LIG_CLONES
int lig_bytes_from_rows(int8_t *restrict target, float *restrict scales,
                        const float *restrict source, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *values = source + row * width;
    // Bit patterns of absolute values are in the order of the values, and NaN comes last.
    uint32_t largest_bits = 0;
    for (size_t i = 0; i < width; i++) {
      uint32_t bits;
      memcpy(&bits, values + i, sizeof bits);
      bits &= 0x7fffffff;
      largest_bits = bits > largest_bits ? bits : largest_bits;
    }
    if (largest_bits >= 0x7f800000) return 0;
    float largest;
    memcpy(&largest, &largest_bits, sizeof largest);
    float scale = scale_of_largest(largest);
    float inverse = 1.0f / scale;
    for (size_t i = 0; i < width; i++) {
      target[row * width + i] = (int8_t)rintf(values[i] * inverse);
    }
    scales[row] = scale;
  }
  return 1;
}

LIG_CLONES
void lig_rows_from_bytes(float *restrict target, const int8_t *restrict source,
                         const float *restrict scales, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    float scale = scales[row];
    for (size_t i = 0; i < width; i++) {
      target[row * width + i] = scale * (float)source[row * width + i];
    }
  }
}
