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

/// One amplitude of all rows, in a register or several. Kept inside functions: how such values are
/// passed depends on the instruction set.
typedef float row16 __attribute__((vector_size(64), aligned(4), may_alias));

#define ROW(p) (*(const row16 *)(p))
#define SET_ROW(p, value) (*(row16 *)(p) = (value))

/// The complex 2 × 2 matrix u on the qubit whose amplitudes lie `half` apart, in place.
LIG_INLINE void apply_gate(float *re, float *im, size_t size, size_t half, const float *u) {
  const float u0 = u[0], u1 = u[1], u2 = u[2], u3 = u[3];
  const float u4 = u[4], u5 = u[5], u6 = u[6], u7 = u[7];
  for (size_t block = 0; block < size; block += 2 * half) {
    for (size_t j = block; j < block + half; j++) {
      float *r0 = re + j * lanes, *i0 = im + j * lanes;
      float *r1 = r0 + half * lanes, *i1 = i0 + half * lanes;
      const row16 a = ROW(r0), b = ROW(i0), c = ROW(r1), d = ROW(i1);
      SET_ROW(r0, u0 * a - u1 * b + u2 * c - u3 * d);
      SET_ROW(i0, u0 * b + u1 * a + u2 * d + u3 * c);
      SET_ROW(r1, u4 * a - u5 * b + u6 * c - u7 * d);
      SET_ROW(i1, u4 * b + u5 * a + u6 * d + u7 * c);
    }
  }
}

/// One step back over a gate on the qubit whose amplitudes lie `half` apart: the state ψ goes behind
/// u⁻¹, then `moment`, four complex numbers, is Σ conj(λ_a)·ψ_b, then λ goes behind u⁻¹ as well.
LIG_INLINE void undo_gate(double *moment, float *lre, float *lim, float *re, float *im, size_t size,
                          size_t half, const float *u) {
  // The conjugate transpose.
  const float u0 = u[0], u1 = -u[1], u2 = u[4], u3 = -u[5];
  const float u4 = u[2], u5 = -u[3], u6 = u[6], u7 = -u[7];
  row16 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, s4 = {0}, s5 = {0}, s6 = {0}, s7 = {0};
  for (size_t block = 0; block < size; block += 2 * half) {
    for (size_t j = block; j < block + half; j++) {
      const size_t low = j * lanes, high = (j + half) * lanes;
      const row16 a = ROW(re + low), b = ROW(im + low), c = ROW(re + high), d = ROW(im + high);
      const row16 p0 = u0 * a - u1 * b + u2 * c - u3 * d;
      const row16 q0 = u0 * b + u1 * a + u2 * d + u3 * c;
      const row16 p1 = u4 * a - u5 * b + u6 * c - u7 * d;
      const row16 q1 = u4 * b + u5 * a + u6 * d + u7 * c;
      SET_ROW(re + low, p0);
      SET_ROW(im + low, q0);
      SET_ROW(re + high, p1);
      SET_ROW(im + high, q1);
      const row16 g0 = ROW(lre + low), h0 = ROW(lim + low);
      const row16 g1 = ROW(lre + high), h1 = ROW(lim + high);
      s0 += g0 * p0 + h0 * q0;
      s1 += g0 * q0 - h0 * p0;
      s2 += g0 * p1 + h0 * q1;
      s3 += g0 * q1 - h0 * p1;
      s4 += g1 * p0 + h1 * q0;
      s5 += g1 * q0 - h1 * p0;
      s6 += g1 * p1 + h1 * q1;
      s7 += g1 * q1 - h1 * p1;
      SET_ROW(lre + low, u0 * g0 - u1 * h0 + u2 * g1 - u3 * h1);
      SET_ROW(lim + low, u0 * h0 + u1 * g0 + u2 * h1 + u3 * g1);
      SET_ROW(lre + high, u4 * g0 - u5 * h0 + u6 * g1 - u7 * h1);
      SET_ROW(lim + high, u4 * h0 + u5 * g0 + u6 * h1 + u7 * g1);
    }
  }
  const row16 sums[8] = {s0, s1, s2, s3, s4, s5, s6, s7};
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
      const size_t gate = (l * qubits + w) * 8;
      undo_gate(moments + gate, lre, lim, re, im, size, size >> (w + 1), gates + gate);
    }
  }
  store_part(dx, width, lre, rows, width);
}
