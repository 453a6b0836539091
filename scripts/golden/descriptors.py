"""Golden data for descriptor tests, made with RDKit: python3 scripts/golden/descriptors.py

Writes descriptors.tsv and scaffolds.tsv to Tests/MoleculeTests/Golden, for the molecules of
molecule_list.py and data/compounds.tsv.
"""

import csv
import pathlib

import rdkit
from rdkit import Chem, RDLogger
from rdkit.Chem import Descriptors, rdMolDescriptors
from rdkit.Chem.Scaffolds import MurckoScaffold

from molecule import TARGET
from molecule_list import MOLECULES

COMPOUNDS = pathlib.Path(__file__).parents[2] / "data/compounds.tsv"
COUNTS = [
    ("heavyAtoms", lambda m: m.GetNumHeavyAtoms()),
    ("heteroatoms", rdMolDescriptors.CalcNumHeteroatoms),
    ("charge", Chem.GetFormalCharge),
    ("donors", rdMolDescriptors.CalcNumHBD),
    ("acceptors", rdMolDescriptors.CalcNumHBA),
    ("lipinskiDonors", rdMolDescriptors.CalcNumLipinskiHBD),
    ("lipinskiAcceptors", rdMolDescriptors.CalcNumLipinskiHBA),
    ("rotatableBonds", rdMolDescriptors.CalcNumRotatableBonds),
    ("rings", rdMolDescriptors.CalcNumRings),
    ("heterocycles", rdMolDescriptors.CalcNumHeterocycles),
    ("aromatic", rdMolDescriptors.CalcNumAromaticRings),
    ("aromaticHeterocycles", rdMolDescriptors.CalcNumAromaticHeterocycles),
    ("aromaticCarbocycles", rdMolDescriptors.CalcNumAromaticCarbocycles),
    ("aliphatic", rdMolDescriptors.CalcNumAliphaticRings),
    ("aliphaticHeterocycles", rdMolDescriptors.CalcNumAliphaticHeterocycles),
    ("aliphaticCarbocycles", rdMolDescriptors.CalcNumAliphaticCarbocycles),
    ("saturated", rdMolDescriptors.CalcNumSaturatedRings),
    ("saturatedHeterocycles", rdMolDescriptors.CalcNumSaturatedHeterocycles),
    ("saturatedCarbocycles", rdMolDescriptors.CalcNumSaturatedCarbocycles),
]
VALUES = [
    ("weight", Descriptors.MolWt),
    ("exactMass", Descriptors.ExactMolWt),
    ("surface", rdMolDescriptors.CalcTPSA),
    ("surfaceSP", lambda m: rdMolDescriptors.CalcTPSA(m, force=True, includeSandP=True)),
    ("logP", lambda m: rdMolDescriptors.CalcCrippenDescriptors(m)[0]),
    ("refractivity", lambda m: rdMolDescriptors.CalcCrippenDescriptors(m)[1]),
    ("fractionSP3", rdMolDescriptors.CalcFractionCSP3),
]


# RDKit reads C=P(=O)C as C=[P+]([O-])C.
OTHER_CHARGES = {"phosphaalkene-oxide"}
# RDKit finds no rings through dative bonds.
DATIVE_RINGS = {"tetraphenylporphyrin-zinc"}


def molecules():
    skipped = OTHER_CHARGES | DATIVE_RINGS
    yield from (pair for pair in MOLECULES if pair[0] not in skipped)
    with open(COMPOUNDS, encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield row["id"], row["smiles"]


def is_stable(text):
    """Whether reading a scaffold again, which perceives aromaticity, gives the same text."""
    mol = Chem.MolFromSmiles(text)
    return mol is not None and Chem.MolToSmiles(mol) == text


def main():
    made = f"# generator: scripts/golden/descriptors.py; RDKit {rdkit.__version__}; no seed\n"
    table = [made, "# name, smiles, " + ", ".join(n for n, _ in VALUES + COUNTS) + "\n"]
    scaffolds = [made, "# name, smiles, Murcko scaffold, its generic framework\n"]
    for name, smiles in molecules():
        mol = Chem.MolFromSmiles(smiles)
        values = [f"{make(mol):.6f}" for _, make in VALUES]
        values += [str(make(mol)) for _, make in COUNTS]
        table.append("\t".join([name, smiles] + values) + "\n")
        scaffold = MurckoScaffold.GetScaffoldForMol(mol)
        texts = [scaffold, MurckoScaffold.MakeScaffoldGeneric(scaffold)]
        texts = [Chem.MolToSmiles(mol, isomericSmiles=False) for mol in texts]
        if all(is_stable(text) for text in texts):
            scaffolds.append("\t".join([name, smiles] + texts) + "\n")
    (TARGET / "descriptors.tsv").write_text("".join(table))
    (TARGET / "scaffolds.tsv").write_text("".join(scaffolds))
    print(len(table) - 2, "molecules,", len(scaffolds) - 2, "scaffolds")


if __name__ == "__main__":
    RDLogger.DisableLog("rdApp.*")
    main()
