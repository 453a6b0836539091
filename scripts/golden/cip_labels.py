#!/usr/bin/env python3
"""Write the golden file of CIP labels.

Usage: python3 scripts/golden/cip_labels.py      (needs rdkit)

Writes Tests/MoleculeTests/Golden/cip.tsv from molecule_list.py, data/compounds.tsv and the list
below, with the labels of RDKit's new algorithm (rdCIPLabeler). Molecules with open centres also go
in with random configurations at all of them, so that each rule is needed somewhere.
"""

import random
from pathlib import Path

from rdkit import Chem, RDLogger, rdBase
from rdkit.Chem import rdCIPLabeler

from molecule_list import MOLECULES

SEED = 20261125
ROWS = 640
TARGET = Path(__file__).parents[2] / "Tests/MoleculeTests/Golden/cip.tsv"
COMPOUNDS = Path(__file__).parents[2] / "data/compounds.tsv"

# Each line needs the rule it stands under, or shows what has no label.
RULES = r"""
1a C[C@H](F)Cl N[C@@H](C)C(=O)O C[C@H](O)C=C C[C@@](O)(CC)C(C)C OC[C@@H](O)C=O C[C@](Br)(I)Cl
1a C[S@](=O)CC C[P@](CC)c1ccccc1 C[P@](=O)(O)CC C[Si@](F)(Cl)CC C[N@+](CC)(CCC)c1ccccc1 C[Se@](=O)CC
1a F/C=C/Cl C/C=C\C C/C(Cl)=C(/F)Br C/C=N/O C/C=C/C=C\C OC/C(C)=C/CC CC/C(=N/O)C
1a C[C@H](*)O *[C@@H](F)Cl CC[C@@](C)(N)C#N C[C@@H](C#C)C=C C[C@H](C(=O)O)C(O)O CN=C([C@H](C)O)N
1b C[C@]1(O)CCCCC1CC C1CC1[C@](O)(F)C(C)C C1CC1[C@H](O)C(C)C C1CC1[C@@H](Br)C(CC)CC OC1CC[C@@]2(CC1)CCCO2
1b CC(C)(C)[C@H](O)C12CC1C2 C1C[C@H]1[C@@H](F)C(C)C CC[C@@]12CCC[C@@H]1CCCC2
2 [2H][C@H](C)O [13CH3][C@H](C)O [2H][C@@]([3H])(C)O C[C@](O)([13CH3])F [18OH][C@H](C)O CC([2H])[C@@H](O)CC
2 C/C([13CH3])=C/C [2H]/C(F)=C(/[2H])F [12CH3][C@@H](C)O C[C@@]([14CH3])(O)N
3 C/C=C/[C@@H](O)/C=C\C C/C=C\[C@H](F)/C=C/C F/C=C/[C@](O)(N)/C=C\F C/C=C/C(/C=C\C)=C/C
4a C[C@H](O)[C@@H](O)C(F)[C@H](O)C CC[C@H](C)[C@](O)(C(C)CC)F O[C@H](F)C[C@](N)(CC(O)F)Cl
4b C[C@H](O)[C@@H](O)[C@H](F)[C@H](O)[C@@H](C)O C[C@H](F)[C@H](Cl)[C@](N)(O)[C@H](Cl)[C@@H](C)F
4b OC[C@H](O)[C@@H](O)[C@](C)(N)[C@@H](O)[C@@H](O)CO O[C@H](C)[C@H](C)C(F)[C@@H](C)[C@H](C)O
4c C[C@H](O)[C@H](F)[C@@H](C)O O[C@H]1C[C@@H](F)C1 C[C@H]1C[C@@H](O)C[C@H](C)C1
4c C[C@H](F)[C@H](O)[C@@H](C)F.C[C@H](F)[C@@H](O)[C@H]([C@@H](F)C)O
5 C[C@H](O)[C@](F)(Cl)[C@@H](C)O C[C@H](O)/C(C)=C(/[C@@H](C)O)[C@H](C)O C[C@H](F)[C@H](O)[C@@H](C)F
5 C[C@H](F)/C(=C/C)[C@@H](C)F OC(=O)[C@H](O)[C@@H](O)[C@H](O)C(=O)O O[C@H]([C@@H](O)C)[C@H](O)[C@H](C)O
6 C[C@H]1CC[C@@H](C)CC1 C[C@H]1CC[C@H](C)CC1 O[C@H]1[C@H](O)[C@@H](O)[C@H](O)[C@H](O)[C@@H]1O
6 C1C[C@@]12CC2 C1CC[C@]2(CC1)CCCCC2 O1C[C@@]2(C1)COC2
6 OC1[C@H](O)[C@@H](O)C([C@@H]1O)O C[C@@H]1C[C@H](C)C[C@@H](C)C1
mancude C[C@H](c1ccccn1)c1ccncc1 O[C@H](c1ccccc1)c1ccccn1 C[C@@H](c1cnc2ccccc2n1)c1ccc2ccccc2n1
mancude C[C@H](c1cc[nH]c1)c1ccc[nH]1 F[C@](C)(c1ncccn1)c1cnccn1 C[C@H](c1cccc[n+]1[O-])c1ccccn1
mancude C[C@H](c1nc2ccccc2[nH]1)c1ncc[nH]1 O[C@H](c1cc2ccccc2cn1)c1nccc2ccccc12 C[C@@H](O)c1cc[o+]cc1
none CC(F)=[C@]=C(C)Cl CC(F)=[C@@]=C(C)F F[Pt@SP1](Cl)(Br)I C[As@TB1](F)(Cl)(Br)N S[Co@OH1](F)(Cl)(Br)(I)N
none C[N@](CC)F CC[C@H](C)CC FC(F)=C/C OCC C1CC1
""".split("\n")


def labels(molecule):
    for part in [*molecule.GetAtoms(), *molecule.GetBonds()]:
        part.ClearProp("_CIPCode")
    rdCIPLabeler.AssignCIPLabels(molecule, maxRecursiveIterations=2_000_000)
    atoms = [f"{a.GetIdx()}:{a.GetProp('_CIPCode')}" for a in molecule.GetAtoms() if a.HasProp("_CIPCode")]
    bonds = []
    for bond in molecule.GetBonds():
        if bond.HasProp("_CIPCode"):
            ends = sorted((bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()))
            bonds.append((ends, bond.GetProp("_CIPCode")))
    return " ".join(atoms), " ".join(f"{low}-{high}:{code}" for (low, high), code in sorted(bonds))


def configured(smiles, source):
    """The molecule with a random configuration at each centre and double bond that may have one."""
    molecule = Chem.MolFromSmiles(smiles)
    tags = [Chem.ChiralType.CHI_TETRAHEDRAL_CW, Chem.ChiralType.CHI_TETRAHEDRAL_CCW]
    kinds = [Chem.BondStereo.STEREOCIS, Chem.BondStereo.STEREOTRANS]
    for element in Chem.FindPotentialStereo(molecule):
        if element.type == Chem.StereoType.Atom_Tetrahedral:
            molecule.GetAtomWithIdx(element.centeredOn).SetChiralTag(source.choice(tags))
        elif element.type == Chem.StereoType.Bond_Double:
            bond = molecule.GetBondWithIdx(element.centeredOn)
            begin, end = bond.GetBeginAtom(), bond.GetEndAtom()
            left = [a.GetIdx() for a in begin.GetNeighbors() if a.GetIdx() != end.GetIdx()]
            right = [a.GetIdx() for a in end.GetNeighbors() if a.GetIdx() != begin.GetIdx()]
            if left and right:
                bond.SetStereoAtoms(left[0], right[0])
                bond.SetStereo(source.choice(kinds))
    return Chem.MolToSmiles(molecule, canonical=False)


def keeps_marks(smiles):
    """Whether RDKit's reader takes every mark for meaningful: the file is about labels."""
    counts = []
    for sanitize in (False, True):
        molecule = Chem.MolFromSmiles(smiles, sanitize=sanitize)
        none = Chem.ChiralType.CHI_UNSPECIFIED
        counts.append(sum(atom.GetChiralTag() != none for atom in molecule.GetAtoms()))
    return counts[0] == counts[1]


def candidates():
    source = random.Random(SEED)
    for line in RULES:
        for smiles in line.split()[1:]:
            yield smiles
    lines = COMPOUNDS.read_text().splitlines()
    column = lines[0].split("\t").index("smiles")
    own = [line.split("\t")[column] for line in lines[1:]] + [smiles for _, smiles in MOLECULES]
    yield from (smiles for smiles in own if "@" in smiles or "/" in smiles)
    source.shuffle(own)
    for smiles in own:
        for _ in range(2):
            found = configured(smiles, source)
            if ("@" in found or "/" in found) and keeps_marks(found):
                yield found


def main():
    RDLogger.DisableLog("rdApp.*")
    rows = {}
    for smiles in candidates():
        if len(rows) == ROWS:
            break
        molecule = Chem.MolFromSmiles(smiles)
        assert molecule is not None, smiles
        rows.setdefault(smiles, labels(molecule))
    with open(TARGET, "w") as file:
        print(f"# generator: scripts/golden/cip_labels.py; RDKit {rdBase.rdkitVersion}; seed {SEED}", file=file)
        print("# smiles, labels of atoms (index:label), labels of double bonds (index-index:label)", file=file)
        for smiles, (atoms, bonds) in rows.items():
            print(smiles, atoms, bonds, sep="\t", file=file)
    found = " ".join(text for row in rows.values() for text in row)
    print(len(rows), "molecules;", {code: found.count(":" + code) for code in "RSrsZEze"})


if __name__ == "__main__":
    main()
