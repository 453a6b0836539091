"""Golden data for MoleculeTests, made with RDKit: python3 scripts/golden/molecule.py

Writes perception.tsv (hydrogens, aromatic atoms, rings, formula per molecule) and spellings.tsv
(random spellings of one molecule per line) to Tests/MoleculeTests/Golden.
"""

import pathlib

import rdkit
from rdkit import Chem, RDLogger
from rdkit.Chem import rdMolDescriptors

from molecule_list import MOLECULES

SEED = 20240607
SPELLINGS = 6
TARGET = pathlib.Path(__file__).parents[2] / "Tests/MoleculeTests/Golden"


def header(text):
    return f"# generator: scripts/golden/molecule.py; RDKit {rdkit.__version__}; seed {SEED}\n# {text}\n"


def perception():
    lines = [header("name, smiles, hydrogens, aromatic atoms, smallest rings, formula")]
    for name, smiles in MOLECULES:
        mol = Chem.MolFromSmiles(smiles)
        assert mol is not None, name
        hydrogens = ",".join(str(atom.GetTotalNumHs()) for atom in mol.GetAtoms())
        aromatic = ",".join(str(a.GetIdx()) for a in mol.GetAtoms() if a.GetIsAromatic())
        rings = len(Chem.GetSSSR(Chem.Mol(mol)))
        lines.append("\t".join([name, smiles, hydrogens, aromatic, str(rings), rdMolDescriptors.CalcMolFormula(mol)]) + "\n")
    (TARGET / "perception.tsv").write_text("".join(lines))


def spellings():
    lines = [header("name, then spellings of one molecule; the last one is a Kekulé spelling")]
    for index, (name, smiles) in enumerate(MOLECULES):
        mol = Chem.MolFromSmiles(smiles)
        found = Chem.MolToRandomSmilesVect(mol, SPELLINGS, SEED + index)
        found += Chem.MolToRandomSmilesVect(mol, 1, SEED + index, kekuleSmiles=True)
        lines.append("\t".join([name, Chem.MolToSmiles(mol)] + list(found)) + "\n")
    (TARGET / "spellings.tsv").write_text("".join(lines))


if __name__ == "__main__":
    RDLogger.DisableLog("rdApp.*")
    names = [name for name, _ in MOLECULES]
    assert len(set(names)) == len(names), "names must differ"
    perception()
    spellings()
    print(len(MOLECULES), "molecules")
