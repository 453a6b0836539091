#include <string.h>

#include "CKernels.h"
#include "dispatch.h"

// Two products serve every expert, forwards and backwards. Both keep one order of summation for
// each result, whatever the other rows are: a token's bits never depend on its batch-mates.

// Vectors never cross a call: everything that takes one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

enum { lanes = 16, tile = 4, chunk = 4 };
typedef float Lanes __attribute__((vector_size(lanes * sizeof(float))));

#define UNROLL _Pragma("clang loop unroll(full)")

LIG_INLINE Lanes load(const float *source) {
  Lanes values;
  memcpy(&values, source, sizeof values);
  return values;
}

LIG_INLINE float sum_of_lanes(Lanes v) {
  float parts[lanes];
  memcpy(parts, &v, sizeof parts);
  UNROLL for (size_t half = lanes / 2; half > 0; half /= 2)
      UNROLL for (size_t l = 0; l < half; l++) parts[l] += parts[l + half];
  return parts[0];
}

LIG_INLINE const float *row_of(const float *rows, const int32_t *indices, size_t i, size_t width) {
  return rows + (indices ? (size_t)indices[i] : i) * width;
}

LIG_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// y[i, j] = ⟨x[indices[i]], w[j]⟩; y [count, units]. Tiles past an edge repeat the last row.
LIG_INLINE void rows_dots(float *restrict y, const float *restrict x,
                          const int32_t *restrict indices, size_t count, const float *restrict w,
                          size_t units, size_t width) {
  const size_t whole = width / lanes, rest = width % lanes;
  for (size_t i = 0; i < count; i += tile) {
    const float *left[tile];
    UNROLL for (size_t r = 0; r < tile; r++)
        left[r] = row_of(x, indices, smaller(i + r, count - 1), width);
    for (size_t j = 0; j < units; j += tile) {
      const float *right[tile];
      UNROLL for (size_t r = 0; r < tile; r++) right[r] = w + smaller(j + r, units - 1) * width;
      Lanes sums[tile][tile];
      UNROLL for (size_t a = 0; a < tile; a++)
          UNROLL for (size_t b = 0; b < tile; b++) sums[a][b] = (Lanes){0};
      for (size_t s = 0; s < whole; s++) {
        Lanes lefts[tile];
        UNROLL for (size_t r = 0; r < tile; r++) lefts[r] = load(left[r] + s * lanes);
        UNROLL for (size_t b = 0; b < tile; b++) {
          Lanes value = load(right[b] + s * lanes);
          UNROLL for (size_t a = 0; a < tile; a++) sums[a][b] += lefts[a] * value;
        }
      }
      float results[tile][tile];
      UNROLL for (size_t a = 0; a < tile; a++)
          UNROLL for (size_t b = 0; b < tile; b++) results[a][b] = sum_of_lanes(sums[a][b]);
      for (size_t a = 0; a < tile && i + a < count; a++) {
        for (size_t b = 0; b < tile && j + b < units; b++) {
          float tail = 0;
          for (size_t l = 0; l < rest; l++)
            tail += left[a][whole * lanes + l] * right[b][whole * lanes + l];
          y[(i + a) * units + j + b] = results[a][b] + tail;
        }
      }
    }
  }
}

// Columns `from`..., `vectors` registers wide, of y[i] = Σ_j c(i, j) · x[indices[j]].
LIG_INLINE void combine_columns(float *restrict y, size_t targets, const float *restrict c,
                                size_t target_step, size_t source_step, const float *restrict x,
                                const int32_t *restrict indices, size_t sources, size_t width,
                                size_t from, const size_t vectors) {
  for (size_t i = 0; i < targets; i += tile) {
    const float *factors[tile];
    UNROLL for (size_t r = 0; r < tile; r++)
        factors[r] = c + smaller(i + r, targets - 1) * target_step;
    Lanes sums[tile][chunk];
    UNROLL for (size_t r = 0; r < tile; r++)
        UNROLL for (size_t v = 0; v < vectors; v++) sums[r][v] = (Lanes){0};
    for (size_t j = 0; j < sources; j++) {
      const float *source = row_of(x, indices, j, width) + from;
      Lanes values[chunk];
      UNROLL for (size_t v = 0; v < vectors; v++) values[v] = load(source + v * lanes);
      UNROLL for (size_t r = 0; r < tile; r++) {
        float factor = factors[r][j * source_step];
        UNROLL for (size_t v = 0; v < vectors; v++) sums[r][v] += factor * values[v];
      }
    }
    for (size_t r = 0; r < tile && i + r < targets; r++)
      UNROLL for (size_t v = 0; v < vectors; v++)
          memcpy(y + (i + r) * width + from + v * lanes, &sums[r][v], sizeof(Lanes));
  }
}

// y[i] = Σ_j c[i · target_step + j · source_step] · x[indices[j]]; y [targets, width].
LIG_INLINE void rows_combine(float *restrict y, size_t targets, const float *restrict c,
                             size_t target_step, size_t source_step, const float *restrict x,
                             const int32_t *restrict indices, size_t sources, size_t width) {
  size_t from = 0;
  for (; from + chunk * lanes <= width; from += chunk * lanes)
    combine_columns(y, targets, c, target_step, source_step, x, indices, sources, width, from,
                    chunk);
  for (; from + lanes <= width; from += lanes)
    combine_columns(y, targets, c, target_step, source_step, x, indices, sources, width, from, 1);
  for (; from < width; from++) {
    for (size_t i = 0; i < targets; i++) {
      float sum = 0;
      for (size_t j = 0; j < sources; j++)
        sum += c[i * target_step + j * source_step] * row_of(x, indices, j, width)[from];
      y[i * width + from] = sum;
    }
  }
}

LIG_CLONES
void lig_expert(float *restrict y, float *restrict inner, float *restrict scratch,
                const float *restrict x, const int32_t *restrict tokens,
                const int32_t *restrict slots, size_t count, const float *restrict gates,
                const float *restrict input, const float *restrict output, size_t units,
                size_t width) {
  rows_dots(inner, x, tokens, count, input, units, width);
  lig_gelu(scratch, inner, count * units);
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < units; j++) scratch[i * units + j] *= gates[slots[i]];
  rows_combine(y, count, scratch, units, 1, output, NULL, units, width);
}

LIG_CLONES
void lig_expert_gradient(float *restrict dx, float *restrict dgates, float *restrict dinput,
                         float *restrict doutput, float *restrict scratch,
                         const float *restrict dy, const float *restrict x,
                         const int32_t *restrict tokens, const int32_t *restrict slots,
                         size_t count, const float *restrict gates, const float *restrict inner,
                         const float *restrict input, const float *restrict output, size_t units,
                         size_t width) {
  float *active = scratch, *slope = scratch + count * units;
  rows_dots(slope, dy, tokens, count, output, units, width);
  lig_gelu(active, inner, count * units);
  for (size_t i = 0; i < count; i++) {
    float gate = gates[slots[i]], sum = 0;
    for (size_t j = i * units; j < (i + 1) * units; j++) {
      sum += slope[j] * active[j];
      active[j] *= gate;
      slope[j] *= gate;
    }
    dgates[slots[i]] = sum;
  }
  lig_gelu_gradient(slope, inner, count * units);
  rows_combine(doutput, units, active, 1, units, dy, tokens, count, width);
  rows_combine(dinput, units, slope, 1, units, x, tokens, count, width);
  rows_combine(dx, count, slope, units, 1, input, NULL, units, width);
}

LIG_CLONES
void lig_sum_placed_rows(float *restrict y, const float *restrict x,
                         const int32_t *restrict places, size_t rows, size_t choices,
                         size_t width) {
  for (size_t r = 0; r < rows; r++) {
    float *target = y + r * width;
    memcpy(target, x + (size_t)places[r * choices] * width, width * sizeof(float));
    for (size_t c = 1; c < choices; c++) {
      const float *source = x + (size_t)places[r * choices + c] * width;
      for (size_t j = 0; j < width; j++) target[j] += source[j];
    }
  }
}
