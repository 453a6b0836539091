#include "sign_codes.h"

// Codes of any kind: what is called from outside.

size_t lig_code_bytes(size_t padded, unsigned bits) {
  return bits == 1 ? group_count(padded) : padded * bits / 8;
}

size_t lig_code_table_bytes(size_t padded, unsigned bits) {
  return bits == 1 ? group_count(padded) * table_size : padded;
}

void lig_encode_rows(uint8_t *restrict codes, float *restrict factors, float *restrict errors,
                     uint16_t *restrict slopes, float *restrict steepest,
                     const float *restrict rotated, size_t rows, size_t padded, unsigned bits) {
  if (bits == 1) {
    lig_encode_signs(codes, factors, errors, slopes, steepest, rotated, rows, padded);
  } else {
    lig_encode_integers(codes, factors, errors, rotated, rows, padded, bits);
  }
}

void lig_code_table(uint8_t *restrict table, struct lig_code_query *restrict known,
                    const float *restrict query, size_t padded, unsigned bits) {
  if (bits == 1) {
    lig_sign_table(table, known, query, padded);
  } else {
    lig_integer_table(table, known, query, padded, bits);
  }
}

void lig_code_bound(struct lig_code_query *restrict query, float margin, float threshold,
                    size_t padded, unsigned bits) {
  query->margin = margin;
  query->threshold = threshold;
  if (bits == 1) lig_bound_signs(query, padded);
}

size_t lig_scan_codes(int32_t *restrict rows, float *restrict estimates, size_t *restrict counts,
                      size_t capacity, const struct lig_code_rows *restrict source, size_t padded,
                      unsigned bits, size_t first, size_t last, const uint64_t *restrict allowed,
                      const uint8_t *restrict tables,
                      const struct lig_code_query *restrict queries, size_t query_count) {
  struct code_scan scan = {rows,  estimates, counts,  capacity, *source, padded,
                           first, last,      allowed, tables,   queries, query_count};
  return bits == 1 ? lig_scan_sign_codes(&scan) : lig_scan_integer_codes(&scan, bits);
}
