#include <math.h>

#include "CKernels.h"
#include "exponential.h"
#include "panels.h"

LIG_INLINE size_t padded(size_t n) { return panel_count(n) * panel_width; }

size_t lig_attention_scratch(size_t keys, size_t width, size_t heads) {
  size_t head = width / heads;
  enum { rows = 12 };
  return padded(keys) * head + padded(head) * keys + rows * padded(keys);
}

size_t lig_attention_gradient_scratch(size_t queries, size_t keys, size_t width, size_t heads) {
  size_t head = width / heads;
  return 2 * padded(keys) * head + padded(head) * keys + 2 * padded(head) * queries +
         2 * queries * padded(keys);
}

// p = exp(factor · (p − max p)) over `count` entries, at least one; returns 1 / Σ p. Sixteen entries
// at a time: those from `count` to the next multiple of 16 are overwritten with next to nothing.
LIG_INLINE float exponentials_in_place(float *restrict p, size_t count, float factor) {
  enum { lanes = 16 };
  const float lowest = -3.0e38f;
  size_t rounded = (count + lanes - 1) / lanes * lanes;
  for (size_t j = count; j < rounded; j++) p[j] = lowest;
  float maxima[lanes], sums[lanes];
  for (size_t l = 0; l < lanes; l++) maxima[l] = p[l];
  for (size_t j = lanes; j < rounded; j += lanes)
    for (size_t l = 0; l < lanes; l++) maxima[l] = p[j + l] > maxima[l] ? p[j + l] : maxima[l];
  float peak = maxima[0];
  for (size_t l = 1; l < lanes; l++) peak = maxima[l] > peak ? maxima[l] : peak;
  for (size_t l = 0; l < lanes; l++) sums[l] = 0;
  for (size_t j = 0; j < rounded; j += lanes)
    for (size_t l = 0; l < lanes; l++) {
      float e = lig_exp((p[j + l] - peak) * factor);
      p[j + l] = e;
      sums[l] += e;
    }
  for (size_t half = lanes / 2; half > 0; half /= 2)
    for (size_t l = 0; l < half; l++) sums[l] += sums[l + half];
  return 1.0f / sums[0];
}

LIG_INLINE void attention(float *restrict y, const float *restrict q, const float *restrict k,
                          const float *restrict v, size_t queries, size_t keys, size_t width,
                          size_t heads, float *restrict scratch, const size_t tile_rows) {
  size_t head = width / heads, across = padded(keys);
  float factor = 1.0f / sqrtf((float)head);
  float *key_panels = scratch;
  float *value_panels = key_panels + across * head;
  float *scores = value_panels + padded(head) * keys;
  enum { block = 12 };
  for (size_t h = 0; h < heads; h++) {
    size_t shift = h * head;
    pack_panels(key_panels, k + shift, 1, width, keys, head);
    pack_panels(value_panels, v + shift, width, 1, head, keys);
    for (size_t start = 0; start < queries; start += block) {
      size_t rows = queries - start < block ? queries - start : block;
      panel_product(scores, across, q + start * width + shift, width, 1, key_panels, NULL, rows,
                    keys, head, tile_rows);
      float inverses[block];
      for (size_t r = 0; r < rows; r++)
        inverses[r] = exponentials_in_place(scores + r * across, keys, factor);
      float *target = y + start * width + shift;
      panel_product(target, width, scores, across, 1, value_panels, NULL, rows, head, keys,
                    tile_rows);
      for (size_t r = 0; r < rows; r++)
        for (size_t j = 0; j < head; j++) target[r * width + j] *= inverses[r];
    }
  }
}

LIG_INLINE void attention_gradient(float *restrict dq, float *restrict dk, float *restrict dv,
                                   const float *restrict dy, const float *restrict q,
                                   const float *restrict k, const float *restrict v,
                                   size_t queries, size_t keys, size_t width, size_t heads,
                                   float *restrict scratch, const size_t tile_rows) {
#pragma clang fp reassociate(on)
  size_t head = width / heads, across = padded(keys);
  float factor = 1.0f / sqrtf((float)head);
  float *transposed = scratch;                            // Kᵀ, then Vᵀ
  float *key_panels = transposed + 2 * across * head;
  float *query_panels = key_panels + padded(head) * keys;  // Q, then dY
  float *probabilities = query_panels + 2 * padded(head) * queries;
  float *slopes = probabilities + queries * across;
  for (size_t h = 0; h < heads; h++) {
    size_t shift = h * head;
    pack_panels(transposed, k + shift, 1, width, keys, head);
    panel_product(probabilities, across, q + shift, width, 1, transposed, NULL, queries, keys,
                  head, tile_rows);
    for (size_t r = 0; r < queries; r++) {
      float *p = probabilities + r * across;
      float inverse = exponentials_in_place(p, keys, factor);
      for (size_t j = 0; j < keys; j++) p[j] *= inverse;
    }
    // dV = Pᵀ·dY
    float *gradient_panels = query_panels + padded(head) * queries;
    pack_panels(gradient_panels, dy + shift, width, 1, head, queries);
    panel_product(dv + shift, width, probabilities, 1, across, gradient_panels, NULL, keys, head,
                  queries, tile_rows);
    // dP = dY·Vᵀ, then dS = P ∘ (dP − Σ P ∘ dP) / √head
    pack_panels(transposed + across * head, v + shift, 1, width, keys, head);
    panel_product(slopes, across, dy + shift, width, 1, transposed + across * head, NULL, queries,
                  keys, head, tile_rows);
    for (size_t r = 0; r < queries; r++) {
      float *slope = slopes + r * across;
      const float *p = probabilities + r * across;
      float along = 0;
      for (size_t j = 0; j < keys; j++) along += p[j] * slope[j];
      for (size_t j = 0; j < keys; j++) slope[j] = factor * p[j] * (slope[j] - along);
    }
    // dQ = dS·K, dK = dSᵀ·Q
    pack_panels(key_panels, k + shift, width, 1, head, keys);
    panel_product(dq + shift, width, slopes, across, 1, key_panels, NULL, queries, head, keys,
                  tile_rows);
    pack_panels(query_panels, q + shift, width, 1, head, queries);
    panel_product(dk + shift, width, slopes, 1, across, query_panels, NULL, keys, head, queries,
                  tile_rows);
  }
}

#define DEFINE_ATTENTION(SUFFIX, ATTRIBUTES, TILE_ROWS)                                           \
  ATTRIBUTES static void attention_##SUFFIX(                                                      \
      float *restrict y, const float *restrict q, const float *restrict k,                        \
      const float *restrict v, size_t queries, size_t keys, size_t width, size_t heads,           \
      float *restrict scratch) {                                                                  \
    attention(y, q, k, v, queries, keys, width, heads, scratch, TILE_ROWS);                       \
  }                                                                                               \
  ATTRIBUTES static void gradient_##SUFFIX(                                                       \
      float *restrict dq, float *restrict dk, float *restrict dv, const float *restrict dy,       \
      const float *restrict q, const float *restrict k, const float *restrict v, size_t queries,  \
      size_t keys, size_t width, size_t heads, float *restrict scratch) {                         \
    attention_gradient(dq, dk, dv, dy, q, k, v, queries, keys, width, heads, scratch, TILE_ROWS); \
  }

#if defined(__x86_64__)
DEFINE_ATTENTION(v4, PANEL_V4, tile_rows_v4)
DEFINE_ATTENTION(v3, PANEL_V3, tile_rows_v3)
#endif
DEFINE_ATTENTION(default, , tile_rows_default)

void lig_attention_segment(float *restrict y, const float *restrict q, const float *restrict k,
                           const float *restrict v, size_t queries, size_t keys, size_t width,
                           size_t heads, float *restrict scratch) {
  if (keys == 0) {
    memset(y, 0, queries * width * sizeof(float));
    return;
  }
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) {
    attention_v4(y, q, k, v, queries, keys, width, heads, scratch);
    return;
  }
  if (__builtin_cpu_supports("x86-64-v3")) {
    attention_v3(y, q, k, v, queries, keys, width, heads, scratch);
    return;
  }
#endif
  attention_default(y, q, k, v, queries, keys, width, heads, scratch);
}

void lig_attention_segment_gradient(float *restrict dq, float *restrict dk, float *restrict dv,
                                    const float *restrict dy, const float *restrict q,
                                    const float *restrict k, const float *restrict v,
                                    size_t queries, size_t keys, size_t width, size_t heads,
                                    float *restrict scratch) {
  if (keys == 0 || queries == 0) {
    memset(dq, 0, queries * width * sizeof(float));
    memset(dk, 0, keys * width * sizeof(float));
    memset(dv, 0, keys * width * sizeof(float));
    return;
  }
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) {
    gradient_v4(dq, dk, dv, dy, q, k, v, queries, keys, width, heads, scratch);
    return;
  }
  if (__builtin_cpu_supports("x86-64-v3")) {
    gradient_v3(dq, dk, dv, dy, q, k, v, queries, keys, width, heads, scratch);
    return;
  }
#endif
  gradient_default(dq, dk, dv, dy, q, k, v, queries, keys, width, heads, scratch);
}

LIG_CLONES
void lig_rotate(float *restrict y, const float *restrict x, const int32_t *restrict positions,
                const float *restrict cosines, const float *restrict sines, size_t rows,
                size_t width, size_t heads, float direction) {
  size_t head = width / heads, half = head / 2;
  for (size_t r = 0; r < rows; r++) {
    const float *c = cosines + (size_t)positions[r] * half;
    const float *s = sines + (size_t)positions[r] * half;
    for (size_t h = 0; h < heads; h++) {
      const float *source = x + r * width + h * head;
      float *target = y + r * width + h * head;
      for (size_t j = 0; j < half; j++) {
        float a = source[j], b = source[j + half], sine = direction * s[j];
        target[j] = a * c[j] - b * sine;
        target[j + half] = a * sine + b * c[j];
      }
    }
  }
}
