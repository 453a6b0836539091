#include "CKernels.h"

#include <algorithm>

void lig_sort_keys(uint64_t *keys, size_t count) { std::sort(keys, keys + count); }
