#!/usr/bin/env python3
"""Run chemistry-benchmark and RDKit in turns on the same molecules and print the ratios.

Usage: python3 Benchmarks/chemistry.py PROGRAM FILE [ROUNDS]      (Benchmarks/chemistry.sh calls it)

RDKit works from Python: one call a molecule, whose overhead (under a microsecond) is small beside
the work. Both sides drop each molecule of the first stage at once, so that it measures reading and
not the machine's way to new memory; the other stages work on molecules held in memory. A stage takes
RDKit seconds; Ligature goes through the molecules eight times, so that its stages last as well.
"""

import datetime
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rdkit import Chem, RDLogger, rdBase
from rdkit.Chem import rdFingerprintGenerator

STAGES = {
    "parse": ("parse and full perception", 10),
    "morgan": ("Morgan radius 2, sparse counts", 8),
    "canonical": ("canonical SMILES", 8),
    "substructure": ("20 substructure patterns", 5),
}
PATTERNS = """
    c1ccccc1 C(=O)N C(=O)O [NX3;H2] [OX2H] c1ccncc1 S(=O)(=O)N C#N [F,Cl,Br,I] C=C [R2] C1CCCCC1
    c1ccc2ccccc2c1 [#6]-[#7]-[#6] n1ccnc1 C(F)(F)F [$([CX3]=[OX1])] N1CCNCC1 COC CCCCCC
""".split()


def read_smiles(path):
    lines = path.read_text().splitlines()
    if path.suffix != ".tsv":
        return [line.split()[0] for line in lines if line.strip()]
    column = lines[0].split("\t").index("smiles")
    return [line.split("\t")[column] for line in lines[1:]]


def timed(work, items):
    start = time.perf_counter()
    results = [work(item) for item in items]
    return results, len(items) / (time.perf_counter() - start)


def read_and_drop(text):
    Chem.MolFromSmiles(text)


def measure_rdkit(smiles):
    """Molecules per second of each stage, and how many molecules each pattern meets."""
    timed(read_and_drop, smiles[:1000])  # a start that does not count, as on our side
    _, parse = timed(read_and_drop, smiles)
    molecules = [Chem.MolFromSmiles(text) for text in smiles]
    molecules = [molecule for molecule in molecules if molecule is not None]
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2)
    _, morgan = timed(generator.GetSparseCountFingerprint, molecules)
    queries = [Chem.MolFromSmarts(pattern) for pattern in PATTERNS]

    def search(molecule):
        return [molecule.HasSubstructMatch(query) for query in queries]

    matches, substructure = timed(search, molecules)
    _, canonical = timed(Chem.MolToSmiles, molecules)
    rates = {
        "parse": parse,
        "morgan": morgan,
        "canonical": canonical,
        "substructure": substructure,
    }
    return rates, [sum(column) for column in zip(*matches)]


def measure_ligature(program, source, patterns, threads):
    command = [program, "--input", source, "--patterns", patterns, "--threads", str(threads)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = [line.split("\t") for line in output.splitlines()]
    rates = {name: float(rate) for name, rate in rows if name in STAGES}
    return rates, [int(count) for name, count in rows if name == "matches"]


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    program, path = sys.argv[1], Path(sys.argv[2])
    rounds = int(sys.argv[3]) if len(sys.argv) == 4 else 3
    RDLogger.DisableLog("rdApp.*")
    smiles = read_smiles(path)
    measured = {"rdkit": [], 1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        source, patterns = Path(folder) / "molecules.smi", Path(folder) / "patterns.txt"
        source.write_text("".join(f"{text}\n" for text in smiles))
        patterns.write_text("".join(f"{text}\n" for text in PATTERNS))
        for _ in range(rounds):
            for threads in (1, 2):
                rates, ours = measure_ligature(program, source, patterns, threads)
                measured[threads].append(rates)
            rates, theirs = measure_rdkit(smiles)
            measured["rdkit"].append(rates)
    print(f"{datetime.date.today()}, {processor()}, RDKit {rdBase.rdkitVersion}")
    print(f"{len(smiles)} molecules of {path.name}; molecules/s, median of {rounds} rounds\n")
    print("| stage | RDKit, 1 thread | Ligature, 1 thread | ratio | wanted | 2 threads | over 1 |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    passed = True
    for stage, (title, wanted) in STAGES.items():
        median = {
            who: statistics.median(rates[stage] for rates in rows) for who, rows in measured.items()
        }
        ratio, scaling = median[1] / median["rdkit"], median[2] / median[1]
        passed = passed and ratio >= wanted and scaling >= 1.8
        print(
            f"| {title} | {median['rdkit']:,.0f} | {median[1]:,.0f} | {ratio:.1f} | {wanted} | "
            f"{median[2]:,.0f} | {scaling:.2f} |"
        )
    differing = [
        f"{pattern}: {left} and {right}"
        for pattern, left, right in zip(PATTERNS, ours, theirs, strict=True)
        if left != right
    ]
    print(f"\nMolecules met by each pattern: {'; '.join(differing) or 'equal in both'}")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
