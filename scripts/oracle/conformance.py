#!/usr/bin/env python3
"""Compare `ligature mol --ndjson` with RDKit on files of SMILES.

Usage: python3 scripts/oracle/conformance.py --ligature PATH [--renumber N] FILE...

For each file: what both accept, and of that the share of molecules that agree in every check. A
molecule agrees in a check only if it does so on all its atoms. Exits 1 when a check of a file
falls below 99.9 %.
"""

import argparse
import csv
import json
import multiprocessing
import random
import subprocess
import sys
from pathlib import Path

from rdkit import Chem, RDLogger, rdBase
from rdkit.Chem import Crippen, Descriptors, rdCIPLabeler, rdMolDescriptors
from rdkit.Chem.Scaffolds import MurckoScaffold

import fingerprints

SPELLINGS = 20
SEED = 2026
REQUIRED = 0.999
# Past so many comparisons RDKit's CIP labels count as given up.
CIP_COMPARISONS = 5_000_000
REPORT = Path(".build/conformance")

# Numbers with the difference that still counts as equal, and RDKit's way to them.
NUMBERS = {
    "molecular_weight": (1e-2, Descriptors.MolWt),
    "exact_mass": (1e-4, Descriptors.ExactMolWt),
    "heavy_atoms": (0, lambda m: m.GetNumHeavyAtoms()),
    "hydrogen_bond_donors": (0, rdMolDescriptors.CalcNumHBD),
    "hydrogen_bond_acceptors": (0, rdMolDescriptors.CalcNumHBA),
    "rotatable_bonds": (0, rdMolDescriptors.CalcNumRotatableBonds),
    "polar_surface_area": (1e-2, rdMolDescriptors.CalcTPSA),
    "log_p": (1e-3, Crippen.MolLogP),
    "molar_refractivity": (1e-3, Crippen.MolMR),
    "fraction_sp3": (1e-4, rdMolDescriptors.CalcFractionCSP3),
}
UNREADABLE = "unreadable scaffold of RDKit"
COUNTS = ["molecules", "both accept", UNREADABLE]
EXACT = ["hydrogens", "aromatic_atoms", "rings", "formula", "stereocentres"]


def read_smiles(path):
    """The SMILES of each line: the column named so, or the first field that is no registry number."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if path.suffix in (".tsv", ".csv"):
        rows = csv.reader(lines, delimiter="\t" if path.suffix == ".tsv" else ",")
        header = next(rows)
        column = header.index("smiles")
        return [row[column] for row in rows if len(row) > column]
    found = []
    for line in lines:
        fields = line.split()
        if not fields or line.startswith(("#", "SMILES,")):
            continue
        is_number = fields[0].replace("-", "").isdigit() and len(fields) > 1
        found.append(fields[1] if is_number else fields[0])
    return found


def run_ligature(ligature, smiles, work, describe):
    source, target = work / "input.smi", work / "output.ndjson"
    source.write_text("".join(f"{text}\n" for text in smiles))
    command = [ligature, "mol", "--input", source, "--output", target, "--ndjson"]
    subprocess.run(command + (["--descriptors"] if describe else []), check=True)
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert [row["line"] for row in rows] == list(range(1, len(smiles) + 1)), "a line is missing"
    return rows


def murcko(molecule):
    """RDKit's scaffold as it reads its own text; None where it cannot."""
    text = Chem.MolToSmiles(MurckoScaffold.GetScaffoldForMol(molecule), isomericSmiles=False)
    return canonical(text)


def canonical(text):
    molecule = Chem.MolFromSmiles(text)
    return molecule and Chem.MolToSmiles(molecule, isomericSmiles=False)


def cip_labels(molecule):
    """The labels of RDKit's new algorithm as we write them, or None where it gives up."""
    molecule = Chem.Mol(molecule)
    for part in [*molecule.GetAtoms(), *molecule.GetBonds()]:
        part.ClearProp("_CIPCode")  # the legacy label from reading
    try:
        rdCIPLabeler.AssignCIPLabels(molecule, maxRecursiveIterations=CIP_COMPARISONS)
    except (RuntimeError, ValueError):
        return None
    atoms = {str(a.GetIdx()): a.GetProp("_CIPCode") for a in molecule.GetAtoms() if a.HasProp("_CIPCode")}
    bonds = {}
    for bond in molecule.GetBonds():
        if bond.HasProp("_CIPCode"):
            low, high = sorted((bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()))
            bonds[f"{low}-{high}"] = bond.GetProp("_CIPCode")
    return {"atoms": atoms, "bonds": bonds}


def hold_against_rdkit(task):
    """Disagreements of one molecule as (check, ours, RDKit's); None when RDKit refuses it."""
    smiles, row = task
    RDLogger.DisableLog("rdApp.*")
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None or "error" in row:
        return molecule is None, "error" in row, []
    expected = {
        "hydrogens": [atom.GetTotalNumHs() for atom in molecule.GetAtoms()],
        "aromatic_atoms": [a.GetIdx() for a in molecule.GetAtoms() if a.GetIsAromatic()],
        "formula": rdMolDescriptors.CalcMolFormula(molecule),
        "stereocentres": len(Chem.FindMolChiralCenters(molecule, includeUnassigned=True)),
    }
    # On a copy: GetSSSR replaces the ring information that later calls use.
    expected["rings"] = len(Chem.GetSSSR(Chem.Mol(molecule)))
    found = [
        (name, row[name], expected[name]) for name in EXACT if row[name] != expected[name]
    ]
    ours = Chem.MolFromSmiles(row["canonical"])
    if ours is None:
        found.append(("canonical", row["canonical"], "RDKit cannot read it"))
    else:
        left, right = Chem.MolToInchiKey(ours), Chem.MolToInchiKey(molecule)
        if left != right:
            found.append(("canonical", row["canonical"], Chem.MolToSmiles(molecule)))
    for name, (tolerance, oracle) in NUMBERS.items():
        value = oracle(molecule)
        if not abs(row["descriptors"][name] - value) <= tolerance:
            found.append((name, row["descriptors"][name], round(value, 5)))
    expected_scaffold = murcko(molecule)
    if expected_scaffold is None:
        found.append((UNREADABLE, row["scaffold"], ""))
    elif canonical(row["scaffold"]) != expected_scaffold:
        found.append(("scaffold", row["scaffold"], expected_scaffold))
    labels = cip_labels(molecule)
    if labels is not None and row["cip"] != labels:
        found.append(("cip", json.dumps(row["cip"]), json.dumps(labels)))
    return False, False, found


def compare(path, ligature, pool):
    smiles = read_smiles(path)
    work = REPORT / path.stem
    work.mkdir(parents=True, exist_ok=True)
    rows = run_ligature(ligature, smiles, work, describe=True)
    results = pool.map(hold_against_rdkit, zip(smiles, rows), chunksize=200)
    both = sum(not refused and not error for refused, error, _ in results)
    checks = EXACT + ["canonical"] + list(NUMBERS) + ["scaffold", UNREADABLE, "cip"]
    differing = dict.fromkeys(checks, 0)
    with open(REPORT / f"{path.stem}.tsv", "w") as report:
        for line, (text, row, result) in enumerate(zip(smiles, rows, results), start=1):
            refused, error, found = result
            if refused != error:
                found = [("accepted", row.get("error", "accepted"), "refused" if refused else "accepted")]
            for check, ours, theirs in found:
                if check in differing:
                    differing[check] += 1
                print(check, line, text, ours, theirs, sep="\t", file=report)
        differing |= fingerprints.compare(smiles, ligature, work, pool, report)
    return {
        "file": path.name,
        "molecules": len(smiles),
        "both accept": both,
        "only Ligature accepts": sum(r and not e for r, e, _ in results),
        "only RDKit accepts": sum(e and not r for r, e, _ in results),
        **differing,
    }


def spellings(text):
    """The same molecule with its atoms in random order, written in that order."""
    RDLogger.DisableLog("rdApp.*")
    molecule = Chem.MolFromSmiles(text)
    if molecule is None:
        return []
    source = random.Random(SEED)
    found = []
    for _ in range(SPELLINGS):
        order = list(range(molecule.GetNumAtoms()))
        source.shuffle(order)
        renumbered = Chem.RenumberAtoms(molecule, order)
        found.append(Chem.MolToSmiles(renumbered, canonical=False))
    return found


def check_renumbering(path, count, ligature, pool):
    smiles = read_smiles(path)
    random.Random(SEED).shuffle(smiles)
    groups = [group for group in pool.map(spellings, smiles[:count], chunksize=50) if group]
    work = REPORT / f"{path.stem}-renumbered"
    work.mkdir(parents=True, exist_ok=True)
    rows = run_ligature(ligature, [text for group in groups for text in group], work, False)
    stable = 0
    with open(REPORT / f"{path.stem}-renumbered.tsv", "w") as report:
        for index, group in enumerate(groups):
            written = {row.get("canonical") for row in rows[index * SPELLINGS :][:SPELLINGS]}
            stable += len(written) == 1 and None not in written
            if len(written) != 1:
                print(*group[:2], *sorted(map(str, written)), sep="\t", file=report)
    print(f"\n{path.name}: {SPELLINGS} random atom orders each: {stable} of {len(groups)} molecules")
    print("have one canonical SMILES")
    return stable == len(groups)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--ligature", required=True)
    arguments.add_argument("--renumber", type=int, default=0, metavar="N")
    arguments.add_argument("files", nargs="+", type=Path)
    options = arguments.parse_args()
    REPORT.mkdir(parents=True, exist_ok=True)
    RDLogger.DisableLog("rdApp.*")
    with multiprocessing.Pool() as pool:
        tables = [compare(path, options.ligature, pool) for path in options.files]
        print(f"Molecules that differ, RDKit {rdBase.rdkitVersion}\n")
        print("| check | " + " | ".join(table["file"] for table in tables) + " |")
        print("| --- |" + " ---: |" * len(tables))
        passed = True
        for check in list(tables[0])[1:]:
            cells = []
            for table in tables:
                share = 1 - table[check] / max(1, table["both accept"])
                is_count = check in COUNTS or check.startswith("only")
                cells.append(str(table[check]) if is_count else f"{table[check]} ({100 * share:.2f} %)")
                passed = passed and (is_count or share >= REQUIRED)
            print(f"| {check} | " + " | ".join(cells) + " |")
        if options.renumber:
            for path in options.files:
                passed = check_renumbering(path, options.renumber, options.ligature, pool) and passed
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
