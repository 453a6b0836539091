#!/usr/bin/env python3
"""Writes Tests/MoleculeTests/Golden/molfiles.tsv: molfiles and what RDKit reads in them.

Each row: name, kind of drawing, the molfile with line breaks as \\n, SMILES of RDKit's reading.
"""
import pathlib
import random

import rdkit
from rdkit import Chem, RDLogger
from rdkit.Chem import AllChem, rdDepictor

SEED = 20240607
ROOT = pathlib.Path(__file__).resolve().parents[2]
RDLogger.DisableLog("rdApp.*")

MOLECULES = [
    ("alanine", "C[C@H](N)C(=O)O"),
    ("bromochlorofluoromethane", "F[C@](Cl)(Br)[H]"),
    ("tert-butyl chiral", "CC[C@](C)(Cl)Br"),
    ("menthol", "C[C@@H]1CC[C@H]([C@@H](C1)O)C(C)C"),
    ("glucose", "OC[C@H]1O[C@@H](O)[C@H](O)[C@@H](O)[C@@H]1O"),
    ("cholesterol", "C[C@H](CCCC(C)C)[C@H]1CC[C@@H]2[C@@]1(CC[C@H]3[C@H]2CC=C4[C@@]3(CC[C@@H](C4)O)C)C"),
    ("methyl phenyl sulfoxide", "C[S@](=O)c1ccccc1"),
    ("phosphine", "CC[P@](C)c1ccccc1"),
    ("quinine", "COc1ccc2nccc([C@@H](O)[C@@H]3C[C@@H]4CCN3C[C@@H]4C=C)c2c1"),
    ("fumaric acid", "OC(=O)/C=C/C(=O)O"),
    ("maleic acid", "OC(=O)/C=C\\C(=O)O"),
    ("retinal", "CC1=C(C(CCC1)(C)C)/C=C/C(=C/C=C/C(=C/C=O)/C)/C"),
    ("acetone imine", "[H]/N=C(/C)CC"),
    ("butene unstated", "CC=CC"),
    ("stilbene unstated", "c1ccccc1C=Cc1ccccc1"),
    ("cyclooctene", "C1CCC/C=C\\CC1"),
    ("nitrobenzene", "O=[N+]([O-])c1ccccc1"),
    ("pyrrole", "c1cc[nH]c1"),
    ("methyl radical", "[CH3]"),
    ("carbene", "C[C]C"),
    ("heavy water", "[2H]O[2H]"),
    ("carbon-13 methane", "[13CH4]"),
    ("ammonium", "C[NH2+]C"),
    ("sodium hydride", "[Na+].[H-]"),
    ("silane", "[SiH4]"),
    ("iron", "[Fe]"),
    ("ferrous chloride", "Cl[Fe]Cl"),
    ("cisplatin", "N->[Pt](<-N)(Cl)Cl"),
    ("aluminium hydride", "[AlH3]"),
    ("sulfur hexafluoride", "FS(F)(F)(F)(F)F"),
    ("hexafluorophosphate", "F[P-](F)(F)(F)(F)F"),
    ("wildcard", "*CC*"),
    ("map numbers", "[CH3:1][OH:2]"),
]


def kinds(mol):
    flat = Chem.Mol(mol)
    rdDepictor.Compute2DCoords(flat)
    yield "2D V2000", Chem.MolToMolBlock(flat)
    yield "2D V3000", Chem.MolToMolBlock(flat, forceV3000=True)
    full = Chem.AddHs(mol)
    rdDepictor.Compute2DCoords(full)
    yield "hydrogens", Chem.MolToMolBlock(full)
    try:
        yield "aromatic bonds", Chem.MolToMolBlock(flat, kekulize=False)
    except Exception:
        pass
    # RDKit reads square planar centres from space, which Ligature does not.
    if "Pt" not in Chem.MolToSmiles(mol) and AllChem.EmbedMolecule(full, randomSeed=SEED) == 0:
        yield "3D", Chem.MolToMolBlock(full)


def wedged(mol):
    """The drawing with wedges and wavy bonds at random places, as hasty authors leave them."""
    rdDepictor.Compute2DCoords(mol)
    lines = Chem.MolToMolBlock(mol).split("\n")
    if "V2000" not in lines[3]:
        return None
    atoms, bonds = int(lines[3][:3]), int(lines[3][3:6])
    for index in range(4 + atoms, 4 + atoms + bonds):
        if lines[index][8] == "1" and random.random() < 0.5:
            ends = [lines[index][:3], lines[index][3:6]]
            random.shuffle(ends)
            lines[index] = "".join(ends) + lines[index][6:9] + f"{random.choice([1, 1, 6, 6, 4]):3}"
    return "\n".join(lines)


def rows():
    compounds = [
        line.split("\t") for line in (ROOT / "data/compounds.tsv").read_text().splitlines()[1:]
    ]
    stereo = [(row[1], row[2]) for row in compounds if "@" in row[2] or "/" in row[2]]
    for name, smiles in MOLECULES:
        for kind, block in kinds(Chem.MolFromSmiles(smiles)):
            yield name, kind, block
    for name, smiles in MOLECULES[:11] + stereo[:12]:
        block = wedged(Chem.MolFromSmiles(smiles))
        if block:
            yield name, "random wedges", block
    for name, smiles in stereo[:12]:
        flat = Chem.MolFromSmiles(smiles)
        rdDepictor.Compute2DCoords(flat)
        yield name, "2D V2000", Chem.MolToMolBlock(flat)


random.seed(SEED)
output = ROOT / "Tests/MoleculeTests/Golden/molfiles.tsv"
with output.open("w") as file:
    file.write(f"# generator: scripts/golden/molfiles.py; RDKit {rdkit.__version__}; seed {SEED}\n")
    file.write("# name, drawing, molfile with \\n for line breaks, SMILES of RDKit's reading\n")
    for name, kind, block in rows():
        read = Chem.MolFromMolBlock(block)
        if read is not None:
            text = block.rstrip("\n").replace("\n", "\\n")
            file.write(f"{name}\t{kind}\t{text}\t{Chem.MolToSmiles(read)}\n")
