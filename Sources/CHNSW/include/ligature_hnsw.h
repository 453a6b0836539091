#ifndef LIGATURE_HNSW_H
#define LIGATURE_HNSW_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A graph of near neighbours over rows of 16-bit floats that somebody else holds: hnswlib's, under
/// the inner product. Every call that looks at vectors is given them again.
struct ligature_hnsw;

/// An empty graph for `capacity` rows of `width` values; null on failure.
struct ligature_hnsw *ligature_hnsw_create(size_t capacity, size_t width, size_t links,
                                           size_t construction, size_t seed);

/// Frees a graph, or does nothing for null.
void ligature_hnsw_destroy(struct ligature_hnsw *graph);

/// Links a row in; threads may add different rows side by side. 0, or 1 on failure.
///
/// `rest` is one more coordinate, seen by rows and not by queries: √(R² − ‖x‖²) with R the longest
/// row's length makes the largest inner products the nearest neighbours.
int32_t ligature_hnsw_add(struct ligature_hnsw *graph, const uint16_t *vectors, uint32_t row,
                          float rest);

/// Finds up to `breadth` rows near a query of 32-bit floats, in no order; the number of them, or −1
/// on failure. Threads may search side by side once nothing is added any more.
int64_t ligature_hnsw_search(const struct ligature_hnsw *graph, const uint16_t *vectors,
                             const float *query, size_t breadth, uint32_t *rows);

/// The number of rows.
size_t ligature_hnsw_count(const struct ligature_hnsw *graph);

/// Bytes of links and bookkeeping.
size_t ligature_hnsw_memory(const struct ligature_hnsw *graph);

/// The graph in hnswlib's own format, without vectors: sets `bytes`, to be freed with `free`, and
/// returns their number; 0 on failure.
size_t ligature_hnsw_save(struct ligature_hnsw *graph, uint8_t **bytes);

/// A graph from such bytes; null on failure. The bytes must be what was saved.
struct ligature_hnsw *ligature_hnsw_load(const uint8_t *bytes, size_t count, size_t capacity,
                                         size_t width);

#ifdef __cplusplus
}
#endif
#endif
