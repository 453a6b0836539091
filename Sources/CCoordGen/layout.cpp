#include "ligature_coordgen.h"

#include <coordgen/sketcherMinimizer.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <vector>

namespace {

/// CoordGen's own bond length.
constexpr double bond_length = 50;

/// How hard CoordGen looks for a layout free of clashes: 1 is its standard, and the time of its
/// search grows with it and with the square of the piece. A piece of up to 40 atoms gets the
/// standard, larger ones less, so that a glycoside of 200 atoms takes a fraction of a second and
/// not minutes.
float search_precision(int32_t atom_count) {
  const double share = 40.0 / std::max(atom_count, 40);
  return static_cast<float>(std::max(0.01, share * share * share));
}

/// CoordGen fits rings of up to this size to shapes on a honeycomb; the number of shapes that it
/// tries grows beyond all bounds with the size. Larger rings it opens, lays out and closes again.
constexpr int largest_fitted_ring = 24;

bool has_large_ring(const sketcherMinimizerMolecule &molecule) {
  return std::any_of(molecule._rings.begin(), molecule._rings.end(),
                     [](sketcherMinimizerRing *ring) { return ring->size() > largest_fitted_ring; });
}

}  // namespace

extern "C" int32_t ligature_coordgen_layout(const int32_t *atomic_numbers, const int32_t *charges,
                                            int32_t atom_count,
                                            const struct ligature_coordgen_bond *bonds,
                                            int32_t bond_count, double *positions) {
  try {
    sketcherMinimizer minimizer(search_precision(atom_count));
    auto *molecule = new sketcherMinimizerMolecule;  // the minimizer deletes it
    std::vector<sketcherMinimizerAtom *> atoms;
    atoms.reserve(atom_count);
    for (int32_t index = 0; index < atom_count; ++index) {
      auto *atom = molecule->addNewAtom();
      atom->setAtomicNumber(atomic_numbers[index]);
      atom->charge = charges[index];
      atoms.push_back(atom);
    }
    std::vector<sketcherMinimizerBond *> edges;
    edges.reserve(bond_count);
    for (int32_t index = 0; index < bond_count; ++index) {
      auto *bond = molecule->addNewBond(atoms[bonds[index].begin], atoms[bonds[index].end]);
      bond->setBondOrder(bonds[index].order);
      edges.push_back(bond);
    }
    sketcherMinimizerMolecule::forceUpdateStruct(molecule->_atoms, molecule->_bonds,
                                                 molecule->_rings);
    minimizer.setForceOpenMacrocycles(has_large_ring(*molecule));
    minimizer.initialize(molecule);
    for (int32_t index = 0; index < bond_count; ++index) {
      if (bonds[index].stereo == LIGATURE_COORDGEN_OPEN) continue;
      sketcherMinimizerBondStereoInfo stereo;
      stereo.atom1 = atoms[bonds[index].begin_neighbor];
      stereo.atom2 = atoms[bonds[index].end_neighbor];
      stereo.stereo = bonds[index].stereo == LIGATURE_COORDGEN_CIS
                          ? sketcherMinimizerBondStereoInfo::cis
                          : sketcherMinimizerBondStereoInfo::trans;
      edges[index]->setStereoChemistry(stereo);
      edges[index]->setAbsoluteStereoFromStereoInfo();
    }
    minimizer.runGenerateCoordinates();
    for (auto *atom : atoms) {
      if (!std::isfinite(atom->coordinates.x()) || !std::isfinite(atom->coordinates.y())) return 1;
    }
    for (int32_t index = 0; index < atom_count; ++index) {
      positions[2 * index] = atoms[index]->coordinates.x() / bond_length;
      positions[2 * index + 1] = atoms[index]->coordinates.y() / bond_length;
    }
    return 0;
  } catch (const std::exception &) {
    return 1;
  }
}
