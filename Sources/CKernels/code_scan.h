#ifndef LIGATURE_CODE_SCAN_H
#define LIGATURE_CODE_SCAN_H

#include "CKernels.h"
#include "dispatch.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// What scans of codes have in common: 64 rows are a block, four blocks a tile.
enum { block_rows = 64, tile_blocks = 4, tile_rows = 256 };

// Appends the rows of a tile whose upper bound reaches the threshold; the number of them.
#define DEFINE_SELECT(NAME, SUM)                                                                  \
  LIG_INLINE size_t NAME(int32_t *restrict rows, float *restrict estimates,                       \
                         const SUM *restrict sums, const float *restrict factors,                 \
                         const float *restrict errors, size_t first_row,                          \
                         const uint64_t *restrict allowed,                                        \
                         const struct lig_code_query *restrict query) {                           \
    size_t count = 0;                                                                             \
    for (size_t i = 0; i < tile_rows; i++) {                                                      \
      float estimate = ((float)sums[i] * query->scale + query->offset) * factors[i];              \
      int passes = estimate + errors[i] * query->margin >= query->threshold;                      \
      if (allowed) passes &= (int)(allowed[i / 64] >> (i % 64) & 1);                              \
      if (passes) {                                                                               \
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
      const uint64_t *restrict allowed, const struct lig_code_query *restrict query) {            \
    __m512 scale = _mm512_set1_ps(query->scale), offset = _mm512_set1_ps(query->offset);          \
    __m512 margin = _mm512_set1_ps(query->margin);                                                \
    __m512 threshold = _mm512_set1_ps(query->threshold);                                          \
    __m512i iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);       \
    size_t count = 0;                                                                             \
    for (size_t i = 0; i < tile_rows; i += 16) {                                                  \
      __m512 sum = _mm512_cvtepi32_ps(LOAD(sums + i));                                            \
      __m512 estimate =                                                                           \
          _mm512_mul_ps(_mm512_fmadd_ps(sum, scale, offset), _mm512_loadu_ps(factors + i));       \
      __m512 upper = _mm512_fmadd_ps(_mm512_loadu_ps(errors + i), margin, estimate);              \
      __mmask16 passes = _mm512_cmp_ps_mask(upper, threshold, _CMP_GE_OQ);                        \
      if (allowed) passes &= (__mmask16)(allowed[i / 64] >> (i % 64));                            \
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
  const uint8_t *codes;
  const float *factors, *errors;
  size_t padded, first, last;
  const uint64_t *allowed;
  const uint8_t *tables;
  const struct lig_code_query *queries;
  size_t query_count;
};

// The mask of a tile, or null; sets `skip` when no row of it is allowed.
LIG_INLINE const uint64_t *tile_mask(const struct code_scan *scan, size_t tile, int *skip) {
  *skip = 0;
  if (!scan->allowed) return NULL;
  const uint64_t *mask = scan->allowed + tile * tile_blocks;
  *skip = !(mask[0] | mask[1] | mask[2] | mask[3]);
  return mask;
}

// Passes the sums of one query and tile to SELECT; whether the query's list is nearly full.
#define SELECT_INTO(SELECT, SCAN, SUMS, TILE, MASK, QUERY)                                        \
  ((SCAN)->counts[QUERY] += SELECT(                                                               \
       (SCAN)->rows + (QUERY) * (SCAN)->capacity + (SCAN)->counts[QUERY],                         \
       (SCAN)->estimates + (QUERY) * (SCAN)->capacity + (SCAN)->counts[QUERY], SUMS,              \
       (SCAN)->factors + (TILE) * tile_rows, (SCAN)->errors + (TILE) * tile_rows,                 \
       (TILE) * tile_rows, MASK, (SCAN)->queries + (QUERY)),                                      \
   (SCAN)->counts[QUERY] + 2 * tile_rows > (SCAN)->capacity)

// Signs: codes.c. Integers of 4 and 8 bits: integer_codes.c. Each returns the first tile not
// scanned.
size_t lig_scan_sign_codes(const struct code_scan *scan);
size_t lig_scan_integer_codes(const struct code_scan *scan, unsigned bits);

void lig_encode_signs(uint8_t *restrict codes, float *restrict factors, float *restrict errors,
                      const float *restrict rotated, size_t rows, size_t padded);
void lig_encode_integers(uint8_t *restrict codes, float *restrict factors, float *restrict errors,
                         const float *restrict rotated, size_t rows, size_t padded, unsigned bits);
void lig_sign_table(uint8_t *restrict table, float *restrict scale, float *restrict offset,
                    const float *restrict query, size_t padded);
void lig_integer_table(uint8_t *restrict table, float *restrict scale, float *restrict offset,
                       const float *restrict query, size_t padded, unsigned bits);

#endif
