#include <math.h>

#include "CKernels.h"
#include "dispatch.h"
#include "exponential.h"

LIG_CLONES
void lig_column_exp_sums(float *restrict peaks, float *restrict sums, const float *restrict x,
                         size_t stride, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++) {
    const float *source = x + r * stride;
    for (size_t j = 0; j < width; j++) {
      float value = source[j];
      float peak = value > peaks[j] ? value : peaks[j];
      sums[j] = sums[j] * lig_exp(peaks[j] - peak) + lig_exp(value - peak);
      peaks[j] = peak;
    }
  }
}

LIG_CLONES
void lig_contrast_gradient(float *restrict x, double *restrict slopes,
                           const float *restrict row_sums, const float *restrict column_sums,
                           size_t first_row, size_t rows, size_t width, float factor) {
#pragma clang fp reassociate(on)
  for (size_t r = 0; r < rows; r++) {
    float *target = x + r * width;
    float row_sum = row_sums[r], own = target[first_row + r], slope = 0;
    for (size_t j = 0; j < width; j++) {
      float value = target[j];
      float g = factor * (lig_exp(value - row_sum) + lig_exp(value - column_sums[j]));
      slope += g * value;
      target[j] = g;
    }
    target[first_row + r] -= 2.0f * factor;
    slopes[r] = (double)slope - 2.0 * (double)factor * (double)own;
  }
}

LIG_CLONES
void lig_lion(float *restrict weights, float *restrict moment, const float *restrict gradient,
              size_t count, float gradient_scale, float rate, float beta1, float beta2,
              float weight_decay) {
  for (size_t i = 0; i < count; i++) {
    float g = gradient[i] * gradient_scale, m = moment[i];
    float c = beta1 * m + (1.0f - beta1) * g;
    float sign = (float)((c > 0.0f) - (c < 0.0f));
    moment[i] = beta2 * m + (1.0f - beta2) * g;
    weights[i] = weights[i] - rate * (sign + weight_decay * weights[i]);
  }
}
