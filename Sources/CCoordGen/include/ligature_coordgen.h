#ifndef LIGATURE_COORDGEN_H
#define LIGATURE_COORDGEN_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How the marked neighbours of a double bond lie.
enum ligature_coordgen_stereo {
  LIGATURE_COORDGEN_OPEN = 0,
  LIGATURE_COORDGEN_CIS = 1,
  LIGATURE_COORDGEN_TRANS = 2,
};

/// A bond between two atoms, by index; the neighbours matter only where `stereo` states something.
struct ligature_coordgen_bond {
  int32_t begin;
  int32_t end;
  int32_t order;
  int32_t stereo;
  int32_t begin_neighbor;
  int32_t end_neighbor;
};

/// Lays out one connected molecule with CoordGen, in units of one bond length.
///
/// `atomic_numbers` and `charges` have `atom_count` entries, `positions` twice as many: x and y of
/// each atom. Returns 0, or 1 when CoordGen fails; `positions` is then left as it was. Not
/// reentrant: CoordGen keeps its templates in static variables.
int32_t ligature_coordgen_layout(const int32_t *atomic_numbers, const int32_t *charges,
                                 int32_t atom_count, const struct ligature_coordgen_bond *bonds,
                                 int32_t bond_count, double *positions);

#ifdef __cplusplus
}
#endif
#endif
