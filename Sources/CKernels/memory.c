#include <stdlib.h>

#include "CKernels.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

void lig_keep_freed_memory(void) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the largest glibc takes
  mallopt(M_TRIM_THRESHOLD, 2147483647);
  mallopt(M_TOP_PAD, 64 << 20);
#endif
}
