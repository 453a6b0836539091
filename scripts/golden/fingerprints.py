"""Golden data for fingerprint tests, made with RDKit: python3 scripts/golden/fingerprints.py

Writes fingerprints.tsv to Tests/MoleculeTests/Golden: for each molecule the identifiers and counts
of RDKit's generators, as `identifier:count` in ascending order, and its set bits.
"""

import rdkit
from rdkit import Chem, RDLogger
from rdkit.Chem import rdFingerprintGenerator as generators

from descriptors import OTHER_CHARGES
from molecule import TARGET
from molecule_list import MOLECULES

LARGEST = 11  # heavy atoms; keeps the file small


def counts(generator, mol):
    found = generator.GetSparseCountFingerprint(mol).GetNonzeroElements()
    return " ".join(f"{key}:{count}" for key, count in sorted(found.items()))


def bits(generator, mol):
    return " ".join(str(bit) for bit in generator.GetFingerprint(mol).GetOnBits())


def main():
    features = generators.GetMorganFeatureAtomInvGen()
    options = dict(countSimulation=False)
    morgan = generators.GetMorganGenerator(radius=2)
    columns = [
        ("morgan", lambda m: counts(morgan, m)),
        ("morgan4", lambda m: counts(generators.GetMorganGenerator(radius=4), m)),
        (
            "features",
            lambda m: counts(
                generators.GetMorganGenerator(radius=2, atomInvariantsGenerator=features), m
            ),
        ),
        ("pairs", lambda m: counts(generators.GetAtomPairGenerator(**options), m)),
        ("torsions", lambda m: counts(generators.GetTopologicalTorsionGenerator(**options), m)),
        (
            "paths",
            lambda m: counts(
                generators.GetRDKitFPGenerator(branchedPaths=False, numBitsPerFeature=1, maxPath=5),
                m,
            ),
        ),
        ("morganBits", lambda m: bits(morgan, m)),
        ("pairBits", lambda m: bits(generators.GetAtomPairGenerator(**options), m)),
        (
            "torsionBits",
            lambda m: bits(generators.GetTopologicalTorsionGenerator(fpSize=1000, **options), m),
        ),
    ]
    lines = [
        f"# generator: scripts/golden/fingerprints.py; RDKit {rdkit.__version__}; no seed\n",
        "# name, smiles, " + ", ".join(name for name, _ in columns) + "\n",
    ]
    for name, smiles in MOLECULES:
        mol = Chem.MolFromSmiles(smiles)
        if mol.GetNumHeavyAtoms() <= LARGEST and name not in OTHER_CHARGES:
            lines.append("\t".join([name, smiles] + [make(mol) for _, make in columns]) + "\n")
    (TARGET / "fingerprints.tsv").write_text("".join(lines))
    print(len(lines) - 2, "molecules")


if __name__ == "__main__":
    RDLogger.DisableLog("rdApp.*")
    main()
