#include <string.h>

#include "sign_codes.h"

// Σ of the table's entries of some groups for the rows of `count` blocks, `stride` bytes apart,
// in the order of the rows; on top of what is in `sums` unless the groups are the first.
LIG_INLINE void add_entries(uint16_t *restrict sums, const uint8_t *restrict codes, size_t stride,
                            size_t count, const uint8_t *restrict table, size_t first,
                            size_t last) {
  if (first == 0) memset(sums, 0, count * block_rows * sizeof(uint16_t));
  for (size_t block = 0; block < count; block++) {
    const uint8_t *source = codes + block * stride;
    uint16_t *target = sums + block * block_rows;
    for (size_t group = first; group < last; group++) {
      for (size_t row = 0; row < block_rows; row++) {
        unsigned index = source[group * block_rows + byte_of_row(row)];
        target[row] = (uint16_t)(target[row] + table[group * table_size + (index & 63)]);
      }
    }
  }
}

// The rows of a block whose sums reach least + slope · rise, a bit for each.
LIG_INLINE uint64_t reaching(const uint16_t *restrict sums, const uint16_t *restrict slopes,
                             int rise, int least) {
  uint64_t rows = 0;
  for (size_t row = 0; row < block_rows; row++) {
    rows |= (uint64_t)((int)sums[row] >= (slopes[row] * rise >> 16) + least) << row;
  }
  return rows;
}

DEFINE_SELECT(select_rows, uint16_t)

#if defined(__x86_64__)
#define VBMI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi,fma")))
#define UNROLL _Pragma("clang loop unroll(full)")

// Adds a group's entries for `count` blocks, a constant at every call.
VBMI LIG_INLINE void add_group_vbmi(__m512i *restrict bytes, const uint8_t *restrict codes,
                                    size_t stride, size_t count,
                                    const uint8_t *restrict table, size_t group) {
  __m512i entries = _mm512_loadu_si512(table + group * table_size);
  UNROLL for (size_t block = 0; block < count; block++) {
    __m512i index = _mm512_loadu_si512(codes + block * stride + group * block_rows);
    bytes[block] = _mm512_add_epi8(bytes[block], _mm512_permutexvar_epi8(index, entries));
  }
}

VBMI LIG_INLINE void add_entries_vbmi(uint16_t *restrict sums, const uint8_t *restrict codes,
                                      size_t stride, size_t count, const uint8_t *restrict table,
                                      size_t first, size_t last) {
  __m512i all[tile_blocks], odd[tile_blocks];
  UNROLL for (size_t block = 0; block < count; block++) {
    all[block] = odd[block] = _mm512_setzero_si512();
  }
  for (size_t group = first; group < last; group += byte_additions) {
    __m512i bytes[tile_blocks];
    UNROLL for (size_t block = 0; block < count; block++) bytes[block] = _mm512_setzero_si512();
    if (group + byte_additions <= last) {
      UNROLL for (size_t i = 0; i < byte_additions; i++) {
        add_group_vbmi(bytes, codes, stride, count, table, group + i);
      }
    } else {
      for (size_t i = group; i < last; i++) {
        add_group_vbmi(bytes, codes, stride, count, table, i);
      }
    }
    UNROLL for (size_t block = 0; block < count; block++) {
      all[block] = _mm512_add_epi16(all[block], bytes[block]);
      odd[block] = _mm512_add_epi16(odd[block], _mm512_srli_epi16(bytes[block], 8));
    }
  }
  UNROLL for (size_t block = 0; block < count; block++) {
    uint16_t *target = sums + block * block_rows;
    __m512i even = _mm512_sub_epi16(all[block], _mm512_slli_epi16(odd[block], 8));
    if (first > 0) {
      even = _mm512_add_epi16(even, _mm512_loadu_si512(target));
      odd[block] = _mm512_add_epi16(odd[block], _mm512_loadu_si512(target + 32));
    }
    _mm512_storeu_si512(target, even);
    _mm512_storeu_si512(target + 32, odd[block]);
  }
}

VBMI LIG_INLINE uint64_t reaching_vbmi(const uint16_t *restrict sums,
                                       const uint16_t *restrict slopes, int rise, int least) {
  __m512i times = _mm512_set1_epi16((short)rise), more = _mm512_set1_epi16((short)least);
  uint64_t rows = 0;
  UNROLL for (size_t i = 0; i < block_rows; i += 32) {
    __m512i needed = _mm512_mulhi_epu16(_mm512_loadu_si512(slopes + i), times);
    needed = _mm512_adds_epi16(needed, more);
    __mmask32 some = _mm512_cmpge_epi16_mask(_mm512_loadu_si512(sums + i), needed);
    rows |= (uint64_t)some << i;
  }
  return rows;
}

#define LOAD_SUMS(SOURCE) _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(SOURCE)))
DEFINE_WIDE_SELECT(select_rows_vbmi, VBMI, uint16_t, LOAD_SUMS)

static int has_vbmi(void) {
  return __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("fma");
}
#endif

// What a tile's steepest row has to rise above `least`; more than any sum is never asked for.
LIG_INLINE int rise_of(float steepest, const struct lig_code_query *restrict query) {
  float rise = steepest * query->ascent;
  return rise < INT16_MAX ? (int)rise : INT16_MAX;
}

// Queries that read the rest of a tile's codes together.
enum { shared_queries = 32 };

// Rows of a tile that a query may keep by their first groups.
struct candidates {
  size_t query;
  uint64_t rows[tile_blocks];
};

// Asks for the share of the next tile that falls to one of the queries: with many, some of them will
// read any block of it.
LIG_INLINE void fetch_ahead(const struct code_scan *scan, const uint8_t *next, size_t bytes,
                            size_t query) {
  if (!next || scan->query_count < 8) return;
  size_t lines = bytes / 64, end = (query + 1) * lines / scan->query_count;
  for (size_t line = query * lines / scan->query_count; line < end; line++) {
    __builtin_prefetch(next + line * 64, 0, 2);
  }
}

// Sums of the first groups for a tile, then, block after block, those of the others for the queries of
// which a row may pass.
#define DEFINE_SCAN(NAME, ATTRIBUTES, ADD, REACHING, SELECT)                                      \
  ATTRIBUTES static size_t NAME(const struct code_scan *scan) {                                   \
    size_t groups = group_count(scan->padded), prefix = prefix_groups(scan->padded);              \
    size_t stride = groups * block_rows, tile_bytes = groups * tile_rows;                         \
    size_t table_bytes = groups * table_size, tile = scan->first;                                 \
    uint16_t sums[shared_queries][tile_rows] __attribute__((aligned(64)));                        \
    struct candidates found[shared_queries];                                                      \
    for (int is_full = 0; tile < scan->last && !is_full; tile++) {                                \
      const uint64_t *mask;                                                                       \
      if (!has_allowed(scan, tile, &mask)) continue;                                              \
      const uint8_t *codes = scan->source.codes + tile * tile_bytes;                              \
      const uint8_t *next = tile + 1 < scan->last ? codes + tile_bytes : NULL;                    \
      const uint16_t *slopes = scan->source.slopes + tile * tile_rows;                            \
      float steepest = scan->source.steepest[tile];                                               \
      for (size_t q = 0; q < scan->query_count;) {                                                \
        size_t count = 0;                                                                         \
        for (; q < scan->query_count && count < shared_queries; q++) {                            \
          const struct lig_code_query *query = scan->queries + q;                                 \
          int rise = rise_of(steepest, query);                                                    \
          fetch_ahead(scan, next, tile_bytes, q);                                                 \
          ADD(sums[count], codes, stride, tile_blocks, scan->tables + q * table_bytes, 0, prefix);\
          uint64_t any = 0;                                                                       \
          for (size_t block = 0; block < tile_blocks; block++) {                                  \
            size_t start = block * block_rows;                                                    \
            uint64_t rows =                                                                       \
                REACHING(sums[count] + start, slopes + start, rise, query->least);                \
            if (mask) rows &= mask[block];                                                        \
            found[count].rows[block] = rows;                                                      \
            any |= rows;                                                                          \
          }                                                                                       \
          found[count].query = q;                                                                 \
          count += any != 0;                                                                      \
        }                                                                                         \
        for (size_t block = 0; block < tile_blocks; block++) {                                    \
          size_t start = block * block_rows;                                                      \
          for (size_t i = 0; i < count; i++) {                                                    \
            uint64_t rows = found[i].rows[block];                                                 \
            if (rows == 0) continue;                                                              \
            size_t query = found[i].query;                                                        \
            ADD(sums[i] + start, codes + block * stride, stride, 1,                               \
                scan->tables + query * table_bytes, prefix, groups);                              \
            SELECT_INTO(SELECT, scan, sums[i] + start, tile * tile_rows + start, rows, query);    \
          }                                                                                       \
        }                                                                                         \
        for (size_t i = 0; i < count; i++) is_full |= is_nearly_full(scan, found[i].query);       \
      }                                                                                           \
    }                                                                                             \
    return tile;                                                                                  \
  }

#define DEFINE_PARTS(NAME, ATTRIBUTES, ADD, REACHING)                                             \
  ATTRIBUTES static void NAME(uint16_t *restrict sums, uint64_t *restrict reached,                \
                              const struct lig_code_rows *restrict source, size_t tiles,          \
                              size_t padded, const uint8_t *restrict table,                       \
                              const struct lig_code_query *restrict query) {                      \
    size_t groups = group_count(padded), prefix = prefix_groups(padded);                          \
    size_t stride = groups * block_rows;                                                          \
    for (size_t tile = 0; tile < tiles; tile++, sums += tile_rows) {                              \
      const uint8_t *codes = source->codes + tile * groups * tile_rows;                           \
      int rise = rise_of(source->steepest[tile], query);                                          \
      ADD(sums, codes, stride, tile_blocks, table, 0, prefix);                                    \
      for (size_t block = 0; block < tile_blocks; block++) {                                      \
        size_t start = block * block_rows;                                                        \
        *reached++ = REACHING(sums + start, source->slopes + tile * tile_rows + start, rise,      \
                              query->least);                                                      \
        ADD(sums + start, codes + block * stride, stride, 1, table, prefix, groups);              \
      }                                                                                           \
    }                                                                                             \
  }

#if defined(__x86_64__)
DEFINE_SCAN(scan_vbmi, VBMI, add_entries_vbmi, reaching_vbmi, select_rows_vbmi)
DEFINE_PARTS(parts_vbmi, VBMI, add_entries_vbmi, reaching_vbmi)
#endif
DEFINE_SCAN(scan_portable, , add_entries, reaching, select_rows)
DEFINE_PARTS(parts_portable, , add_entries, reaching)

void lig_sign_sums(uint16_t *restrict sums, uint64_t *restrict reached,
                   const struct lig_code_rows *restrict source, size_t tiles, size_t padded,
                   const uint8_t *restrict table, const struct lig_code_query *restrict query,
                   int is_portable) {
#if defined(__x86_64__)
  if (!is_portable && has_vbmi()) {
    parts_vbmi(sums, reached, source, tiles, padded, table, query);
    return;
  }
#endif
  parts_portable(sums, reached, source, tiles, padded, table, query);
}

size_t lig_scan_sign_codes(const struct code_scan *scan) {
#if defined(__x86_64__)
  if (has_vbmi()) return scan_vbmi(scan);
#endif
  return scan_portable(scan);
}
