#ifndef LIGATURE_SIGN_CODES_H
#define LIGATURE_SIGN_CODES_H

#include "code_scan.h"

// A group is six signs: an index into a table of 64 sums. A block is 64 rows, group after group; the
// four blocks of a tile share every look at a table while they are scanned together.
enum { group_signs = 6, table_size = 64 };

// The largest entry of a table: eight of them add up in a byte.
enum { largest_entry = 31, byte_additions = 8 };

LIG_INLINE size_t group_count(size_t padded) { return (padded + group_signs - 1) / group_signs; }

// The groups that are scanned of every row: a quarter, in whole bytes' worth of additions.
LIG_INLINE size_t prefix_groups(size_t padded) {
  size_t groups = group_count(padded), share = 4 * byte_additions;
  size_t prefix = (groups + share - 1) / share * byte_additions;
  return prefix < groups ? prefix : groups;
}

// Signs in those groups.
LIG_INLINE size_t prefix_signs(size_t padded) {
  size_t signs = prefix_groups(padded) * group_signs;
  return signs < padded ? signs : padded;
}

// Rows 0–31 of a block lie in its even bytes and rows 32–63 in its odd ones, so that sums of bytes
// widen to 16 bits in the order of the rows.
LIG_INLINE size_t byte_of_row(size_t row) { return row < 32 ? 2 * row : 2 * (row - 32) + 1; }

#endif
