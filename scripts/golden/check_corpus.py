#!/usr/bin/env python3
"""Check the tables of data/ with RDKit.

Usage: python3 scripts/golden/check_corpus.py [data folder]

A row fails when its SMILES does not parse, its formula is not the one counted from the SMILES,
its id, name, text or InChIKey repeats, or its text is not two to four sentences. Tetrahedral
carbons left open are warnings unless the name is listed in MIXTURES or BRIDGED. Exits 1 on any
failure.
"""

import re
import sys
from collections import Counter
from pathlib import Path

from rdkit import Chem, RDLogger, rdBase

COMPOUND_HEADER = ["id", "name", "smiles", "formula", "text"]
QUERY_HEADER = ["query", "expected"]
DEV_HEADER = ["id", "text"]
MINIMUM_ROWS = 500

# Used as racemates or as mixtures of diastereomers or anomers, so open centres are meant.
MIXTURES = frozenset(
    """
    acebutolol amlodipine argatroban atenolol atropine baclofen betaxolol
    bicalutamide bisoprolol budesonide bupivacaine bupropion carvedilol cetirizine
    chloroquine chlorphenamine chlortalidone citalopram D-fructose D-galactose
    D-glucose D-ribose donepezil doxazosin esmolol ethosuximide felodipine
    fexofenadine flecainide fluoxetine guaifenesin hydroxychloroquine hydroxyzine
    ibuprofen indapamide ipratropium isoflurane ketamine ketoconazole ketorolac
    labetalol lactose lenalidomide linalool lorazepam mefloquine methadone
    methylphenidate metoprolol mexiletine mirtazapine misoprostol nadolol nebivolol
    nimodipine ondansetron oxybutynin pindolol pioglitazone prasugrel praziquantel
    primaquine promethazine propafenone propranolol ranolazine rosiglitazone
    salbutamol salmeterol sotalol terbutaline tetrabenazine thalidomide thiopental
    venlafaxine verapamil vigabatrin warfarin
    """.split()
)

# Cages and bridges leave no choice at the centres that RDKit counts as open.
BRIDGED = frozenset("adapalene amantadine memantine solifenacin varenicline vildagliptin".split())


def read_table(path, header, failures):
    """Rows as (line number, fields); a row with a wrong field count is a failure."""
    text = path.read_bytes().decode("utf-8")
    if "\r" in text:
        failures.append(f"{path.name}: carriage return found, expected LF line ends")
    if not text.endswith("\n"):
        failures.append(f"{path.name}: no newline at the end")
    lines = text.removesuffix("\n").split("\n")
    if lines[0].split("\t") != header:
        failures.append(f"{path.name}:1: header {lines[0]!r}, expected {header}")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        fields = line.split("\t")
        if len(fields) != len(header):
            failures.append(
                f"{path.name}:{number}: {len(fields)} fields, expected {len(header)}"
            )
        elif any(field != field.strip() or not field for field in fields):
            failures.append(f"{path.name}:{number}: empty field or outer spaces")
        else:
            rows.append((number, fields))
    return rows


def count_sentences(text):
    """Sentence ends: a full stop, question or exclamation mark before a space or the end."""
    return len(re.findall(r"[.!?](?=\s|$)", text))


def hill_formula(molecule):
    """Molecular formula in Hill order: C, H, then the rest by letter; all by letter without C."""
    counts = Counter()
    for atom in molecule.GetAtoms():
        counts[atom.GetSymbol()] += 1
        counts["H"] += atom.GetTotalNumHs()
    counts = +counts
    first = ["C", "H"] if "C" in counts else []
    order = [symbol for symbol in first if symbol in counts]
    order += sorted(symbol for symbol in counts if symbol not in first)
    formula = "".join(f"{s}{counts[s] if counts[s] > 1 else ''}" for s in order)
    charge = Chem.GetFormalCharge(molecule)
    if charge:
        size = abs(charge) if abs(charge) > 1 else ""
        formula += f"{'+' if charge > 0 else '-'}{size}"
    return formula


def open_centres(molecule):
    """Number of tetrahedral centres that could be set in the SMILES and are not."""
    return sum(
        1
        for element in Chem.FindPotentialStereo(molecule)
        if element.type == Chem.StereoType.Atom_Tetrahedral
        and element.specified == Chem.StereoSpecified.Unspecified
        and molecule.GetAtomWithIdx(element.centeredOn).GetSymbol() == "C"
    )


def check_compounds(rows, failures, warnings):
    seen = {"id": {}, "name": {}, "InChIKey": {}, "text": {}}

    def claim(kind, value, place):
        if value in seen[kind]:
            failures.append(f"{place}: {kind} {value!r} already used at {seen[kind][value]}")
        else:
            seen[kind][value] = place

    for number, (identifier, name, smiles, formula, text) in rows:
        place = f"line {number} ({name})"
        if not re.fullmatch(r"LIG\d{4}", identifier):
            failures.append(f"{place}: id {identifier!r}, expected LIG and four digits")
        claim("id", identifier, place)
        claim("name", name.lower(), place)
        claim("text", text, place)
        sentences = count_sentences(text)
        if not 2 <= sentences <= 4:
            failures.append(f"{place}: {sentences} sentences, expected 2 to 4")
        if text[-1] != ".":
            failures.append(f"{place}: text ends in {text[-1]!r}, expected a full stop")
        if "  " in text:
            failures.append(f"{place}: double space in text")
        molecule = Chem.MolFromSmiles(smiles)
        if molecule is None:
            failures.append(f"{place}: SMILES does not parse: {smiles}")
            continue
        counted = hill_formula(molecule)
        if counted != formula:
            failures.append(f"{place}: SMILES counts {counted}, column says {formula}")
        key = Chem.MolToInchiKey(molecule)
        if key:
            claim("InChIKey", key, place)
        else:
            failures.append(f"{place}: no InChIKey for {smiles}")
        unset = open_centres(molecule)
        if unset and name not in MIXTURES | BRIDGED:
            warnings.append(f"{place}: {unset} tetrahedral centres not set")
        if not unset and name in MIXTURES:
            warnings.append(f"{place}: listed as a mixture, but no centre is open")
    for name in sorted(MIXTURES | BRIDGED):
        if name.lower() not in seen["name"]:
            warnings.append(f"{name!r} is excused in the script, but not in the table")


def check_queries(rows, identifiers, failures):
    for number, (query, expected) in rows:
        place = f"queries.tsv:{number}"
        answers = expected.split(",")
        for answer in answers:
            if answer not in identifiers:
                failures.append(f"{place}: unknown id {answer!r}")
        for answer, times in Counter(answers).items():
            if times > 1:
                failures.append(f"{place}: id {answer} listed {times} times")
    for query, times in Counter(fields[0] for _, fields in rows).items():
        if times > 1:
            failures.append(f"queries.tsv: query {query!r} listed {times} times")


def check_dev(rows, identifiers, failures):
    for number, (identifier, text) in rows:
        place = f"demo/dev.tsv:{number}"
        if identifier not in identifiers:
            failures.append(f"{place}: unknown id {identifier!r}")
        if not text.strip():
            failures.append(f"{place}: no text")


def main():
    default = Path(__file__).resolve().parents[2] / "data"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    RDLogger.DisableLog("rdApp.*")
    failures, warnings = [], []
    compounds = read_table(folder / "compounds.tsv", COMPOUND_HEADER, failures)
    queries = read_table(folder / "queries.tsv", QUERY_HEADER, failures)
    dev = read_table(folder / "demo" / "dev.tsv", DEV_HEADER, failures)
    if len(compounds) < MINIMUM_ROWS:
        failures.append(f"{len(compounds)} compounds, expected at least {MINIMUM_ROWS}")
    check_compounds(compounds, failures, warnings)
    identifiers = {fields[0] for _, fields in compounds}
    check_queries(queries, identifiers, failures)
    check_dev(dev, identifiers, failures)
    for line in warnings:
        print("warning:", line)
    for line in failures:
        print("FAIL:", line)
    print(
        f"RDKit {rdBase.rdkitVersion}: {len(compounds)} compounds, {len(queries)} queries, "
        f"{len(warnings)} warnings, {len(failures)} failures"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
