#include <math.h>
#include <string.h>

#include "code_scan.h"

// Codes of 4 and 8 bits. Four consecutive values of a row share a 32-bit word (of 4 bits eight do,
// the low halves of the bytes first), and the words of the 64 rows of a block lie side by side, so
// that a product needs no sum across lanes.

// Queries that share every look at a tile.
enum { quad = 4 };

// Half the steps of a code: what is taken from it.
LIG_INLINE float middle_of(unsigned bits) { return bits == 4 ? 7.5f : 128.0f; }

// Where value `i` of a row of a block lies, in bytes.
LIG_INLINE size_t byte_of(size_t i, size_t row, unsigned bits) {
  if (bits == 8) return (i / 4 * block_rows + row) * 4 + i % 4;
  return (i / 8 * block_rows + row) * 4 + i % 4;
}

void lig_encode_integers(uint8_t *restrict codes, float *restrict factors, float *restrict errors,
                         const float *restrict rotated, size_t rows, size_t padded,
                         unsigned bits) {
  float middle = middle_of(bits), most = bits == 4 ? 15.0f : 255.0f;
  for (size_t row = 0; row < rows; row++) {
    const float *x = rotated + row * padded;
    float squares = 0, largest = 0;
    for (size_t i = 0; i < padded; i++) {
      squares += x[i] * x[i];
      largest = fabsf(x[i]) > largest ? fabsf(x[i]) : largest;
    }
    // Sixteen levels for normal values: Max 1960, table II. With 256, all values fit.
    float step = bits == 4 ? 0.3352f * sqrtf(squares / (float)padded) : largest / 127.0f;
    float inverse = step > 0 ? 1.0f / step : 0.0f;
    uint8_t *block = codes + row / block_rows * block_rows * padded * bits / 8;
    float product = 0, code_squares = 0;
    for (size_t i = 0; i < padded; i++) {
      float level = rintf(x[i] * inverse + middle);
      level = level < 0 ? 0 : level > most ? most : level;
      product += (level - middle) * x[i];
      code_squares += (level - middle) * (level - middle);
      uint8_t *place = block + byte_of(i, row % block_rows, bits);
      if (bits == 8) {
        *place = (uint8_t)level;
      } else if (i / 4 % 2) {
        *place = (uint8_t)((*place & 15) | (unsigned)level << 4);
      } else {
        *place = (uint8_t)((*place & 240) | (unsigned)level);
      }
    }
    factors[row] = product > 0 ? squares / product : 0.0f;
    float spread = product > 0 ? squares * code_squares / (product * product) - 1.0f : 0.0f;
    // A query's values are rounded to a 127th of the largest, at most 4.4 / √D for all but freaks.
    float rounding = 0.01f * 0.01f;
    errors[row] = sqrtf(squares * ((spread > 0 ? spread : 0.0f) + rounding) / (float)(padded - 1));
  }
}

void lig_integer_table(uint8_t *restrict table, struct lig_code_query *restrict known,
                       const float *restrict query, size_t padded, unsigned bits) {
  float largest = 0;
  for (size_t i = 0; i < padded; i++) {
    largest = fabsf(query[i]) > largest ? fabsf(query[i]) : largest;
  }
  float step = largest > 0 ? largest / 127.0f : 1.0f;
  int32_t sum = 0;
  for (size_t i = 0; i < padded; i++) {
    int8_t value = (int8_t)rintf(query[i] / step);
    sum += value;
    memcpy(table + i, &value, 1);
  }
  known->scale = step;
  known->offset = -middle_of(bits) * step * (float)sum;
}

// Σ code · query for the rows of a tile and some queries; [queries, 256].
static void tile_products(int32_t *restrict sums, const uint8_t *restrict codes, size_t padded,
                          const uint8_t *restrict queries, size_t count, unsigned bits) {
  size_t block_bytes = block_rows * padded * bits / 8;
  for (size_t q = 0; q < count; q++) {
    for (size_t row = 0; row < tile_rows; row++) {
      const uint8_t *block = codes + row / block_rows * block_bytes;
      int32_t sum = 0;
      for (size_t i = 0; i < padded; i++) {
        int code = block[byte_of(i, row % block_rows, bits)];
        if (bits == 4) code = i / 4 % 2 ? code >> 4 : code & 15;
        sum += code * (int8_t)queries[q * padded + i];
      }
      sums[q * tile_rows + row] = sum;
    }
  }
}

DEFINE_SELECT(select_rows, int32_t)

#if defined(__x86_64__)
#define VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma")))
#define UNROLL _Pragma("clang loop unroll(full)")

LIG_INLINE int word_at(const uint8_t *source) {
  int word;
  memcpy(&word, source, sizeof word);
  return word;
}

// One block of 64 rows and `count` queries, a constant at every call.
#define DEFINE_BLOCK(NAME, COUNT)                                                                 \
  VNNI static void NAME(int32_t *restrict sums, const uint8_t *restrict block, size_t padded,     \
                        const uint8_t *restrict queries, unsigned bits) {                         \
    __m512i totals[COUNT][4];                                                                     \
    UNROLL for (size_t q = 0; q < COUNT; q++)                                                     \
        UNROLL for (size_t r = 0; r < 4; r++) totals[q][r] = _mm512_setzero_si512();              \
    __m512i low = _mm512_set1_epi8(15);                                                           \
    size_t step = 32 / bits;                                                                      \
    for (size_t i = 0; i < padded; i += step, block += 4 * block_rows) {                          \
      __m512i rows[4];                                                                            \
      UNROLL for (size_t r = 0; r < 4; r++) rows[r] = _mm512_loadu_si512(block + 64 * r);         \
      if (bits == 4) {                                                                            \
        UNROLL for (size_t q = 0; q < COUNT; q++) {                                               \
          __m512i first = _mm512_set1_epi32(word_at(queries + q * padded + i));                   \
          __m512i second = _mm512_set1_epi32(word_at(queries + q * padded + i + 4));              \
          UNROLL for (size_t r = 0; r < 4; r++) {                                                 \
            totals[q][r] =                                                                        \
                _mm512_dpbusd_epi32(totals[q][r], _mm512_and_si512(rows[r], low), first);         \
            __m512i high = _mm512_and_si512(_mm512_srli_epi16(rows[r], 4), low);                  \
            totals[q][r] = _mm512_dpbusd_epi32(totals[q][r], high, second);                       \
          }                                                                                       \
        }                                                                                         \
      } else {                                                                                    \
        UNROLL for (size_t q = 0; q < COUNT; q++) {                                               \
          __m512i word = _mm512_set1_epi32(word_at(queries + q * padded + i));                    \
          UNROLL for (size_t r = 0; r < 4; r++) totals[q][r] =                                    \
              _mm512_dpbusd_epi32(totals[q][r], rows[r], word);                                   \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
    UNROLL for (size_t q = 0; q < COUNT; q++)                                                     \
        UNROLL for (size_t r = 0; r < 4; r++)                                                     \
            _mm512_storeu_si512(sums + q * tile_rows + 16 * r, totals[q][r]);                     \
  }

DEFINE_BLOCK(block_of_one, 1)
DEFINE_BLOCK(block_of_quad, quad)

static void tile_products_vnni(int32_t *restrict sums, const uint8_t *restrict codes,
                               size_t padded, const uint8_t *restrict queries, size_t count,
                               unsigned bits) {
  for (size_t block = 0; block < tile_blocks; block++) {
    const uint8_t *source = codes + block * block_rows * padded * bits / 8;
    int32_t *target = sums + block * block_rows;
    if (count == quad) {
      block_of_quad(target, source, padded, queries, bits);
      continue;
    }
    for (size_t q = 0; q < count; q++) {
      block_of_one(target + q * tile_rows, source, padded, queries + q * padded, bits);
    }
  }
}

#define LOAD_SUMS(SOURCE) _mm512_loadu_si512(SOURCE)
DEFINE_WIDE_SELECT(select_rows_vnni, VNNI, int32_t, LOAD_SUMS)

static int has_vnni(void) {
  return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("fma");
}
#endif

void lig_integer_sums(int32_t *restrict sums, const uint8_t *restrict codes, size_t tiles,
                      size_t padded, const uint8_t *restrict query, unsigned bits,
                      int is_portable) {
  for (size_t tile = 0; tile < tiles; tile++) {
    const uint8_t *source = codes + tile * tile_rows * padded * bits / 8;
#if defined(__x86_64__)
    if (!is_portable && has_vnni()) {
      tile_products_vnni(sums + tile * tile_rows, source, padded, query, 1, bits);
      continue;
    }
#endif
    tile_products(sums + tile * tile_rows, source, padded, query, 1, bits);
  }
}

#define DEFINE_SCAN(NAME, ATTRIBUTES, PRODUCTS, SELECT)                                           \
  ATTRIBUTES static size_t NAME(const struct code_scan *scan, unsigned bits) {                    \
    size_t padded = scan->padded, tile = scan->first;                                             \
    for (int is_full = 0; tile < scan->last && !is_full; tile++) {                                \
      const uint64_t *mask;                                                                       \
      if (!has_allowed(scan, tile, &mask)) continue;                                              \
      const uint8_t *source = scan->source.codes + tile * tile_rows * padded * bits / 8;                 \
      for (size_t first = 0; first < scan->query_count; first += quad) {                          \
        int32_t sums[quad * tile_rows] __attribute__((aligned(64)));                              \
        size_t left = scan->query_count - first, count = left < quad ? left : quad;               \
        PRODUCTS(sums, source, padded, scan->tables + first * padded, count, bits);               \
        for (size_t q = 0; q < count; q++) {                                                      \
          for (size_t block = 0; block < tile_blocks; block++) {                                  \
            uint64_t rows = mask ? mask[block] : ~UINT64_C(0);                                    \
            size_t start = block * block_rows;                                                    \
            SELECT_INTO(SELECT, scan, sums + q * tile_rows + start, tile * tile_rows + start,     \
                        rows, first + q);                                                         \
          }                                                                                       \
          is_full |= is_nearly_full(scan, first + q);                                             \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
    return tile;                                                                                  \
  }

#if defined(__x86_64__)
DEFINE_SCAN(scan_vnni, VNNI, tile_products_vnni, select_rows_vnni)
#endif
DEFINE_SCAN(scan_portable, , tile_products, select_rows)

size_t lig_scan_integer_codes(const struct code_scan *scan, unsigned bits) {
#if defined(__x86_64__)
  if (has_vnni()) return scan_vnni(scan, bits);
#endif
  return scan_portable(scan, bits);
}
