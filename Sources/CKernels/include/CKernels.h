#ifndef LIGATURE_CKERNELS_H
#define LIGATURE_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "segments.h"

#ifdef __cplusplus
#define restrict __restrict
extern "C" {
#endif

// Kernels whose speed depends on vector width. Each is compiled for several instruction sets and
// the loader picks the widest the processor has. All are pure functions of their arguments, touch
// no memory beyond the stated counts, and give the same bits however the caller splits the work.
// `restrict` is meant: outputs never overlap inputs unless a comment says "in place".

// --- 16-bit floats (IEEE 754 binary16, as bit patterns) ---

/// target[i] = half(source[i]), round to nearest even; |x| > 65504 becomes infinity.
void lig_half_from_float(uint16_t *restrict target, const float *restrict source, size_t count);

/// target[i] = float(source[i]), exact.
void lig_float_from_half(float *restrict target, const uint16_t *restrict source, size_t count);

/// Σ a[i]·b[i] of 16-bit floats in 32 bits; the order of the sum is the processor's.
float lig_dot_halves(const uint16_t *a, const uint16_t *b, size_t count);

/// Σ x[i]·b[i], b of 16-bit floats; the order of the sum is the processor's.
float lig_dot_float_half(const float *x, const uint16_t *b, size_t count);

// --- 8-bit rows, each with a scale ---

/// Rows of source [rows, width] as target · scale, rounded to nearest even. A row's scale is the
/// least power of two, from 2⁻²⁴ on, whose 127 multiples reach the row. Returns 0 when a value is
/// not finite; target and scales are then unfinished.
int lig_bytes_from_rows(int8_t *restrict target, float *restrict scales,
                        const float *restrict source, size_t rows, size_t width);

/// target[row] = scales[row] · source[row].
void lig_rows_from_bytes(float *restrict target, const int8_t *restrict source,
                         const float *restrict scales, size_t rows, size_t width);

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

/// scores[q · stride + i] = ⟨query q, row i⟩ for `count` rows of 16-bit floats, each read once for
/// all queries; width is at least 1. The rows are those named in `list`, or consecutive ones from
/// `rows` on when it is null. A score has the same bits whatever the other queries and rows are.
void lig_dots_half(float *restrict scores, size_t stride, const float *restrict pack,
                   size_t queries, const uint16_t *restrict rows, const int32_t *restrict list,
                   size_t count, size_t width);

/// The same for rows of 32-bit floats.
void lig_dots_float(float *restrict scores, size_t stride, const float *restrict pack,
                    size_t queries, const float *restrict rows, const int32_t *restrict list,
                    size_t count, size_t width);

/// The same for rows of 8-bit integers, row i times scales[i]; scales start where rows start.
void lig_dots_byte(float *restrict scores, size_t stride, const float *restrict pack,
                   size_t queries, const int8_t *restrict rows, const float *restrict scales,
                   const int32_t *restrict list, size_t count, size_t width);

// --- rotated vectors and codes of their signs ---

/// Rotates rows [rows, width], padded with zeros to `padded` values, a multiple of 64: each round
/// flips signs [rounds, padded] of ±1 and applies the Walsh–Hadamard transform to the first 2ⁿ
/// values (in odd rounds the last) and, unless that is all of them, mixes both halves. Sums have
/// one order on every machine, so signs of the result do too. O(padded · log padded) a row.
void lig_rotate_rows(float *restrict target, const float *restrict source, size_t rows,
                     size_t width, size_t padded, const float *restrict signs, size_t rounds);

/// Bit i of a row is set when rotated value i is not negative, lowest bit first; padded / 8 bytes.
void lig_pack_sign_bits(uint8_t *restrict bits, const float *restrict rotated, size_t rows,
                        size_t padded);

/// Bytes of a row's code of 1, 4 or 8 bits a value: signs take a byte for six.
size_t lig_code_bytes(size_t padded, unsigned bits);

/// Bytes of what a scan reads for a query.
size_t lig_code_table_bytes(size_t padded, unsigned bits);

/// Codes of rotated rows, which start at a multiple of 256, and the factors of RaBitQ's estimator
/// (Gao & Long 2024, equation 9): with x a row, c its code as ± numbers and D = padded,
/// ⟨x, q⟩ ≈ factor · ⟨c, q⟩, factor = ‖x‖² / ⟨x, c⟩, whose standard deviation is at most
/// error · ‖q‖, error = ‖x‖ · √((‖x‖²‖c‖²/⟨x, c⟩² − 1)/(D − 1)).
///
/// Of signs also the slope ⟨x, c′⟩ / ‖x‖² of the code c′ of the first values, a quarter of them,
/// with zeros for the others: in 65,535ths of `steepest`, one for each tile of 256 rows.
///
/// Codes lie in blocks of 64 rows, and whole tiles of four blocks are read.
void lig_encode_rows(uint8_t *restrict codes, float *restrict factors, float *restrict errors,
                     uint16_t *restrict slopes, float *restrict steepest,
                     const float *restrict rotated, size_t rows, size_t padded, unsigned bits);

/// What lig_encode_rows wrote; slopes and steepest are read for signs only.
struct lig_code_rows {
  const uint8_t *codes;
  const float *factors, *errors;
  const uint16_t *slopes;
  const float *steepest;
};

/// What a scan knows of a query: its table's scale and offsets (all values; the first), how many
/// standard deviations times its length to allow, and the score to reach. For signs also what that
/// asks of the sum of the first values: least + slope · ascent.
struct lig_code_query {
  float scale, offset, prefix_offset, margin, threshold, ascent;
  int16_t least;
};

/// What a scan reads for a rotated query: for signs the sums of ± six values for every index, as
/// integers 0...31 [⌈D/6⌉, 64], for integers its values −127...127. ⟨c, q⟩ ≈ scale · Σ + offset.
/// Sets scale and offsets of `known`.
void lig_code_table(uint8_t *restrict table, struct lig_code_query *restrict known,
                    const float *restrict query, size_t padded, unsigned bits);

/// Sets the rest of a query whose table was made: what a row has to reach.
///
/// ⟨c′, q⟩ has the mean slope · ⟨x, q⟩ and a standard deviation of at most √(P/(D − 1)) times the
/// part of the query at right angles to the row, P the number of first values. So a row with
/// ⟨x, q⟩ ≥ threshold has slope · threshold − margin · √(P/(D − 1)) or more, except for as many as
/// the margin admits. Thresholds of 0 or less ask nothing of the first values; all is rounded down.
void lig_code_bound(struct lig_code_query *restrict query, float margin, float threshold,
                    size_t padded, unsigned bits);

/// Σ of a query's table entries for every row of tiles of 256 rows of signs, and whether those of
/// the first values reach what is asked, a bit for each row; padded is at most 12,288. All paths
/// give the same integers; `is_portable` asks for the plain one.
void lig_sign_sums(uint16_t *restrict sums, uint64_t *restrict reached,
                   const struct lig_code_rows *restrict source, size_t tiles, size_t padded,
                   const uint8_t *restrict table, const struct lig_code_query *restrict query,
                   int is_portable);

/// Σ code · query for every row of tiles of 256 rows of 4 or 8 bits, in the same way.
void lig_integer_sums(int32_t *restrict sums, const uint8_t *restrict codes, size_t tiles,
                      size_t padded, const uint8_t *restrict query, unsigned bits,
                      int is_portable);

/// Scans tiles [first, last) for all queries while each tile is in cache: a row whose estimate +
/// error · margin reaches the threshold is appended to the query's list, at most `capacity` of
/// them, at least 768. Of signs the others are read only for blocks of 64 rows of which one reaches
/// what is asked of the first values, and only such rows are kept. `allowed` has a bit for every
/// row, or is null; rows whose factor is NaN never pass. Returns the first tile not scanned,
/// because a list is nearly full, or `last`.
size_t lig_scan_codes(int32_t *restrict rows, float *restrict estimates, size_t *restrict counts,
                      size_t capacity, const struct lig_code_rows *restrict source, size_t padded,
                      unsigned bits, size_t first, size_t last, const uint64_t *restrict allowed,
                      const uint8_t *restrict tables,
                      const struct lig_code_query *restrict queries, size_t query_count);

// --- checksums ---

/// CRC-32C (Castagnoli; RFC 3720, section 12.1) of some bytes.
uint32_t lig_crc32c(const void *bytes, size_t count);

/// The same without the processor's own instruction, for tests.
uint32_t lig_crc32c_portable(const void *bytes, size_t count);

// --- bit sets ---

/// overlaps[i] = number of bits set in both the query and row i, each of `words` 64-bit words.
void lig_bit_overlaps(uint32_t *restrict overlaps, const uint64_t *restrict query,
                      const uint64_t *restrict rows, size_t count, size_t words);

// --- experts and routing ---

/// One expert on `count` tokens: y[i] = Σ_j gates[slots[i]] · gelu(⟨x[tokens[i]], input[j]⟩) ·
/// output[j]. y [count, width]; input, output [units, width]; inner [count, units] receives the
/// values before GELU; scratch holds count · units floats. count and units are at least 1. A
/// row's bits do not depend on the other rows.
void lig_expert(float *restrict y, float *restrict inner, float *restrict scratch,
                const float *restrict x, const int32_t *restrict tokens,
                const int32_t *restrict slots, size_t count, const float *restrict gates,
                const float *restrict input, const float *restrict output, size_t units,
                size_t width);

/// The gradients of the above for dy, whose row tokens[i] belongs to y[i]: dx [count, width],
/// dgates[slots[i]], dinput and doutput [units, width]; scratch holds 2 · count · units floats.
void lig_expert_gradient(float *restrict dx, float *restrict dgates, float *restrict dinput,
                         float *restrict doutput, float *restrict scratch,
                         const float *restrict dy, const float *restrict x,
                         const int32_t *restrict tokens, const int32_t *restrict slots,
                         size_t count, const float *restrict gates, const float *restrict inner,
                         const float *restrict input, const float *restrict output, size_t units,
                         size_t width);

/// y[r] = Σ_c x[places[r · choices + c]] in the order of c; choices is at least 1.
void lig_sum_placed_rows(float *restrict y, const float *restrict x,
                         const int32_t *restrict places, size_t rows, size_t choices,
                         size_t width);

/// entropies[r] = −Σ p ln p / ln width of p = x[r]² / Σ x[r]², within 0...1; 0 for a row of zeros.
void lig_energy_entropy_rows(float *restrict entropies, const float *restrict x, size_t rows,
                             size_t width);

/// entropies[r] = −Σ p ln p of p = softmax(x[r]), in nats.
void lig_softmax_entropy_rows(float *restrict entropies, const float *restrict x, size_t rows,
                              size_t width);

/// y[i] = 1 / (1 + exp −x[i]), never 0.
void lig_sigmoid(float *restrict y, const float *restrict x, size_t count);

/// y[i] = ln(1 + exp x[i]), accurate for any finite x.
void lig_softplus(float *restrict y, const float *restrict x, size_t count);

/// The `chosen` columns of each row with the largest score + bias, largest first, equal ones by
/// number; best receives those sums. chosen is 1...width. NaN gives distinct, valid columns.
void lig_top_rows(int32_t *restrict indices, float *restrict best, const float *restrict scores,
                  const float *restrict bias, size_t rows, size_t width, size_t chosen);

/// The `chosen` best pairs of two ranked lists [rows, candidates] (Lample and others 2019,
/// section 3.2): index first · codes + second. chosen is at most candidates².
void lig_top_pairs(int32_t *restrict indices, float *restrict best,
                   const int32_t *restrict first_indices, const float *restrict first,
                   const int32_t *restrict second_indices, const float *restrict second,
                   size_t rows, size_t candidates, size_t codes, size_t chosen);

// --- contrastive loss over strips of logits, and Lion ---

/// Takes `rows` more rows, `stride` floats apart, into the running Σ exp of each column:
/// sums[j] · exp peaks[j]. Starts from peaks −∞ as −3·10³⁸ and sums 0.
void lig_column_exp_sums(float *restrict peaks, float *restrict sums, const float *restrict x,
                         size_t stride, size_t rows, size_t width);

/// Logits x [rows, width] become, in place, factor · (softmax of rows + softmax of columns − 2 at
/// the diagonal), given the log-sum-exps; row r of x is row first_row + r of the whole.
/// slopes[r] = Σ_j gradient · logit.
void lig_contrast_gradient(float *restrict x, double *restrict slopes,
                           const float *restrict row_sums, const float *restrict column_sums,
                           size_t first_row, size_t rows, size_t width, float factor);

/// One Lion step (Chen and others 2023, algorithm 2), in place.
void lig_lion(float *restrict weights, float *restrict moment, const float *restrict gradient,
              size_t count, float gradient_scale, float rate, float beta1, float beta2,
              float weight_decay);

// --- the C library's heap ---

/// From now on freed memory stays with the process, large blocks too; nothing where the C library
/// is not glibc.
void lig_keep_freed_memory(void);
// --- state vectors of qubits, sixteen rows at a time ---

/// Runs a circuit on up to 16 rows: y = Re and Im of U·x, x padded with zeros to 2ⁿ amplitudes.
///
/// Amplitude j of n qubits has qubit 0 as its highest bit. Each layer applies one complex 2 × 2
/// gate to every qubit (gates [layers, n, 2, 2, (re, im)]), then permutes: new[j] = old[p[j]]
/// (permutations [layers, 2ⁿ]). O(layers · n · 2ⁿ) a row. y rows hold the first `real_width` real
/// parts, then the first `imaginary_width` imaginary parts. `workspace` holds 4 · 16 · 2ⁿ floats.
/// A row has the same bits whatever the others are.
void lig_circuit_rows(float *restrict y, const float *restrict x, size_t rows, size_t width,
                      size_t qubits, size_t layers, const float *restrict gates,
                      const int32_t *restrict permutations, size_t real_width,
                      size_t imaginary_width, float *restrict workspace);

/// dx of the above, and for every gate the moments M[a][b] = Σ conj(λ_a)·ψ_b over pairs and rows
/// (moments [layers, n, 2, 2, (re, im)], set, not added to), λ being the gradient behind the gate
/// and ψ the state before it. States are undone gate by gate, none is kept. `workspace` holds
/// 6 · 16 · 2ⁿ floats.
void lig_circuit_rows_gradient(float *restrict dx, double *restrict moments,
                               const float *restrict dy, const float *restrict x, size_t rows,
                               size_t width, size_t qubits, size_t layers,
                               const float *restrict gates, const int32_t *restrict permutations,
                               size_t real_width, size_t imaginary_width,
                               float *restrict workspace);

// --- attention from one set of rows to another ---

/// Scaled dot-product attention of every item's views over its own slots, head by head.
///
/// q [items, views, heads · key_width], k [items, slots, heads · key_width], v and y with
/// value_width. Slots whose mask byte is 0 are never read and have weight 0; an item without slots
/// gets zeros. weights [items, heads, views, slots] receives the softmax. The bits do not depend on
/// the number of masked slots.
void lig_cross_attention(float *restrict y, float *restrict weights, const float *restrict q,
                         const float *restrict k, const float *restrict v,
                         const uint8_t *restrict mask, size_t items, size_t views, size_t slots,
                         size_t heads, size_t key_width, size_t value_width, float scale);

/// dq, dk and dv of the above, set for every row; zero in masked slots.
void lig_cross_attention_gradient(float *restrict dq, float *restrict dk, float *restrict dv,
                                  const float *restrict dy, const float *restrict weights,
                                  const float *restrict q, const float *restrict k,
                                  const float *restrict v, const uint8_t *restrict mask,
                                  size_t items, size_t views, size_t slots, size_t heads,
                                  size_t key_width, size_t value_width, float scale);

// --- messages along the edges of a graph with relations ---

/// y[t, b] = Σ over the edges e of target t of weights[e] · mix[relations[e], b] · x[sources[e]]
/// for targets [first, last): x [sources, width], mix [relations, bases], y [targets, bases, width].
void lig_relation_messages(float *restrict y, const float *restrict x, const float *restrict mix,
                           const int32_t *restrict offsets, const int32_t *restrict sources,
                           const int32_t *restrict relations, const float *restrict weights,
                           size_t first, size_t last, size_t bases, size_t width);

/// Adds the gradients of the above to dx and dmix, edge after edge.
void lig_relation_messages_gradient(float *restrict dx, float *restrict dmix,
                                    const float *restrict dy, const float *restrict x,
                                    const float *restrict mix, const int32_t *restrict offsets,
                                    const int32_t *restrict sources,
                                    const int32_t *restrict relations,
                                    const float *restrict weights, size_t targets, size_t bases,
                                    size_t width);

// --- keys ---

/// Sorts ascending, in place and without memory of its own.
void lig_sort_keys(uint64_t *keys, size_t count);

#ifdef __cplusplus
}
#undef restrict
#endif
#endif
