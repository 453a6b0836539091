#include "sign_codes.h"

#include <math.h>
#include <string.h>

void lig_pack_sign_bits(uint8_t *restrict bits, const float *restrict rotated, size_t rows,
                        size_t padded) {
  memset(bits, 0, rows * padded / 8);
  for (size_t i = 0; i < rows * padded; i++) {
    bits[i / 8] |= (uint8_t)((rotated[i] >= 0.0f) << (i % 8));
  }
}

// Slopes of a tile's rows in 65,535ths of `steepest`, which is returned: the largest, or eight times
// that of a row of mean length. Rows far shorter than the others have larger ones, but are no hits; they
// would make the steps coarse. Rounded down: no row is asked for more than it must reach.
LIG_INLINE float quantize_slopes(uint16_t *restrict rounded, const float *restrict slopes,
                                 size_t rows) {
  float largest = 0, inverses = 0;
  size_t positive = 0;
  for (size_t row = 0; row < rows; row++) {
    largest = slopes[row] > largest ? slopes[row] : largest;
    inverses += slopes[row] > 0 ? 1.0f / slopes[row] : 0.0f;
    positive += slopes[row] > 0;
  }
  float most = 8.0f * (float)positive / inverses;
  float steepest = most < largest ? most : largest;
  for (size_t row = 0; row < rows; row++) {
    float share = slopes[row] < steepest ? slopes[row] / steepest : 1.0f;
    rounded[row] = steepest > 0 && slopes[row] > 0 ? (uint16_t)(share * 65535.0f) : 0;
  }
  return steepest;
}

LIG_CLONES
void lig_encode_signs(uint8_t *restrict codes, float *restrict factors, float *restrict errors,
                      uint16_t *restrict slopes, float *restrict steepest,
                      const float *restrict rotated, size_t rows, size_t padded) {
#pragma clang fp reassociate(on)
  size_t groups = group_count(padded), prefix = prefix_signs(padded);
  float exact[tile_rows];
  for (size_t row = 0; row < rows; row++) {
    const float *x = rotated + row * padded;
    float squares = 0, first_sizes = 0, sizes = 0;
    for (size_t i = 0; i < padded; i++) squares += x[i] * x[i];
    for (size_t i = 0; i < prefix; i++) first_sizes += fabsf(x[i]);
    for (size_t i = prefix; i < padded; i++) sizes += fabsf(x[i]);
    sizes += first_sizes;
    uint8_t *block = codes + row / block_rows * groups * block_rows + byte_of_row(row % block_rows);
    for (size_t group = 0; group < groups; group++) {
      size_t first = group * group_signs;
      size_t last = first + group_signs < padded ? first + group_signs : padded;
      unsigned index = 0;
      for (size_t i = first; i < last; i++) index |= (unsigned)(x[i] >= 0.0f) << (i - first);
      block[group * block_rows] = (uint8_t)index;
    }
    float spread = sizes > 0 ? (float)padded * squares / (sizes * sizes) - 1.0f : 0.0f;
    factors[row] = sizes > 0 ? squares / sizes : 0.0f;
    errors[row] = spread > 0 ? sqrtf(squares * spread / (float)(padded - 1)) : 0.0f;
    float slope = squares > 0 ? first_sizes / squares : 0.0f;
    exact[row % tile_rows] = isfinite(slope) ? slope : 0.0f;
    if (row % tile_rows == tile_rows - 1 || row + 1 == rows) {
      size_t tile = row / tile_rows, start = tile * tile_rows;
      steepest[tile] = quantize_slopes(slopes + start, exact, row + 1 - start);
    }
  }
}

LIG_CLONES
void lig_sign_table(uint8_t *restrict table, struct lig_code_query *restrict known,
                    const float *restrict query, size_t padded) {
  size_t groups = group_count(padded), prefix = prefix_groups(padded);
  float widest = 0, least = 0;
  for (size_t group = 0; group < groups; group++) {
    float sizes = 0;
    for (size_t i = group * group_signs; i < (group + 1) * group_signs && i < padded; i++) {
      sizes += fabsf(query[i]);
    }
    widest = sizes > widest ? sizes : widest;
    least -= sizes;
    if (group + 1 == prefix) known->prefix_offset = least;
  }
  float step = widest > 0 ? 2 * widest / largest_entry : 1.0f;
  for (size_t group = 0; group < groups; group++) {
    float sums[table_size], sizes = 0, all = 0;
    float values[group_signs];
    for (size_t j = 0; j < group_signs; j++) {
      size_t i = group * group_signs + j;
      values[j] = i < padded ? query[i] : 0.0f;
      sizes += fabsf(values[j]);
      all -= values[j];
    }
    sums[0] = all;
    for (unsigned index = 1; index < table_size; index++) {
      sums[index] = sums[index & (index - 1)] + 2 * values[__builtin_ctz(index)];
    }
    for (size_t index = 0; index < table_size; index++) {
      float entry = rintf((sums[index] + sizes) / step);
      table[group * table_size + index] =
          (uint8_t)(entry < 0 ? 0 : entry > largest_entry ? largest_entry : entry);
    }
  }
  known->scale = step;
  known->offset = least;
}

void lig_bound_signs(struct lig_code_query *restrict query, size_t padded) {
  query->ascent = 0;
  query->least = INT16_MIN;
  if (query->threshold == INFINITY) {
    query->least = INT16_MAX;
  } else if (query->threshold > 0) {
    float deviation = sqrtf((float)prefix_signs(padded) / (float)(padded - 1));
    float least = floorf((-query->prefix_offset - query->margin * deviation) / query->scale);
    query->ascent = query->threshold / query->scale;
    query->least = (int16_t)(least > INT16_MIN ? least < INT16_MAX ? least : INT16_MAX : INT16_MIN);
  }
}
