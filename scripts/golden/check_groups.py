#!/usr/bin/env python3
"""Check data/functional-groups.tsv with RDKit.

Usage: python3 scripts/golden/check_groups.py

Every pattern has to be found in its examples and in none of its counterexamples; ids are unique
and parents exist. Exits 1 on any failure.
"""

import sys
from pathlib import Path

from rdkit import Chem, RDLogger

HEADER = ["id", "name", "words", "class", "parents", "smarts", "examples", "counterexamples"]
CLASSES = {"functional group", "ring system", "other"}
MINIMUM = 120


def main():
    RDLogger.DisableLog("rdApp.*")
    lines = Path("data/functional-groups.tsv").read_text(encoding="utf-8").splitlines()
    failures = []
    if lines[0].split("\t") != HEADER:
        failures.append(f"1: header {lines[0]!r}, expected {HEADER}")
    rows = [line.split("\t") for line in lines[1:]]
    ids = [row[0] for row in rows]
    if len(set(ids)) != len(ids):
        failures.append("an id repeats")
    if len(rows) < MINIMUM:
        failures.append(f"{len(rows)} rows, expected {MINIMUM}")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(HEADER) or not all(row[:4] + row[5:]) or row[3] not in CLASSES:
            failures.append(f"{number}: a field is missing or wrong: {row}")
            continue
        for parent in filter(None, row[4].split(",")):
            if parent not in ids:
                failures.append(f"{number}: {row[0]} has an unknown parent {parent}")
        query = Chem.MolFromSmarts(row[5])
        if query is None:
            failures.append(f"{number}: {row[0]} is no SMARTS: {row[5]}")
            continue
        for field, wanted in ((row[6], True), (row[7], False)):
            for smiles in field.split(" "):
                molecule = Chem.MolFromSmiles(smiles)
                if molecule is None or molecule.HasSubstructMatch(query) != wanted:
                    failures.append(f"{number}: {row[0]} in {smiles}, expected {wanted}")
    for failure in failures:
        print(f"functional-groups.tsv:{failure}", file=sys.stderr)
    print(f"functional-groups.tsv: {len(rows)} patterns, {len(failures)} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
