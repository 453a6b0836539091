#!/usr/bin/env python3
"""Write the golden files of stereocentres, hybridisation and SMARTS matches.

Usage: python3 scripts/golden/stereo_and_patterns.py      (needs rdkit)

Writes Tests/MoleculeTests/Golden/stereo.tsv and patterns.tsv from data/compounds.tsv and the lists
below.
"""

from pathlib import Path

from rdkit import Chem, RDLogger, rdBase

RDLogger.DisableLog("rdApp.*")
GOLDEN = Path("Tests/MoleculeTests/Golden")
HEADER = f"# generator: scripts/golden/stereo_and_patterns.py; RDKit {rdBase.rdkitVersion}; no seed"

# Centres that mean nothing, that mean something together, or that only some elements have.
STEREO = """
C[C@H](C)O C[C@@H](N)C(=O)O C[C@H]1CC[C@@H](C)CC1 C[C@H]1CC[C@H](C)CC1 C[C@H]1CCCCC1
O[C@H]1C[C@@H](O)C1 C[S@](=O)CC C[S@@](=O)C C[P@](CC)c1ccccc1 CN1[C@H](C)C1 C[N@]1C[C@H]1C
[C@](F)(Cl)(Br)I C/C=C/C C/C=C(/C)C F/C=C/C=C\\F C1CC/C=C/CCC1 C1CCC/C=C\\CC1 C1C/C=C\\CC1
CC(C)=C=C(C)C OC1CN2CCC1CC2 C1CCN2CCCC2C1 CC1CN1S(C)(=O)=O CC1CN1C(C)=O CC1CN1P(C)C
C[C@H](O)[C@@H](O)[C@H](C)O C[C@H](O)[C@H](O)[C@@H](C)O OC(=O)[C@H](O)[C@@H](O)C(=O)O
C[Si@](F)(Cl)Br C[Se@](=O)CC C[As@](CC)c1ccccc1 CP O=[PH2]O C[C@]12CC[C@H](CC1)C2(C)C
""".split()

PATTERNS = r"""
* [#6] a A [D2] [d3] [H] [H1] [h] [R] [R2] [r] [r5] [!R] [x3] [X4] [v4] [+] [-] [+0] [C;R] [c,n]
[!#6;!#7] [#6;!$(C=O)] [$(C(=O)[OX2H])] [NX3;H2,H1;!$(NC=O)] [OX2H][CX3]=[OX1] [#7]~[#6] c-c C!=C C@C
C!@C C=,#C C-,=O *=* c1ccccc1-c1ccccc1 O=C-N [N+](=O)[O-] [SX4](=O)(=O) [F,Cl,Br,I] [C;^3] [^2] [z2]
[Z1] [D{2-3}] [r{5-6}] [!H] C.C C(C)(C)C *1~*~*~*~*~*~1 [k6] [nH] [n;H0] [$(c1ccccc1),$(c1ccncc1)]
[$([#6]~[$([#7]~[#8])])] N-!@C [NX4+] [#8;R] C~C~C~C~C~C~C [#6]=&!@[#8] [CD3H0] [A;!#6] [v5] [#7;v3]
[#16X2] CC c:c [Cl,$([O-])] [CH3]C([CH3])[CH3]
""".split()


def compounds():
    lines = Path("data/compounds.tsv").read_text().splitlines()
    column = lines[0].split("\t").index("smiles")
    return [line.split("\t")[column] for line in lines[1:]]


def write_stereo():
    with open(GOLDEN / "stereo.tsv", "w") as file:
        print(HEADER, file=file)
        print("# smiles, stereocentres, marked centres, marked double bonds, hybridisation", file=file)
        kinds = {"UNSPECIFIED": "?", "S": "0", "SP": "1", "SP2": "2", "SP3": "3", "SP3D": "4", "SP3D2": "5"}
        for smiles in STEREO + compounds():
            molecule = Chem.MolFromSmiles(smiles)
            centres = len(Chem.FindMolChiralCenters(molecule, includeUnassigned=True))
            marked = sum(a.GetChiralTag() != Chem.ChiralType.CHI_UNSPECIFIED for a in molecule.GetAtoms())
            bonds = sum(b.GetStereo() > Chem.BondStereo.STEREOANY for b in molecule.GetBonds())
            shapes = "".join(kinds[str(a.GetHybridization())] for a in molecule.GetAtoms())
            print(smiles, centres, marked, bonds, shapes, sep="\t", file=file)


def write_patterns():
    queries = [Chem.MolFromSmarts(pattern) for pattern in PATTERNS]
    with open(GOLDEN / "patterns.tsv", "w") as file:
        print(HEADER, file=file)
        print("# smiles, then the number of unique matches of each pattern of the next row", file=file)
        print("smiles", *PATTERNS, sep="\t", file=file)
        for smiles in compounds()[::4]:
            molecule = Chem.MolFromSmiles(smiles)
            counts = [len(molecule.GetSubstructMatches(q, maxMatches=100000)) for q in queries]
            print(smiles, *counts, sep="\t", file=file)


if __name__ == "__main__":
    write_stereo()
    write_patterns()
