#include <string.h>

#include "CKernels.h"
#include "dispatch.h"

// Every dot product is 16 running sums over j mod 16, then one fixed tree; the tile shape only
// decides how many of them share a pass. So a product has the same bits in every batch, and whether
// its row was met in a scan or picked from a list.

// Vectors never cross a call: everything that takes one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

enum { lanes = 16, group = 8 };
typedef float Lanes __attribute__((vector_size(lanes * sizeof(float))));
typedef float HalfLanes __attribute__((vector_size(lanes * sizeof(float) / 2)));
typedef float QuarterLanes __attribute__((vector_size(lanes * sizeof(float) / 4)));
typedef _Float16 LanesOfHalf __attribute__((vector_size(lanes * sizeof(_Float16))));
typedef int8_t LanesOfByte __attribute__((vector_size(lanes * sizeof(int8_t))));

LIG_INLINE Lanes load_float(const float *source) {
  Lanes values;
  memcpy(&values, source, sizeof values);
  return values;
}

LIG_INLINE Lanes load_half(const _Float16 *source) {
  LanesOfHalf values;
  memcpy(&values, source, sizeof values);
  return __builtin_convertvector(values, Lanes);
}

LIG_INLINE Lanes load_byte(const int8_t *source) {
  LanesOfByte values;
  memcpy(&values, source, sizeof values);
  return __builtin_convertvector(values, Lanes);
}

LIG_INLINE float sum_of_lanes(Lanes v) {
  HalfLanes a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
  QuarterLanes b = __builtin_shufflevector(a, a, 0, 1, 2, 3) +
                   __builtin_shufflevector(a, a, 4, 5, 6, 7);
  return (b[0] + b[2]) + (b[1] + b[3]);
}

LIG_INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

#define UNROLL _Pragma("clang loop unroll(full)")

// How far ahead rows are fetched, in bytes. Hardware prefetch stops at every page, and these scans
// cross one every few hundred cycles.
enum { bytes_ahead = 12288 };

// A tile of `tile_rows` × `tile_queries` dot products; both are constants at every call, so that
// the sums stay in registers. `pack` starts at the tile's first query. Meanwhile the rows of `next`
// are fetched into the second-level cache, unless it is null.
#define DEFINE_TILE(NAME, ELEMENT, LOAD)                                                          \
  LIG_INLINE void NAME(float *restrict scores, size_t stride, const float *restrict pack,         \
                       size_t queries, const ELEMENT *const *rows, const ELEMENT *const *next,    \
                       size_t width, const size_t tile_rows, const size_t tile_queries) {         \
    Lanes sums[tile_rows * tile_queries];                                                         \
    UNROLL for (size_t i = 0; i < tile_rows * tile_queries; i++) sums[i] = (Lanes){0};            \
    size_t whole = width / lanes, rest = width % lanes;                                           \
    for (size_t j = 0; j < whole; j++) {                                                          \
      Lanes row[tile_rows];                                                                       \
      UNROLL for (size_t r = 0; r < tile_rows; r++) {                                             \
        row[r] = LOAD(rows[r] + j * lanes);                                                       \
        if (next && j * lanes * sizeof(ELEMENT) % 64 == 0)                                        \
          __builtin_prefetch(next[r] + j * lanes, 0, 2);                                          \
      }                                                                                           \
      UNROLL for (size_t q = 0; q < tile_queries; q++) {                                          \
        Lanes query = load_float(pack + (j * queries + q) * lanes);                               \
        UNROLL for (size_t r = 0; r < tile_rows; r++)                                             \
            sums[r * tile_queries + q] += query * row[r];                                         \
      }                                                                                           \
    }                                                                                             \
    if (rest) {                                                                                   \
      Lanes row[tile_rows];                                                                       \
      UNROLL for (size_t r = 0; r < tile_rows; r++) {                                             \
        ELEMENT padded[lanes] = {0};                                                              \
        for (size_t l = 0; l < rest; l++) padded[l] = rows[r][whole * lanes + l];                 \
        row[r] = LOAD(padded);                                                                    \
      }                                                                                           \
      UNROLL for (size_t q = 0; q < tile_queries; q++) {                                          \
        Lanes query = load_float(pack + (whole * queries + q) * lanes);                           \
        UNROLL for (size_t r = 0; r < tile_rows; r++)                                             \
            sums[r * tile_queries + q] += query * row[r];                                         \
      }                                                                                           \
    }                                                                                             \
    UNROLL for (size_t q = 0; q < tile_queries; q++)                                              \
        UNROLL for (size_t r = 0; r < tile_rows; r++)                                             \
            scores[q * stride + r] = sum_of_lanes(sums[r * tile_queries + q]);                    \
  }

DEFINE_TILE(tile_half, _Float16, load_half)
DEFINE_TILE(tile_float, float, load_float)
DEFINE_TILE(tile_byte, int8_t, load_byte)

#define TILE_CASE(TILE, N)                                                                        \
  case N:                                                                                         \
    if (N <= widest) TILE(target, stride, part, size, rows, next, width, tile_rows, N);           \
    break;

// All queries against `tile_rows` rows, in tiles of at most `widest` queries; the first fetches.
#define DEFINE_STRIPE(NAME, TILE, ELEMENT)                                                        \
  LIG_INLINE void NAME(float *restrict scores, size_t stride, const float *restrict pack,         \
                       size_t queries, const ELEMENT *const *rows, const ELEMENT *const *next,    \
                       size_t width, const size_t tile_rows, const size_t widest) {               \
    size_t steps = (width + lanes - 1) / lanes;                                                   \
    for (size_t first = 0; first < queries; first += group) {                                     \
      size_t size = smaller(group, queries - first);                                              \
      for (size_t q = 0, taken; q < size; q += taken, next = NULL) {                              \
        float *target = scores + (first + q) * stride;                                            \
        const float *part = pack + (first * steps + q) * lanes;                                   \
        taken = smaller(widest, size - q);                                                        \
        switch (taken) {                                                                          \
          TILE_CASE(TILE, 8)                                                                      \
          TILE_CASE(TILE, 7)                                                                      \
          TILE_CASE(TILE, 6)                                                                      \
          TILE_CASE(TILE, 5)                                                                      \
          TILE_CASE(TILE, 4)                                                                      \
          TILE_CASE(TILE, 3)                                                                      \
          TILE_CASE(TILE, 2)                                                                      \
          TILE_CASE(TILE, 1)                                                                      \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }

DEFINE_STRIPE(stripe_half, tile_half, _Float16)
DEFINE_STRIPE(stripe_float, tile_float, float)
DEFINE_STRIPE(stripe_byte, tile_byte, int8_t)

// Where the row at a place of the scan starts: the place itself, or what the list names there. A
// place past the end gives the last row.
#define ROW_AT(PLACE)                                                                             \
  (rows + (list ? (size_t)list[smaller(PLACE, count - 1)] : smaller(PLACE, count - 1)) * width)

#define DEFINE_SCAN(NAME, ATTRIBUTES, ELEMENT, STRIPE, TILE_ROWS, WIDEST)                         \
  ATTRIBUTES static void NAME(float *restrict scores, size_t stride, const float *restrict pack,  \
                              size_t queries, const ELEMENT *restrict rows,                       \
                              const int32_t *restrict list, size_t count, size_t width) {         \
    size_t ahead = bytes_ahead / (width * sizeof(ELEMENT)) + TILE_ROWS;                           \
    size_t i = 0;                                                                                 \
    for (; i + TILE_ROWS <= count; i += TILE_ROWS) {                                              \
      const ELEMENT *tile[TILE_ROWS], *next[TILE_ROWS];                                           \
      UNROLL for (size_t r = 0; r < TILE_ROWS; r++) {                                             \
        tile[r] = ROW_AT(i + r);                                                                  \
        next[r] = ROW_AT(i + r + ahead);                                                          \
      }                                                                                           \
      STRIPE(scores + i, stride, pack, queries, tile, next, width, TILE_ROWS, WIDEST);            \
    }                                                                                             \
    for (; i < count; i++) {                                                                      \
      const ELEMENT *tile[1] = {ROW_AT(i)};                                                       \
      STRIPE(scores + i, stride, pack, queries, tile, NULL, width, 1, WIDEST);                    \
    }                                                                                             \
  }

#if defined(__x86_64__)
// 32 registers of 16 lanes hold 3 × 8 sums; 16 registers of 8 lanes hold 2 × 2.
#define V4 __attribute__((target("arch=x86-64-v4")))
#define V3 __attribute__((target("arch=x86-64-v3")))
DEFINE_SCAN(scan_half_v4, V4, _Float16, stripe_half, 3, 8)
DEFINE_SCAN(scan_half_v3, V3, _Float16, stripe_half, 2, 2)
DEFINE_SCAN(scan_float_v4, V4, float, stripe_float, 3, 8)
DEFINE_SCAN(scan_float_v3, V3, float, stripe_float, 2, 2)
DEFINE_SCAN(scan_byte_v4, V4, int8_t, stripe_byte, 3, 8)
DEFINE_SCAN(scan_byte_v3, V3, int8_t, stripe_byte, 2, 2)
#endif
DEFINE_SCAN(scan_half, , _Float16, stripe_half, 1, 2)
DEFINE_SCAN(scan_float, , float, stripe_float, 1, 2)
DEFINE_SCAN(scan_byte, , int8_t, stripe_byte, 1, 2)

void lig_pack_queries(float *restrict pack, const float *restrict queries, size_t count,
                      size_t width) {
  float *target = pack;
  for (size_t first = 0; first < count; first += group) {
    size_t size = smaller(group, count - first);
    for (size_t column = 0; column < width; column += lanes) {
      size_t filled = smaller(lanes, width - column);
      for (size_t q = first; q < first + size; q++, target += lanes) {
        memcpy(target, queries + q * width + column, filled * sizeof(float));
        memset(target + filled, 0, (lanes - filled) * sizeof(float));
      }
    }
  }
}

#if defined(__x86_64__)
#define DISPATCH(SCAN, ROWS)                                                                      \
  if (__builtin_cpu_supports("x86-64-v4")) {                                                      \
    SCAN##_v4(scores, stride, pack, queries, ROWS, list, count, width);                           \
  } else if (__builtin_cpu_supports("x86-64-v3")) {                                               \
    SCAN##_v3(scores, stride, pack, queries, ROWS, list, count, width);                           \
  } else {                                                                                        \
    SCAN(scores, stride, pack, queries, ROWS, list, count, width);                                \
  }
#else
#define DISPATCH(SCAN, ROWS) SCAN(scores, stride, pack, queries, ROWS, list, count, width);
#endif

void lig_dots_half(float *restrict scores, size_t stride, const float *restrict pack,
                   size_t queries, const uint16_t *restrict rows, const int32_t *restrict list,
                   size_t count, size_t width) {
  DISPATCH(scan_half, (const _Float16 *)rows)
}

void lig_dots_float(float *restrict scores, size_t stride, const float *restrict pack,
                    size_t queries, const float *restrict rows, const int32_t *restrict list,
                    size_t count, size_t width) {
  DISPATCH(scan_float, rows)
}

void lig_dots_byte(float *restrict scores, size_t stride, const float *restrict pack,
                   size_t queries, const int8_t *restrict rows, const float *restrict scales,
                   const int32_t *restrict list, size_t count, size_t width) {
  DISPATCH(scan_byte, rows)
  for (size_t q = 0; q < queries; q++) {
    for (size_t i = 0; i < count; i++) {
      scores[q * stride + i] *= scales[list ? (size_t)list[i] : i];
    }
  }
}
