#ifndef LIGATURE_CODE_SCAN_H
#define LIGATURE_CODE_SCAN_H

#include "CKernels.h"
#include "dispatch.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// What scans of codes have in common: 64 rows are a block, four blocks a tile.
enum { block_rows = 64, tile_blocks = 4, tile_rows = 256 };

// Appends the candidates of a block whose upper bound reaches the threshold; the number of them.
#define DEFINE_SELECT(NAME, SUM)                                                                  \
  LIG_INLINE size_t NAME(int32_t *restrict rows, float *restrict estimates,                       \
                         const SUM *restrict sums, const float *restrict factors,                 \
                         const float *restrict errors, size_t first_row, uint64_t candidates,     \
                         const struct lig_code_query *restrict query) {                           \
    size_t count = 0;                                                                             \
    for (size_t i = 0; i < block_rows; i++) {                                                     \
      float estimate = ((float)sums[i] * query->scale + query->offset) * factors[i];              \
      int passes = estimate + errors[i] * query->margin >= query->threshold;                      \
      if (passes & (int)(candidates >> i & 1)) {                                                  \
        rows[count] = (int32_t)(first_row + i);                                                   \
        estimates[count++] = estimate;                                                            \
      }                                                                                           \
    }                                                                                             \
    return count;                                                                                 \
  }

// The same, 16 rows at a time. Rows are compressed in a register: to memory it is slow on Zen 4.
#define DEFINE_WIDE_SELECT(NAME, ATTRIBUTES, SUM, LOAD)                                           \
  ATTRIBUTES static inline size_t NAME(                                                           \
      int32_t *restrict rows, float *restrict estimates, const SUM *restrict sums,                \
      const float *restrict factors, const float *restrict errors, size_t first_row,              \
      uint64_t candidates, const struct lig_code_query *restrict query) {                         \
    __m512 scale = _mm512_set1_ps(query->scale), offset = _mm512_set1_ps(query->offset);          \
    __m512 margin = _mm512_set1_ps(query->margin);                                                \
    __m512 threshold = _mm512_set1_ps(query->threshold);                                          \
    __m512i iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);       \
    size_t count = 0;                                                                             \
    for (size_t i = 0; i < block_rows; i += 16) {                                                 \
      __mmask16 wanted = (__mmask16)(candidates >> i);                                            \
      if (wanted == 0) continue;                                                                  \
      __m512 sum = _mm512_cvtepi32_ps(LOAD(sums + i));                                            \
      __m512 estimate =                                                                           \
          _mm512_mul_ps(_mm512_fmadd_ps(sum, scale, offset), _mm512_loadu_ps(factors + i));       \
      __m512 upper = _mm512_fmadd_ps(_mm512_loadu_ps(errors + i), margin, estimate);              \
      __mmask16 passes = _mm512_mask_cmp_ps_mask(wanted, upper, threshold, _CMP_GE_OQ);           \
      if (passes == 0) continue;                                                                  \
      __m512i numbers = _mm512_add_epi32(iota, _mm512_set1_epi32((int)(first_row + i)));          \
      _mm512_storeu_si512(rows + count, _mm512_maskz_compress_epi32(passes, numbers));            \
      _mm512_storeu_ps(estimates + count, _mm512_maskz_compress_ps(passes, estimate));            \
      count += (size_t)__builtin_popcount(passes);                                                \
    }                                                                                             \
    return count;                                                                                 \
  }

// What a scan is given; the shape of lig_scan_codes.
struct code_scan {
  int32_t *rows;
  float *estimates;
  size_t *counts;
  size_t capacity;
  struct lig_code_rows source;
  size_t padded, first, last;
  const uint64_t *allowed;
  const uint8_t *tables;
  const struct lig_code_query *queries;
  size_t query_count;
};

// Whether a row of a tile is allowed; `mask` is that of the tile, or null.
LIG_INLINE int has_allowed(const struct code_scan *scan, size_t tile, const uint64_t **mask) {
  *mask = NULL;
  if (!scan->allowed) return 1;
  *mask = scan->allowed + tile * tile_blocks;
  return ((*mask)[0] | (*mask)[1] | (*mask)[2] | (*mask)[3]) != 0;
}

// Passes the sums of one query and block to SELECT.
#define SELECT_INTO(SELECT, SCAN, SUMS, FIRST_ROW, CANDIDATES, QUERY)                             \
  (SCAN)->counts[QUERY] += SELECT(                                                                \
      (SCAN)->rows + (QUERY) * (SCAN)->capacity + (SCAN)->counts[QUERY],                          \
      (SCAN)->estimates + (QUERY) * (SCAN)->capacity + (SCAN)->counts[QUERY], SUMS,               \
      (SCAN)->source.factors + (FIRST_ROW), (SCAN)->source.errors + (FIRST_ROW), FIRST_ROW,       \
      CANDIDATES, (SCAN)->queries + (QUERY))

// Whether another tile might not fit into a query's list. A select writes 16 more than it counts.
LIG_INLINE int is_nearly_full(const struct code_scan *scan, size_t query) {
  return scan->counts[query] + 2 * tile_rows > scan->capacity;
}

// Signs: sign_codes.c, sign_scan.c. Integers of 4 and 8 bits: integer_codes.c. Each scan returns the
// first tile not scanned.
size_t lig_scan_sign_codes(const struct code_scan *scan);
size_t lig_scan_integer_codes(const struct code_scan *scan, unsigned bits);

void lig_encode_signs(uint8_t *restrict codes, float *restrict factors, float *restrict errors,
                      uint16_t *restrict slopes, float *restrict steepest,
                      const float *restrict rotated, size_t rows, size_t padded);
void lig_encode_integers(uint8_t *restrict codes, float *restrict factors, float *restrict errors,
                         const float *restrict rotated, size_t rows, size_t padded, unsigned bits);
void lig_sign_table(uint8_t *restrict table, struct lig_code_query *restrict known,
                    const float *restrict query, size_t padded);
void lig_integer_table(uint8_t *restrict table, struct lig_code_query *restrict known,
                       const float *restrict query, size_t padded, unsigned bits);
void lig_bound_signs(struct lig_code_query *restrict query, size_t padded);

#endif
