#ifndef LIGATURE_CKERNELS_H
#define LIGATURE_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "segments.h"

// Kernels whose speed depends on vector width. Each is compiled for several instruction sets and
// the loader picks the widest the processor has. All are pure functions of their arguments, touch
// no memory beyond the stated counts, and give the same bits however the caller splits the work.
// `restrict` is meant: outputs never overlap inputs unless a comment says "in place".

// --- 16-bit floats (IEEE 754 binary16, as bit patterns) ---

/// target[i] = half(source[i]), round to nearest even; |x| > 65504 becomes infinity.
void lig_half_from_float(uint16_t *restrict target, const float *restrict source, size_t count);

/// target[i] = float(source[i]), exact.
void lig_float_from_half(float *restrict target, const uint16_t *restrict source, size_t count);

// --- sparse × dense ---

/// Rows [firstRow, lastRow) of y = A·p for one panel p [columns, width] of a dense matrix.
/// A is CSR. y's rows lie `stride` floats apart. width is 1...64.
void lig_sparse_panel_product(float *restrict y, size_t stride, const int64_t *restrict offsets,
                              const int32_t *restrict columns, const float *restrict values,
                              size_t first_row, size_t last_row, const float *restrict panel,
                              size_t width);

/// target[0..<width] = Σ weights[i] · table[rows[i]], the table holding 16-bit floats.
void lig_weighted_row_sum_half(float *restrict target, const uint16_t *restrict table,
                               size_t width, const int32_t *restrict rows,
                               const float *restrict weights, size_t count);

// --- elementwise ---

/// GELU, tanh form: y = x · σ(2·√(2/π)·(x + 0.044715·x³)) (Hendrycks & Gimpel 2016, §2).
void lig_gelu(float *restrict y, const float *restrict x, size_t count);

/// gradient[i] *= d gelu / d x at x[i]; in place.
void lig_gelu_gradient(float *restrict gradient, const float *restrict x, size_t count);

/// Inverted dropout in place: value i, counted from first_index, is zeroed with probability
/// `rate` and divided by 1 − rate otherwise. The decision is a hash of (seed, index), so the same
/// call on a gradient applies the same mask.
void lig_dropout(float *values, size_t count, uint64_t seed, uint64_t first_index, float rate);

/// target[i] += factor · source[i].
void lig_add_scaled(float *restrict target, const float *restrict source, float factor,
                    size_t count);

/// Σ a[i]·b[i], accumulated in double every 4,096 elements.
double lig_dot(const float *a, const float *b, size_t count);

// --- rows ---

/// y[r] = x[r] / max(‖x[r]‖, 1e-12); norms[r] receives the divisor.
void lig_normalize_rows(float *restrict y, float *restrict norms, const float *restrict x,
                        size_t rows, size_t width);

/// dx[r] = (dy[r] − y[r]·⟨y[r], dy[r]⟩) / norms[r]; zero for rows whose norm is at the least, 1e-12:
/// they have no direction, and dividing by so little would swamp every other gradient.
void lig_normalize_rows_gradient(float *restrict dx, const float *restrict dy,
                                 const float *restrict y, const float *restrict norms, size_t rows,
                                 size_t width);

/// Layer normalisation (Ba et al. 2016, eq. 4): y = (x − μ)/√(σ² + 1e-5) · gain + bias.
/// means[r] and inverse_deviations[r] receive μ and 1/√(σ² + 1e-5).
void lig_layer_norm(float *restrict y, float *restrict means, float *restrict inverse_deviations,
                    const float *restrict x, const float *restrict gain,
                    const float *restrict bias, size_t rows, size_t width);

/// dx of the above; gain and bias gradients are added to dgain and dbias.
void lig_layer_norm_gradient(float *restrict dx, float *restrict dgain, float *restrict dbias,
                             const float *restrict dy, const float *restrict x,
                             const float *restrict means,
                             const float *restrict inverse_deviations, const float *restrict gain,
                             size_t rows, size_t width);

/// log_sums[r] = log Σ_j exp x[r, j], stable for any finite x.
void lig_log_sum_exp_rows(float *restrict log_sums, const float *restrict x, size_t rows,
                          size_t width);

/// y[r, j] = exp x[r, j] / Σ_k exp x[r, k], accurate for any finite x.
void lig_softmax_rows(float *restrict y, const float *restrict x, size_t rows, size_t width);

// --- optimiser ---

/// One AdamW step (Loshchilov & Hutter 2019, algorithm 2), in place.
/// `rate` is the scheduled learning rate; correction1 = 1 − β₁ᵗ, correction2 = 1 − β₂ᵗ.
void lig_adamw(float *restrict weights, float *restrict first_moment,
               float *restrict second_moment, const float *restrict gradient, size_t count,
               float gradient_scale, float rate, float beta1, float beta2, float epsilon,
               float weight_decay, float correction1, float correction2);

// --- dot products of a few queries with many rows ---

/// Lays out queries [count, width] for the two functions below: eight by eight, and for every 16
/// columns those of each of the eight in turn, zeros after the last column. `pack` holds
/// count · ⌈width/16⌉ · 16 floats.
void lig_pack_queries(float *restrict pack, const float *restrict queries, size_t count,
                      size_t width);

/// scores[q · stride + i] = ⟨query q, row i⟩ for `count` consecutive rows of 16-bit floats, each
/// read once for all queries; width is at least 1. A score has the same bits whatever the other
/// queries and rows are.
void lig_dots_half(float *restrict scores, size_t stride, const float *restrict pack,
                   size_t queries, const uint16_t *restrict rows, size_t count, size_t width);

/// The same for rows of 32-bit floats.
void lig_dots_float(float *restrict scores, size_t stride, const float *restrict pack,
                    size_t queries, const float *restrict rows, size_t count, size_t width);

// --- bit sets ---

/// overlaps[i] = number of bits set in both the query and row i, each of `words` 64-bit words.
void lig_bit_overlaps(uint32_t *restrict overlaps, const uint64_t *restrict query,
                      const uint64_t *restrict rows, size_t count, size_t words);

#endif
