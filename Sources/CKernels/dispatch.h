#ifndef LIGATURE_DISPATCH_H
#define LIGATURE_DISPATCH_H

// One function body, one machine version per instruction set, chosen by the loader.
#if defined(__x86_64__) && defined(__linux__)
#define LIG_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LIG_CLONES
#endif

#define LIG_INLINE static inline __attribute__((always_inline))

#endif
