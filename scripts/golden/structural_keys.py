#!/usr/bin/env python3
"""Golden data of structural (MACCS) keys, made with RDKit: python3 scripts/golden/structural_keys.py

Writes Tests/MoleculeTests/Golden/structural-keys.tsv: for molecules of molecule_list.py, of
data/compounds.tsv and of the list below the keys that rdMolDescriptors.GetMACCSKeysFingerprint sets.
"""

from pathlib import Path

import rdkit
from rdkit import Chem, RDLogger
from rdkit.Chem import rdMolDescriptors

from molecule import TARGET
from molecule_list import MOLECULES
from stereo_and_patterns import compounds

COUNT = 120  # of each list

# Rare elements, chains that end on themselves, counts just at and below their thresholds.
SPECIAL = """
[Rf] [Db] [He] [U] [La] [Ti] [W] [Fe] [Ca+2] [Cu] [K+] [Al] [As] [SiH4] IBr C [13CH4] C.C.C C.CO
C1CC1 C1CCC1 C1CCCC1 C1CCCCC1 C1CCCCCC1 C1CCCCCCC1 C1CCCCCCCCCCCCC1 C1CCCCCCCCCCCCCC1 C1CN1 C1CO1
C1CN1C1CC1 CCC1CC1 C1C(O1)CCl CC1CC1C CC1(C)CN1CC O=C(COc1ccccc1)NC1CC1 C1COC1 C1CCOC1 C1COCCO1
OC1CCC1N NC1CCC1N C1COC(=O)N1 CNC(=S)NCCN1CC1 c1ccc2ccccc2c1 c1cc2ccc3cccc4ccc(c1)c2c34
C12C3C4C1C5C2C3C45 C=NCC#N OCC1(CO)CCC1(CO)CO C=CCC1(C)Cc2ccccc21 OC(=O)O O OO ONO O=S(=O)(O)O OP(O)(O)=O CN(C)O ON(C)O CSSC NSN OSO CS(=O)C
FC(F)F ClC(Cl)=C BrC=C CC(=O)C=O OC(=O)C(=O)O OCC(O)CO CC CCC CCCC CC(C)C CC(C)(C)C C[N+](C)(C)C
NCCN NCCCN NCCO NCCCO OCCO OCCCO OCCCCO NN NNN N=N C=N C#N C#C C=C C=C=C C=CC=C NC=C ClN BrCCBr
c1ccncc1 c1ccoc1 c1ccsc1 c1cc[nH]c1 Oc1ccccc1 Sc1ccccc1 Nc1ccccc1 Oc1ccccc1O CSc1ccccc1
c1ccc(cc1)-c1ccccc1 c1ccc2c(c1)CCC2 C1CC2CCC1CC2 C1CCC2(CC1)CCCC2 *C *c1ccccc1 CB(O)O CCS CC(N)=S
CC[n+]1[oH+]c(C)cc1C N1C=CC=CC=C1
""".split()


def main():
    smiles = [smiles for _, smiles in MOLECULES][:: max(1, len(MOLECULES) // COUNT)]
    known = compounds()
    smiles += known[:: max(1, len(known) // COUNT)] + SPECIAL
    lines = [
        f"# generator: scripts/golden/structural_keys.py; RDKit {rdkit.__version__}; no seed\n",
        "# smiles, numbers of the keys set\n",
    ]
    seen = set()
    for text in dict.fromkeys(smiles):
        keys = rdMolDescriptors.GetMACCSKeysFingerprint(Chem.MolFromSmiles(text)).GetOnBits()
        seen.update(keys)
        lines.append(text + "\t" + " ".join(map(str, keys)) + "\n")
    (TARGET / "structural-keys.tsv").write_text("".join(lines))
    print(len(lines) - 2, "molecules; keys never set:", sorted(set(range(1, 167)) - seen))


if __name__ == "__main__":
    RDLogger.DisableLog("rdApp.*")
    main()
