#ifndef LIGATURE_EXPONENTIAL_H
#define LIGATURE_EXPONENTIAL_H

#include <stdint.h>
#include <string.h>

#include "dispatch.h"

/// exp(x) to about 2 ulp for −87 ≤ x ≤ 88; clamped outside. Branch-free, so that loops vectorise.
/// exp x = 2ⁿ · exp r with n = round(x / ln 2), |r| ≤ ln 2 / 2, exp r by its Taylor series to r⁷.
LIG_INLINE float lig_exp(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  const float round_bias = 12582912.0f;  // 1.5 · 2²³: adding it leaves round(x) in the low bits
  float biased = x * 1.44269504f + round_bias;
  float n = biased - round_bias;
  float r = x - n * 0.693359375f;  // ln 2 in two parts, the first exact in few bits
  r = r + n * 2.12194440e-4f;
  float p = 1.0f / 5040.0f;
  p = p * r + 1.0f / 720.0f;
  p = p * r + 1.0f / 120.0f;
  p = p * r + 1.0f / 24.0f;
  p = p * r + 1.0f / 6.0f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  uint32_t bits;
  memcpy(&bits, &biased, sizeof bits);
  uint32_t scale_bits = (bits + 127) << 23;
  float scale;
  memcpy(&scale, &scale_bits, sizeof scale);
  return p * scale;
}

#endif
