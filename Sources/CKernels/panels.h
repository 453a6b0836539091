#ifndef LIGATURE_PANELS_H
#define LIGATURE_PANELS_H

#include <stddef.h>
#include <string.h>

#include "dispatch.h"

// Products with a packed right side. An entry is one running sum over the inner index, so the
// shape of a tile decides nothing but speed.

// Vectors never cross a call: everything that takes one is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

enum { panel_lanes = 16, panel_vectors = 2, panel_width = panel_lanes * panel_vectors };
typedef float PanelLanes __attribute__((vector_size(panel_lanes * sizeof(float))));

#define PANEL_UNROLL _Pragma("clang loop unroll(full)")

LIG_INLINE size_t panel_count(size_t n) { return (n + panel_width - 1) / panel_width; }

LIG_INLINE void pack_panels(float *restrict pack, const float *restrict b, size_t inner_stride,
                            size_t column_stride, size_t n, size_t k) {
  for (size_t start = 0; start < n; start += panel_width) {
    size_t filled = n - start < panel_width ? n - start : panel_width;
    if (column_stride == 1) {
      for (size_t i = 0; i < k; i++, pack += panel_width) {
        if (filled == panel_width) {
          memcpy(pack, b + i * inner_stride + start, panel_width * sizeof(float));
          continue;
        }
        memcpy(pack, b + i * inner_stride + start, filled * sizeof(float));
        memset(pack + filled, 0, (panel_width - filled) * sizeof(float));
      }
      continue;
    }
    if (filled < panel_width) memset(pack, 0, k * panel_width * sizeof(float));
    for (size_t c = 0; c < filled; c += 4) {
      // Four columns at a time: each line of the pack is written by few passes.
      const float *source = b + (start + c) * column_stride;
      size_t together = filled - c < 4 ? filled - c : 4;
      float *target = pack + c;
      if (together == 4)
        for (size_t i = 0; i < k; i++)
          for (size_t l = 0; l < 4; l++)
            target[i * panel_width + l] = source[l * column_stride + i * inner_stride];
      else
        for (size_t i = 0; i < k; i++)
          for (size_t l = 0; l < together; l++)
            target[i * panel_width + l] = source[l * column_stride + i * inner_stride];
    }
    pack += k * panel_width;
  }
}

// `tile_rows` rows by the first `vectors` vectors of a panel; both are constants at every call.
LIG_INLINE void panel_tile(float *restrict y, size_t y_stride, const float *restrict x,
                           size_t x_stride, size_t x_inner_stride, const float *restrict panel,
                           const float *restrict bias, size_t columns, size_t k,
                           const size_t tile_rows, const size_t vectors) {
  PanelLanes sums[12][panel_vectors];
  PANEL_UNROLL for (size_t r = 0; r < tile_rows; r++)
    PANEL_UNROLL for (size_t v = 0; v < vectors; v++) sums[r][v] = (PanelLanes){0};
  for (size_t i = 0; i < k; i++) {
    PanelLanes entries[panel_vectors];
    memcpy(entries, panel + i * panel_width, vectors * sizeof(PanelLanes));
    PANEL_UNROLL for (size_t r = 0; r < tile_rows; r++) {
      float factor = x[r * x_stride + i * x_inner_stride];
      PANEL_UNROLL for (size_t v = 0; v < vectors; v++) sums[r][v] += factor * entries[v];
    }
  }
  const size_t whole = vectors * panel_lanes;
  if (bias) {
    PanelLanes shift[panel_vectors] = {{0}, {0}};
    if (columns == whole)
      memcpy(shift, bias, whole * sizeof(float));
    else
      memcpy(shift, bias, columns * sizeof(float));
    PANEL_UNROLL for (size_t r = 0; r < tile_rows; r++)
      PANEL_UNROLL for (size_t v = 0; v < vectors; v++) sums[r][v] += shift[v];
  }
  PANEL_UNROLL for (size_t r = 0; r < tile_rows; r++) {
    // A copy whose length is not a constant wants memory: take it of a copy, so that the sums
    // themselves stay in registers.
    PanelLanes row[panel_vectors];
    PANEL_UNROLL for (size_t v = 0; v < vectors; v++) row[v] = sums[r][v];
    if (columns == whole)
      PANEL_UNROLL for (size_t v = 0; v < vectors; v++)
        memcpy(y + r * y_stride + v * panel_lanes, &sums[r][v], sizeof(PanelLanes));
    else
      memcpy(y + r * y_stride, row, columns * sizeof(float));
  }
}

// Blocks of rows stay in the first cache while the panels pass. `tile_rows` is a constant.
LIG_INLINE void panel_product(float *restrict y, size_t y_stride, const float *restrict x,
                              size_t x_stride, size_t x_inner_stride, const float *restrict pack,
                              const float *restrict bias, size_t rows, size_t n, size_t k,
                              const size_t tile_rows) {
  enum { block = 96 };
  for (size_t start = 0; start < rows; start += block) {
    size_t end = rows - start < block ? rows : start + block;
    for (size_t p = 0; p < panel_count(n); p++) {
      const float *panel = pack + p * k * panel_width;
      const float *shift = bias ? bias + p * panel_width : NULL;
      size_t columns = n - p * panel_width < panel_width ? n - p * panel_width : panel_width;
      float *target = y + p * panel_width;
      size_t r = start;
#define PANEL_ROWS(COUNT)                                                                         \
  if (COUNT <= tile_rows)                                                                         \
    for (; r + COUNT <= end; r += COUNT) {                                                        \
      const float *source = x + r * x_stride;                                                     \
      if (columns > panel_lanes)                                                                  \
        panel_tile(target + r * y_stride, y_stride, source, x_stride, x_inner_stride, panel,      \
                   shift, columns, k, COUNT, 2);                                                  \
      else                                                                                        \
        panel_tile(target + r * y_stride, y_stride, source, x_stride, x_inner_stride, panel,      \
                   shift, columns, k, COUNT, 1);                                                  \
    }
      PANEL_ROWS(12)
      PANEL_ROWS(8)
      PANEL_ROWS(4)
      PANEL_ROWS(2)
      PANEL_ROWS(1)
#undef PANEL_ROWS
    }
  }
}

// Rows of a tile that keep all sums in registers: 32 registers of 16 lanes, 16 of 8, 16 of 4.
enum { tile_rows_v4 = 12, tile_rows_v3 = 2, tile_rows_default = 1 };

#if defined(__x86_64__)
#define PANEL_V4 __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define PANEL_V3 __attribute__((target("arch=x86-64-v3")))
#endif

#endif
