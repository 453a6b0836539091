#include <math.h>

#include "CKernels.h"
#include "dispatch.h"
#include "exponential.h"

static const float shortest = 1e-12f;  // the least divisor of a row

LIG_INLINE float row_dot(const float *a, const float *b, size_t width) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (size_t j = 0; j < width; j++) sum += a[j] * b[j];
  return sum;
}

LIG_INLINE float row_sum(const float *a, size_t width) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (size_t j = 0; j < width; j++) sum += a[j];
  return sum;
}

LIG_INLINE float row_max(const float *a, size_t width) {
  enum { lanes = 16 };
  float best = a[0];
  size_t j = 0;
  if (width >= lanes) {
    float maxima[lanes];
    for (size_t k = 0; k < lanes; k++) maxima[k] = a[k];
    for (j = lanes; j + lanes <= width; j += lanes)
      for (size_t k = 0; k < lanes; k++) maxima[k] = a[j + k] > maxima[k] ? a[j + k] : maxima[k];
    for (size_t k = 0; k < lanes; k++) best = maxima[k] > best ? maxima[k] : best;
  }
  for (; j < width; j++) best = a[j] > best ? a[j] : best;
  return best;
}

LIG_CLONES
void lig_normalize_rows(float *restrict y, float *restrict norms, const float *restrict x,
                        size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++) {
    const float *source = x + r * width;
    float norm = sqrtf(row_dot(source, source, width));
    norm = norm > shortest ? norm : shortest;
    norms[r] = norm;
    float inverse = 1.0f / norm;
    for (size_t j = 0; j < width; j++) y[r * width + j] = source[j] * inverse;
  }
}

LIG_CLONES
void lig_normalize_rows_gradient(float *restrict dx, const float *restrict dy,
                                 const float *restrict y, const float *restrict norms, size_t rows,
                                 size_t width) {
  for (size_t r = 0; r < rows; r++) {
    const float *g = dy + r * width;
    const float *unit = y + r * width;
    float along = row_dot(g, unit, width);
    float inverse = norms[r] > shortest ? 1.0f / norms[r] : 0.0f;
    for (size_t j = 0; j < width; j++) dx[r * width + j] = (g[j] - unit[j] * along) * inverse;
  }
}

LIG_CLONES
void lig_layer_norm(float *restrict y, float *restrict means, float *restrict inverse_deviations,
                    const float *restrict x, const float *restrict gain,
                    const float *restrict bias, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++) {
    const float *source = x + r * width;
    float mean = row_sum(source, width) / (float)width;
    float *target = y + r * width;
    for (size_t j = 0; j < width; j++) target[j] = source[j] - mean;
    float variance = row_dot(target, target, width) / (float)width;
    float inverse = 1.0f / sqrtf(variance + 1e-5f);
    for (size_t j = 0; j < width; j++) target[j] = target[j] * inverse * gain[j] + bias[j];
    means[r] = mean;
    inverse_deviations[r] = inverse;
  }
}

LIG_CLONES
void lig_layer_norm_gradient(float *restrict dx, float *restrict dgain, float *restrict dbias,
                             const float *restrict dy, const float *restrict x,
                             const float *restrict means,
                             const float *restrict inverse_deviations, const float *restrict gain,
                             size_t rows, size_t width) {
#pragma clang fp reassociate(on)
  for (size_t r = 0; r < rows; r++) {
    const float *g = dy + r * width;
    const float *source = x + r * width;
    float mean = means[r], inverse = inverse_deviations[r];
    float sum = 0, along = 0;
    for (size_t j = 0; j < width; j++) {
      float centred = (source[j] - mean) * inverse;
      float scaled = g[j] * gain[j];
      sum += scaled;
      along += scaled * centred;
      dgain[j] += g[j] * centred;
      dbias[j] += g[j];
    }
    sum /= (float)width;
    along /= (float)width;
    for (size_t j = 0; j < width; j++) {
      float centred = (source[j] - mean) * inverse;
      dx[r * width + j] = (g[j] * gain[j] - sum - centred * along) * inverse;
    }
  }
}

LIG_CLONES
void lig_log_sum_exp_rows(float *restrict log_sums, const float *restrict x, size_t rows,
                          size_t width) {
#pragma clang fp reassociate(on)
  for (size_t r = 0; r < rows; r++) {
    const float *source = x + r * width;
    float peak = row_max(source, width);
    float sum = 0;
    for (size_t j = 0; j < width; j++) sum += lig_exp(source[j] - peak);
    log_sums[r] = peak + logf(sum);
  }
}

LIG_CLONES
void lig_softmax_rows(float *restrict y, const float *restrict x, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++) {
    const float *source = x + r * width;
    float *target = y + r * width;
    float peak = row_max(source, width);
    for (size_t j = 0; j < width; j++) target[j] = lig_exp(source[j] - peak);
    float inverse = 1.0f / row_sum(target, width);
    for (size_t j = 0; j < width; j++) target[j] *= inverse;
  }
}
