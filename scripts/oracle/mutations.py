#!/usr/bin/env python3
"""Compare Ligature with RDKit on SMILES that are mutated at random.

Usage: python3 scripts/oracle/mutations.py --ligature PATH [--count N] [--seed N] FILE

Takes N molecules of the file at random and changes each in up to three places, once in its
elements and once in its bonds. Compares what is accepted and, of what both accept, hydrogens,
aromatic atoms, rings, formula, stereocentres and the InChIKey of the canonical SMILES. Writes the
differences to .build/conformance/mutations-KIND.tsv and prints a table.
"""

import argparse
import random
import re
from multiprocessing import Pool
from pathlib import Path

from conformance import EXACT, REPORT, read_smiles, run_ligature
from rdkit import Chem, RDLogger, rdBase
from rdkit.Chem import rdMolDescriptors

TOKEN = re.compile(
    r"\[[^\]]*\]|Br|Cl|[BCNOPSFIbcnops*]|->|<-|[-=#$:/\\]|%\d\d|%\(\d+\)|\d|[().]"
)
ATOMS = (
    ["C", "N", "O", "S", "P", "B", "F", "Cl", "c", "n", "o", "s", "p", "b", "*"]
    + ["[nH]", "[n+]", "[N+]", "[NH4+]", "[O-]", "[o+]", "[s+]", "[se]", "[te]", "[Se]", "[Te]"]
    + ["[Si]", "[si]", "[SiH2]", "[as]", "[As]", "[AsH]", "[B-]", "[b-]", "[BH]", "[P+]", "[p+]"]
    + ["[CH2]", "[CH]", "[C]", "[C-]", "[C+]", "[cH]", "[c-]", "[c+]", "[C@H]", "[C@@]", "[S@]"]
    + ["[13C]", "[2H]", "[Fe]", "[Pt]", "[Al]", "[Sn]", "[Na]", "[Mg]", "[Zn+2]", "[H]"]
)
BONDS = ["", "", "-", "=", "=", "#", "$", ":", "/", "\\", "->", "<-"]


def mutate(text, kind, source):
    tokens = TOKEN.findall(text)
    for _ in range(source.randint(1, 3)):
        tokens = [token for token in tokens if token]
        atoms = [place for place, token in enumerate(tokens) if token[0] in "[*" or token.isalpha()]
        place = source.choice(atoms)
        if kind == "elements":
            tokens[place] = source.choice(ATOMS)
        else:
            before = place - 1
            if before >= 0 and tokens[before] in BONDS:
                tokens[before] = source.choice(BONDS)
            elif place > 0 and tokens[before] != ".":
                tokens.insert(place, source.choice(BONDS))
    return "".join(tokens)


def compare(task):
    text, row = task
    RDLogger.DisableLog("rdApp.*")
    molecule = Chem.MolFromSmiles(text)
    if (molecule is None) != ("error" in row):
        return [("only RDKit accepts" if molecule else "only Ligature accepts", row.get("error"), "")]
    if molecule is None:
        return None
    expected = {
        "hydrogens": [atom.GetTotalNumHs() for atom in molecule.GetAtoms()],
        "aromatic_atoms": [a.GetIdx() for a in molecule.GetAtoms() if a.GetIsAromatic()],
        "formula": rdMolDescriptors.CalcMolFormula(molecule),
        "stereocentres": len(Chem.FindMolChiralCenters(molecule, includeUnassigned=True)),
    }
    theirs = Chem.MolToSmiles(molecule)
    expected["rings"] = len(Chem.GetSSSR(Chem.Mol(molecule)))
    found = [(name, row[name], expected[name]) for name in EXACT if row[name] != expected[name]]
    ours = Chem.MolFromSmiles(row["canonical"])
    if ours is None or Chem.MolToInchiKey(ours) != Chem.MolToInchiKey(molecule):
        found.append(("canonical", row["canonical"], theirs))
    return found


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--ligature", required=True)
    arguments.add_argument("--count", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=2026)
    arguments.add_argument("file", type=Path)
    options = arguments.parse_args()
    molecules = read_smiles(options.file)
    RDLogger.DisableLog("rdApp.*")
    checks = ["only Ligature accepts", "only RDKit accepts", *EXACT, "canonical"]
    print(f"Mutations of {options.file.name}, seed {options.seed}, RDKit {rdBase.rdkitVersion}\n")
    print("| mutated | texts | both accept | " + " | ".join(checks) + " |")
    print("| --- |" + " ---: |" * (len(checks) + 2))
    with Pool() as pool:
        for kind in ["elements", "bonds"]:
            source = random.Random(f"{options.seed} {kind}")
            texts = [mutate(source.choice(molecules), kind, source) for _ in range(options.count)]
            work = REPORT / f"mutations-{kind}"
            work.mkdir(parents=True, exist_ok=True)
            rows = run_ligature(options.ligature, texts, work, describe=False)
            results = pool.map(compare, zip(texts, rows), chunksize=50)
            counts = dict.fromkeys(checks, 0)
            with open(REPORT / f"mutations-{kind}.tsv", "w") as report:
                for text, result in zip(texts, results):
                    for check, ours, theirs in result or []:
                        counts[check] += 1
                        print(check, text, ours, theirs, sep="\t", file=report)
            only = counts["only Ligature accepts"] + counts["only RDKit accepts"]
            both = sum(result is not None for result in results) - only
            cells = [kind, len(texts), both, *counts.values()]
            print("| " + " | ".join(map(str, cells)) + " |")


if __name__ == "__main__":
    main()
