#include "CKernels.h"
#include "dispatch.h"

LIG_CLONES
void lig_scatter_add_rows(float *restrict table, const float *restrict rows,
                          const ptrdiff_t *restrict indices, size_t count, size_t width,
                          size_t first, size_t last) {
  for (size_t i = 0; i < count; i++) {
    float *target = table + (size_t)indices[i] * width;
    const float *source = rows + i * width;
    for (size_t j = first; j < last; j++) target[j] += source[j];
  }
}

LIG_CLONES
void lig_segment_sum(float *restrict y, const float *restrict x, const int32_t *restrict offsets,
                     size_t first, size_t last, size_t width, int mean) {
  for (size_t s = first; s < last; s++) {
    float *target = y + s * width;
    size_t start = (size_t)offsets[s], end = (size_t)offsets[s + 1];
    for (size_t j = 0; j < width; j++) target[j] = 0;
    for (size_t r = start; r < end; r++)
      for (size_t j = 0; j < width; j++) target[j] += x[r * width + j];
    if (!mean || end == start) continue;
    float inverse = 1.0f / (float)(end - start);
    for (size_t j = 0; j < width; j++) target[j] *= inverse;
  }
}

LIG_CLONES
void lig_segment_sum_gradient(float *restrict dx, const float *restrict dy,
                              const int32_t *restrict offsets, size_t first, size_t last,
                              size_t width, int mean) {
  for (size_t s = first; s < last; s++) {
    size_t start = (size_t)offsets[s], end = (size_t)offsets[s + 1];
    if (end == start) continue;
    float factor = mean ? 1.0f / (float)(end - start) : 1.0f;
    for (size_t r = start; r < end; r++)
      for (size_t j = 0; j < width; j++) dx[r * width + j] = dy[s * width + j] * factor;
  }
}

LIG_CLONES
void lig_message_sum(float *restrict y, const float *restrict x, const float *restrict edges,
                     const int32_t *restrict offsets, const int32_t *restrict sources,
                     const int32_t *restrict kinds, size_t first, size_t last, size_t width) {
  for (size_t v = first; v < last; v++) {
    float *target = y + v * width;
    for (size_t j = 0; j < width; j++) target[j] = x[v * width + j];
    for (int32_t s = offsets[v]; s < offsets[v + 1]; s++) {
      const float *source = x + (size_t)sources[s] * width;
      const float *edge = edges + (size_t)kinds[s] * width;
      for (size_t j = 0; j < width; j++) {
        float message = source[j] + edge[j];
        target[j] += message > 0 ? message : 0;
      }
    }
  }
}

LIG_CLONES
void lig_message_sum_gradient(float *restrict dx, const float *restrict dy,
                              const float *restrict x, const float *restrict edges,
                              const int32_t *restrict offsets, const int32_t *restrict sources,
                              const int32_t *restrict kinds, const int32_t *restrict reverse,
                              size_t first, size_t last, size_t width) {
  for (size_t u = first; u < last; u++) {
    float *target = dx + u * width;
    const float *own = x + u * width;
    for (size_t j = 0; j < width; j++) target[j] = dy[u * width + j];
    for (int32_t s = offsets[u]; s < offsets[u + 1]; s++) {
      const float *gradient = dy + (size_t)sources[s] * width;
      const float *edge = edges + (size_t)kinds[reverse[s]] * width;
      for (size_t j = 0; j < width; j++) target[j] += own[j] + edge[j] > 0 ? gradient[j] : 0;
    }
  }
}

LIG_CLONES
void lig_message_edge_gradient(float *restrict dedges, const float *restrict dy,
                               const float *restrict x, const float *restrict edges,
                               const int32_t *restrict offsets, const int32_t *restrict sources,
                               const int32_t *restrict kinds, size_t rows, size_t width,
                               size_t first, size_t last) {
  for (size_t v = 0; v < rows; v++) {
    const float *gradient = dy + v * width;
    for (int32_t s = offsets[v]; s < offsets[v + 1]; s++) {
      const float *source = x + (size_t)sources[s] * width;
      const float *edge = edges + (size_t)kinds[s] * width;
      float *target = dedges + (size_t)kinds[s] * width;
      for (size_t j = first; j < last; j++)
        target[j] += source[j] + edge[j] > 0 ? gradient[j] : 0;
    }
  }
}
