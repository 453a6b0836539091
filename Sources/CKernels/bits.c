#include "CKernels.h"
#include "dispatch.h"

LIG_CLONES
void lig_bit_overlaps(uint32_t *restrict overlaps, const uint64_t *restrict query,
                      const uint64_t *restrict rows, size_t count, size_t words) {
  for (size_t i = 0; i < count; i++) {
    const uint64_t *row = rows + i * words;
    uint64_t sum = 0;
    for (size_t j = 0; j < words; j++) sum += (uint64_t)__builtin_popcountll(row[j] & query[j]);
    overlaps[i] = (uint32_t)sum;
  }
}
