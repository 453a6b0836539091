#include "CKernels.h"
#include "dispatch.h"
#include "exponential.h"

static const float twice_root = 1.5957691216f;  // 2·√(2/π)
static const float cubic = 0.044715f;
static const float tail = 16.0f;  // beyond ±16 GELU is 0 or x to the last bit

LIG_CLONES
void lig_gelu(float *restrict y, const float *restrict x, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float v = x[i] < -tail ? -tail : x[i];
    float u = twice_root * (v + cubic * v * v * v);
    y[i] = v / (1.0f + lig_exp(-u));
  }
}

LIG_CLONES
void lig_gelu_gradient(float *restrict gradient, const float *restrict x, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float v = x[i] < -tail ? -tail : x[i];
    v = v > tail ? tail : v;
    float u = twice_root * (v + cubic * v * v * v);
    float s = 1.0f / (1.0f + lig_exp(-u));
    float du = twice_root * (1.0f + 3.0f * cubic * v * v);
    gradient[i] *= s + v * s * (1.0f - s) * du;
  }
}

/// A 32-bit finaliser with full avalanche (the "lowbias32" constants found by C. Wellons's
/// hash-prospector search), keyed by both halves of the seed.
LIG_INLINE uint32_t hash_index(uint64_t index, uint64_t seed) {
  uint32_t x = (uint32_t)index ^ (uint32_t)seed;
  x += (uint32_t)(index >> 32) * 0x9e3779b9u;
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x += (uint32_t)(seed >> 32);
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return x;
}

LIG_CLONES
void lig_dropout(float *values, size_t count, uint64_t seed, uint64_t first_index, float rate) {
  const uint32_t threshold = (uint32_t)((double)rate * 4294967296.0);
  const float keep = 1.0f / (1.0f - rate);
  for (size_t i = 0; i < count; i++) {
    float factor = hash_index(first_index + i, seed) < threshold ? 0.0f : keep;
    values[i] *= factor;
  }
}

LIG_CLONES
void lig_add_scaled(float *restrict target, const float *restrict source, float factor,
                    size_t count) {
  for (size_t i = 0; i < count; i++) target[i] += factor * source[i];
}

LIG_CLONES
double lig_dot(const float *a, const float *b, size_t count) {
#pragma clang fp reassociate(on)
  double total = 0;
  for (size_t start = 0; start < count; start += 4096) {
    size_t end = start + 4096 < count ? start + 4096 : count;
    float sum = 0;
    for (size_t i = start; i < end; i++) sum += a[i] * b[i];
    total += sum;
  }
  return total;
}

LIG_CLONES
void lig_adamw(float *restrict weights, float *restrict first_moment,
               float *restrict second_moment, const float *restrict gradient, size_t count,
               float gradient_scale, float rate, float beta1, float beta2, float epsilon,
               float weight_decay, float correction1, float correction2) {
  const float step = rate / correction1;
  const float inverse_correction2 = 1.0f / correction2;
  for (size_t i = 0; i < count; i++) {
    float g = gradient[i] * gradient_scale;
    float m = beta1 * first_moment[i] + (1.0f - beta1) * g;
    float v = beta2 * second_moment[i] + (1.0f - beta2) * g * g;
    first_moment[i] = m;
    second_moment[i] = v;
    float decayed = weights[i] - rate * weight_decay * weights[i];
    weights[i] = decayed - step * m / (__builtin_sqrtf(v * inverse_correction2) + epsilon);
  }
}
