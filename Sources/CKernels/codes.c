#include <math.h>
#include <string.h>

#include "code_scan.h"

// A group is six signs: an index into a table of 64 sums. A block is 64 rows, group after group; the
// four blocks of a tile share every look at a table.
enum { group_signs = 6, table_size = 64 };

// The largest entry of a table: eight of them add up in a byte.
enum { largest_entry = 31, byte_additions = 8 };

LIG_INLINE size_t group_count(size_t padded) { return (padded + group_signs - 1) / group_signs; }

// Rows 0–31 of a block lie in its even bytes and rows 32–63 in its odd ones, so that sums of bytes
// widen to 16 bits in the order of the rows.
LIG_INLINE size_t byte_of_row(size_t row) { return row < 32 ? 2 * row : 2 * (row - 32) + 1; }

void lig_pack_sign_bits(uint8_t *restrict bits, const float *restrict rotated, size_t rows,
                        size_t padded) {
  memset(bits, 0, rows * padded / 8);
  for (size_t i = 0; i < rows * padded; i++) {
    bits[i / 8] |= (uint8_t)((rotated[i] >= 0.0f) << (i % 8));
  }
}

LIG_CLONES
void lig_encode_signs(uint8_t *restrict codes, float *restrict factors, float *restrict errors,
                      const float *restrict rotated, size_t rows, size_t padded) {
#pragma clang fp reassociate(on)
  size_t groups = group_count(padded);
  for (size_t row = 0; row < rows; row++) {
    const float *x = rotated + row * padded;
    float squares = 0, sizes = 0;
    for (size_t i = 0; i < padded; i++) {
      squares += x[i] * x[i];
      sizes += fabsf(x[i]);
    }
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
  }
}

void lig_sign_table(uint8_t *restrict table, float *restrict scale, float *restrict offset,
                    const float *restrict query, size_t padded) {
  size_t groups = group_count(padded);
  float widest = 0, least = 0;
  for (size_t group = 0; group < groups; group++) {
    float sizes = 0;
    for (size_t i = group * group_signs; i < (group + 1) * group_signs && i < padded; i++) {
      sizes += fabsf(query[i]);
    }
    widest = sizes > widest ? sizes : widest;
    least -= sizes;
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
  *scale = step;
  *offset = least;
}

// Σ of the table's entries for the rows of a tile, in the order of the rows.
static void tile_sums(uint16_t *restrict sums, const uint8_t *restrict codes, size_t groups,
                      const uint8_t *restrict table) {
  memset(sums, 0, tile_rows * sizeof(uint16_t));
  for (size_t block = 0; block < tile_blocks; block++) {
    const uint8_t *source = codes + block * groups * block_rows;
    uint16_t *target = sums + block * block_rows;
    for (size_t group = 0; group < groups; group++) {
      for (size_t row = 0; row < block_rows; row++) {
        unsigned index = source[group * block_rows + byte_of_row(row)];
        target[row] = (uint16_t)(target[row] + table[group * table_size + (index & 63)]);
      }
    }
  }
}

DEFINE_SELECT(select_rows, uint16_t)

#if defined(__x86_64__)
#define VBMI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,fma")))

VBMI static void tile_sums_vbmi(uint16_t *restrict sums, const uint8_t *restrict codes,
                                size_t groups, const uint8_t *restrict table) {
  size_t stride = groups * block_rows;
  __m512i all[tile_blocks], odd[tile_blocks];
  for (size_t block = 0; block < tile_blocks; block++) {
    all[block] = odd[block] = _mm512_setzero_si512();
  }
  for (size_t first = 0; first < groups; first += byte_additions) {
    size_t last = first + byte_additions < groups ? first + byte_additions : groups;
    __m512i bytes[tile_blocks];
    for (size_t block = 0; block < tile_blocks; block++) bytes[block] = _mm512_setzero_si512();
    for (size_t group = first; group < last; group++) {
      __m512i entries = _mm512_loadu_si512(table + group * table_size);
#pragma clang loop unroll(full)
      for (size_t block = 0; block < tile_blocks; block++) {
        __m512i index = _mm512_loadu_si512(codes + block * stride + group * block_rows);
        bytes[block] = _mm512_add_epi8(bytes[block], _mm512_permutexvar_epi8(index, entries));
      }
    }
    for (size_t block = 0; block < tile_blocks; block++) {
      all[block] = _mm512_add_epi16(all[block], bytes[block]);
      odd[block] = _mm512_add_epi16(odd[block], _mm512_srli_epi16(bytes[block], 8));
    }
  }
  for (size_t block = 0; block < tile_blocks; block++) {
    __m512i even = _mm512_sub_epi16(all[block], _mm512_slli_epi16(odd[block], 8));
    _mm512_storeu_si512(sums + block * block_rows, even);
    _mm512_storeu_si512(sums + block * block_rows + 32, odd[block]);
  }
}

#define LOAD_SUMS(SOURCE) _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(SOURCE)))
DEFINE_WIDE_SELECT(select_rows_vbmi, VBMI, uint16_t, LOAD_SUMS)

static int has_vbmi(void) {
  return __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("fma");
}
#endif

void lig_sign_sums(uint16_t *restrict sums, const uint8_t *restrict codes, size_t tiles,
                   size_t padded, const uint8_t *restrict table, int is_portable) {
  size_t groups = group_count(padded);
  for (size_t tile = 0; tile < tiles; tile++) {
    const uint8_t *source = codes + tile * groups * tile_rows;
#if defined(__x86_64__)
    if (!is_portable && has_vbmi()) {
      tile_sums_vbmi(sums + tile * tile_rows, source, groups, table);
      continue;
    }
#endif
    tile_sums(sums + tile * tile_rows, source, groups, table);
  }
}

#define DEFINE_SCAN(NAME, ATTRIBUTES, SUMS, SELECT)                                               \
  ATTRIBUTES static size_t NAME(const struct code_scan *scan) {                                   \
    size_t groups = group_count(scan->padded), tile = scan->first;                                \
    for (int is_full = 0; tile < scan->last && !is_full; tile++) {                                \
      int skip;                                                                                   \
      const uint64_t *mask = tile_mask(scan, tile, &skip);                                        \
      if (skip) continue;                                                                         \
      const uint8_t *source = scan->codes + tile * groups * tile_rows;                            \
      for (size_t q = 0; q < scan->query_count; q++) {                                            \
        uint16_t sums[tile_rows] __attribute__((aligned(64)));                                    \
        SUMS(sums, source, groups, scan->tables + q * groups * table_size);                       \
        is_full |= SELECT_INTO(SELECT, scan, sums, tile, mask, q);                                \
      }                                                                                           \
    }                                                                                             \
    return tile;                                                                                  \
  }

#if defined(__x86_64__)
DEFINE_SCAN(scan_vbmi, VBMI, tile_sums_vbmi, select_rows_vbmi)
#endif
DEFINE_SCAN(scan_portable, , tile_sums, select_rows)

size_t lig_scan_sign_codes(const struct code_scan *scan) {
#if defined(__x86_64__)
  if (has_vbmi()) return scan_vbmi(scan);
#endif
  return scan_portable(scan);
}

size_t lig_code_bytes(size_t padded, unsigned bits) {
  return bits == 1 ? group_count(padded) : padded * bits / 8;
}

size_t lig_code_table_bytes(size_t padded, unsigned bits) {
  return bits == 1 ? group_count(padded) * table_size : padded;
}

void lig_encode_rows(uint8_t *restrict codes, float *restrict factors, float *restrict errors,
                     const float *restrict rotated, size_t rows, size_t padded, unsigned bits) {
  if (bits == 1) {
    lig_encode_signs(codes, factors, errors, rotated, rows, padded);
  } else {
    lig_encode_integers(codes, factors, errors, rotated, rows, padded, bits);
  }
}

void lig_code_table(uint8_t *restrict table, float *restrict scale, float *restrict offset,
                    const float *restrict query, size_t padded, unsigned bits) {
  if (bits == 1) {
    lig_sign_table(table, scale, offset, query, padded);
  } else {
    lig_integer_table(table, scale, offset, query, padded, bits);
  }
}

size_t lig_scan_codes(int32_t *restrict rows, float *restrict estimates, size_t *restrict counts,
                      size_t capacity, const uint8_t *restrict codes,
                      const float *restrict factors, const float *restrict errors, size_t padded,
                      unsigned bits, size_t first, size_t last, const uint64_t *restrict allowed,
                      const uint8_t *restrict tables,
                      const struct lig_code_query *restrict queries, size_t query_count) {
  struct code_scan scan = {rows,   estimates, counts, capacity, codes,  factors, errors,
                           padded, first,     last,   allowed,  tables, queries, query_count};
  return bits == 1 ? lig_scan_sign_codes(&scan) : lig_scan_integer_codes(&scan, bits);
}
