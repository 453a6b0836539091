#!/usr/bin/env python3
"""Draw a file of SMILES with RDKit, and hold Ligature's drawings of it against the molecules.

Usage: python3 scripts/oracle/contact_sheet.py MOLECULES.smi DRAWINGS.sdf PICTURE.png

DRAWINGS.sdf holds the same molecules with Ligature's coordinates and wedges. A drawing is right
when RDKit, reading coordinates and wedges alone, writes a SMILES of the same InChIKey. (Not its
InChIKey itself: from coordinates InChI also states the double bonds of porphine's large ring, which
no SMILES does.) Exits 1 where one is not.
"""

import sys
from pathlib import Path

from rdkit import Chem, RDLogger
from rdkit.Chem import Draw


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    source, drawings, picture = map(Path, sys.argv[1:])
    RDLogger.DisableLog("rdApp.*")
    lines = [line.split(None, 1) for line in source.read_text().splitlines()]
    molecules = [Chem.MolFromSmiles(smiles) for smiles, _ in lines]
    names = [name for _, name in lines]
    sheet = Draw.MolsToGridImage(
        molecules, molsPerRow=4, subImgSize=(260, 226), legends=names, returnPNG=False
    )
    sheet.save(picture)
    differing = 0
    for name, molecule, drawn in zip(
        names, molecules, Chem.SDMolSupplier(str(drawings)), strict=True
    ):
        read = Chem.MolFromSmiles(Chem.MolToSmiles(drawn)) if drawn else None
        if read is None or Chem.MolToInchiKey(read) != Chem.MolToInchiKey(molecule):
            differing += 1
            print(f"{name}: RDKit reads the drawing as {drawn and Chem.MolToSmiles(drawn)}")
    print(f"{len(names) - differing} of {len(names)} drawings are read as the molecule drawn")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
