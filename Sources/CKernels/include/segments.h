#ifndef LIGATURE_SEGMENTS_H
#define LIGATURE_SEGMENTS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define restrict __restrict
extern "C" {
#endif

// Kernels of ragged batches: rows that belong to segments (atoms to graphs, tokens to texts), and
// products whose rows have the same bits whatever rows stand beside them.

// --- row products ---

/// Floats of a pack of [n, k]: panels of 32 columns, the last filled with zeros.
size_t lig_panel_size(size_t n, size_t k);

/// Lays out B for the function below: `pack` receives panel after panel, in each for every inner
/// index the 32 entries B[inner, column], column ascending. Entry (inner, column) of B lies at
/// b[inner · inner_stride + column · column_stride].
void lig_pack_panels(float *restrict pack, const float *restrict b, size_t inner_stride,
                     size_t column_stride, size_t n, size_t k);

/// y[r, c] = Σ_i x[r, i] · B[i, c] + bias[c] for a packed B; bias may be null. Rows of y lie
/// `y_stride` apart, entries (r, i) of x at x[r · x_stride + i · x_inner_stride]. Every sum runs
/// over ascending i in one register, so an entry has the same bits whatever the other rows are.
void lig_row_product(float *restrict y, size_t y_stride, const float *restrict x, size_t x_stride,
                     size_t x_inner_stride, const float *restrict pack,
                     const float *restrict bias, size_t rows, size_t n, size_t k);

// --- sums of rows ---

/// table[indices[i]] += rows[i] for columns [first, last), i ascending.
void lig_scatter_add_rows(float *restrict table, const float *restrict rows,
                          const ptrdiff_t *restrict indices, size_t count, size_t width,
                          size_t first, size_t last);

/// y[s] = Σ x[r] over the rows r of segment s, divided by their number if `mean`; zeros for an
/// empty segment. Segments [first, last); segment s holds the rows [offsets[s], offsets[s + 1]).
void lig_segment_sum(float *restrict y, const float *restrict x, const int32_t *restrict offsets,
                     size_t first, size_t last, size_t width, int mean);

/// The gradient of the above: dx[r] = dy[s], divided by the size of segment s if `mean`.
void lig_segment_sum_gradient(float *restrict dx, const float *restrict dy,
                              const int32_t *restrict offsets, size_t first, size_t last,
                              size_t width, int mean);

// --- message passing ---

/// y[v] = x[v] + Σ_s max(0, x[sources[s]] + edges[kinds[s]]) over the slots s of row v, ascending
/// (Hu et al. 2020, ε = 0). Rows [first, last); row v has the slots [offsets[v], offsets[v + 1]).
void lig_message_sum(float *restrict y, const float *restrict x, const float *restrict edges,
                     const int32_t *restrict offsets, const int32_t *restrict sources,
                     const int32_t *restrict kinds, size_t first, size_t last, size_t width);

/// dx of the above, gathered: reverse[s] is the slot of the same bond in the list of its source,
/// and a message back along it is that slot's.
void lig_message_sum_gradient(float *restrict dx, const float *restrict dy,
                              const float *restrict x, const float *restrict edges,
                              const int32_t *restrict offsets, const int32_t *restrict sources,
                              const int32_t *restrict kinds, const int32_t *restrict reverse,
                              size_t first, size_t last, size_t width);

/// Adds the gradient of `edges` for the columns [first, last), rows and slots ascending.
void lig_message_edge_gradient(float *restrict dedges, const float *restrict dy,
                               const float *restrict x, const float *restrict edges,
                               const int32_t *restrict offsets, const int32_t *restrict sources,
                               const int32_t *restrict kinds, size_t rows, size_t width,
                               size_t first, size_t last);

// --- attention ---

/// Floats of scratch for one segment of lig_attention_segment.
size_t lig_attention_scratch(size_t keys, size_t width, size_t heads);

/// Floats of scratch for one segment of lig_attention_segment_gradient.
size_t lig_attention_gradient_scratch(size_t queries, size_t keys, size_t width, size_t heads);

/// y = softmax(Q·Kᵀ/√(width/heads))·V head by head (Vaswani et al. 2017, eq. 1) for one segment:
/// q, y [queries, width], k, v [keys, width]; heads divides width. Without keys y is zero.
void lig_attention_segment(float *restrict y, const float *restrict q, const float *restrict k,
                           const float *restrict v, size_t queries, size_t keys, size_t width,
                           size_t heads, float *restrict scratch);

/// The gradients of the above; probabilities are computed again.
void lig_attention_segment_gradient(float *restrict dq, float *restrict dk, float *restrict dv,
                                    const float *restrict dy, const float *restrict q,
                                    const float *restrict k, const float *restrict v,
                                    size_t queries, size_t keys, size_t width, size_t heads,
                                    float *restrict scratch);

/// Turns the pairs (x[j], x[j + half]) of every head of row r by the angle positions[r] · θ_j (Su
/// et al. 2021, eq. 34), half = width/heads/2; `cosines` and `sines` are [positions, half].
/// `direction` 1 turns forward, −1 back.
void lig_rotate(float *restrict y, const float *restrict x, const int32_t *restrict positions,
                const float *restrict cosines, const float *restrict sines, size_t rows,
                size_t width, size_t heads, float direction);

#ifdef __cplusplus
}
#undef restrict
#endif
#endif
