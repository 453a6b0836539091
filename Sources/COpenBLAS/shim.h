#ifndef LIGATURE_COPENBLAS_SHIM_H
#define LIGATURE_COPENBLAS_SHIM_H

#include <cblas.h>

// OpenBLAS exports LAPACK under its Fortran names; Debian's package ships no header for them.
// Column-major, every argument by address, `info` 0 on success.

/// Eigenvalues (ascending, in `w`) and vectors (columns of `a`) of a symmetric matrix.
void ssyevd_(const char *jobz, const char *uplo, const int *n, float *a, const int *lda, float *w,
             float *work, const int *lwork, int *iwork, const int *liwork, int *info);

/// Cholesky factor of a symmetric positive definite matrix.
void spotrf_(const char *uplo, const int *n, float *a, const int *lda, int *info);

#endif
