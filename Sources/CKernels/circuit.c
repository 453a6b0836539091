#include <string.h>

#include "CKernels.h"
#include "dispatch.h"

// Sixteen rows lie beside one another, so that every gate is plain arithmetic on whole registers:
// part[amplitude][row].
enum { lanes = 16 };

LIG_INLINE void load_part(float *part, const float *x, size_t stride, size_t rows, size_t width,
                          size_t size) {
  memset(part, 0, size * lanes * sizeof(float));
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < width; j++) part[j * lanes + r] = x[r * stride + j];
}

LIG_INLINE void store_part(float *y, size_t stride, const float *part, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < width; j++) y[r * stride + j] = part[j * lanes + r];
}

/// The complex 2 × 2 matrix u on the qubit whose amplitudes lie `half` apart, in place.
LIG_INLINE void apply_gate(float *re, float *im, size_t size, size_t half, const float *u) {
  for (size_t block = 0; block < size; block += 2 * half) {
    for (size_t j = block; j < block + half; j++) {
      float *r0 = re + j * lanes, *i0 = im + j * lanes;
      float *r1 = r0 + half * lanes, *i1 = i0 + half * lanes;
      for (size_t k = 0; k < lanes; k++) {
        float a = r0[k], b = i0[k], c = r1[k], d = i1[k];
        r0[k] = u[0] * a - u[1] * b + u[2] * c - u[3] * d;
        i0[k] = u[0] * b + u[1] * a + u[2] * d + u[3] * c;
        r1[k] = u[4] * a - u[5] * b + u[6] * c - u[7] * d;
        i1[k] = u[4] * b + u[5] * a + u[6] * d + u[7] * c;
      }
    }
  }
}

/// Adds conj(λ_a)·ψ_b of one qubit to `moment`, four complex numbers.
LIG_INLINE void add_moment(double *moment, const float *lre, const float *lim, const float *re,
                           const float *im, size_t size, size_t half) {
  float sums[8][lanes];
  memset(sums, 0, sizeof sums);
  for (size_t block = 0; block < size; block += 2 * half) {
    for (size_t j = block; j < block + half; j++) {
      const float *p0 = re + j * lanes, *q0 = im + j * lanes;
      const float *p1 = p0 + half * lanes, *q1 = q0 + half * lanes;
      const float *g0 = lre + j * lanes, *h0 = lim + j * lanes;
      const float *g1 = g0 + half * lanes, *h1 = h0 + half * lanes;
      for (size_t k = 0; k < lanes; k++) {
        sums[0][k] += g0[k] * p0[k] + h0[k] * q0[k];
        sums[1][k] += g0[k] * q0[k] - h0[k] * p0[k];
        sums[2][k] += g0[k] * p1[k] + h0[k] * q1[k];
        sums[3][k] += g0[k] * q1[k] - h0[k] * p1[k];
        sums[4][k] += g1[k] * p0[k] + h1[k] * q0[k];
        sums[5][k] += g1[k] * q0[k] - h1[k] * p0[k];
        sums[6][k] += g1[k] * p1[k] + h1[k] * q1[k];
        sums[7][k] += g1[k] * q1[k] - h1[k] * p1[k];
      }
    }
  }
  for (size_t part = 0; part < 8; part++) {
    double total = 0;
    for (size_t k = 0; k < lanes; k++) total += sums[part][k];
    moment[part] = total;
  }
}

LIG_INLINE void permute(float *target, const float *source, const int32_t *p, size_t size) {
  for (size_t j = 0; j < size; j++)
    memcpy(target + j * lanes, source + (size_t)p[j] * lanes, lanes * sizeof(float));
}

LIG_INLINE void undo_permutation(float *target, const float *source, const int32_t *p,
                                 size_t size) {
  for (size_t j = 0; j < size; j++)
    memcpy(target + (size_t)p[j] * lanes, source + j * lanes, lanes * sizeof(float));
}

LIG_INLINE void run(float **re, float **im, float **spare_re, float **spare_im, size_t qubits,
                    size_t layers, const float *gates, const int32_t *permutations) {
  const size_t size = (size_t)1 << qubits;
  for (size_t l = 0; l < layers; l++) {
    for (size_t w = 0; w < qubits; w++)
      apply_gate(*re, *im, size, size >> (w + 1), gates + (l * qubits + w) * 8);
    permute(*spare_re, *re, permutations + l * size, size);
    permute(*spare_im, *im, permutations + l * size, size);
    float *t = *re;
    *re = *spare_re;
    *spare_re = t;
    t = *im;
    *im = *spare_im;
    *spare_im = t;
  }
}

LIG_CLONES
void lig_circuit_rows(float *restrict y, const float *restrict x, size_t rows, size_t width,
                      size_t qubits, size_t layers, const float *restrict gates,
                      const int32_t *restrict permutations, size_t real_width,
                      size_t imaginary_width, float *restrict workspace) {
  const size_t size = (size_t)1 << qubits, part = size * lanes;
  const size_t stride = real_width + imaginary_width;
  float *re = workspace, *im = re + part, *spare_re = im + part, *spare_im = spare_re + part;
  load_part(re, x, width, rows, width, size);
  memset(im, 0, part * sizeof(float));
  run(&re, &im, &spare_re, &spare_im, qubits, layers, gates, permutations);
  store_part(y, stride, re, rows, real_width);
  store_part(y + real_width, stride, im, rows, imaginary_width);
}

LIG_CLONES
void lig_circuit_rows_gradient(float *restrict dx, double *restrict moments,
                               const float *restrict dy, const float *restrict x, size_t rows,
                               size_t width, size_t qubits, size_t layers,
                               const float *restrict gates, const int32_t *restrict permutations,
                               size_t real_width, size_t imaginary_width,
                               float *restrict workspace) {
  const size_t size = (size_t)1 << qubits, part = size * lanes;
  const size_t stride = real_width + imaginary_width;
  float *re = workspace, *im = re + part, *spare_re = im + part, *spare_im = spare_re + part;
  float *lre = spare_im + part, *lim = lre + part;
  load_part(re, x, width, rows, width, size);
  memset(im, 0, part * sizeof(float));
  run(&re, &im, &spare_re, &spare_im, qubits, layers, gates, permutations);
  load_part(lre, dy, stride, rows, real_width, size);
  load_part(lim, dy + real_width, stride, rows, imaginary_width, size);
  for (size_t l = layers; l-- > 0;) {
    const int32_t *p = permutations + l * size;
    undo_permutation(spare_re, re, p, size);
    undo_permutation(spare_im, im, p, size);
    undo_permutation(re, lre, p, size);
    undo_permutation(im, lim, p, size);
    // The state lies in the spare arrays now, λ where the state was.
    float *free_re = lre, *free_im = lim;
    lre = re;
    lim = im;
    re = spare_re;
    im = spare_im;
    spare_re = free_re;
    spare_im = free_im;
    for (size_t w = qubits; w-- > 0;) {
      const float *u = gates + (l * qubits + w) * 8;
      const float inverse[8] = {u[0], -u[1], u[4], -u[5], u[2], -u[3], u[6], -u[7]};
      const size_t half = size >> (w + 1);
      apply_gate(re, im, size, half, inverse);
      add_moment(moments + (l * qubits + w) * 8, lre, lim, re, im, size, half);
      apply_gate(lre, lim, size, half, inverse);
    }
  }
  store_part(dx, width, lre, rows, width);
}
