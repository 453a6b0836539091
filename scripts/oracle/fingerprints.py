"""Fingerprints of `ligature mol --ndjson --fingerprints` beside those of RDKit.

Identifiers and counts, bits, keys and similarities have to be equal to the last one.
"""

import json
import subprocess
from itertools import zip_longest

from rdkit import Chem, DataStructs, RDLogger
from rdkit.Chem import rdFingerprintGenerator as generators
from rdkit.Chem import rdMolDescriptors

# Similarities are measured to this molecule and, from the bits, to the one before.
REFERENCE = "CC(=O)Oc1ccccc1C(=O)O"

MORGAN = generators.GetMorganGenerator(radius=2, fpSize=2048)
SPARSE = {
    "morgan": MORGAN,
    # Unbranched paths, one identifier each.
    "paths": generators.GetRDKitFPGenerator(branchedPaths=False, numBitsPerFeature=1, maxPath=7),
    "atom_pairs": generators.GetAtomPairGenerator(countSimulation=False),
    "torsions": generators.GetTopologicalTorsionGenerator(countSimulation=False),
}
REFERENCE_BITS = MORGAN.GetFingerprint(Chem.MolFromSmiles(REFERENCE))
CHECKS = [*SPARSE, "morgan2048", "maccs", "tanimoto", "dice", "tanimoto to the line before"]


def hold(task):
    """Disagreements of one molecule, and the Tanimoto similarity of its bits to those before."""
    smiles, previous, line, line_before = task
    RDLogger.DisableLog("rdApp.*")
    molecule = Chem.MolFromSmiles(smiles)
    row = json.loads(line)
    if molecule is None or "error" in row:
        return []
    ours = row["fingerprints"]
    found = []
    for name, generator in SPARSE.items():
        counts = generator.GetSparseCountFingerprint(molecule).GetNonzeroElements()
        if {int(key): count for key, count in ours[name].items()} != counts:
            found.append((name, len(ours[name]), len(counts)))
    bits = MORGAN.GetFingerprint(molecule)
    text = DataStructs.BitVectToFPSText(bits)
    if ours["morgan2048"] != text:
        found.append(("morgan2048", ours["morgan2048"], text))
    keys = list(rdMolDescriptors.GetMACCSKeysFingerprint(molecule).GetOnBits())
    if ours["maccs"] != keys:
        more, less = set(ours["maccs"]) - set(keys), set(keys) - set(ours["maccs"])
        found.append(("maccs", f"more {sorted(more)}", f"less {sorted(less)}"))
    for name, measure in (
        ("tanimoto", DataStructs.TanimotoSimilarity), ("dice", DataStructs.DiceSimilarity)
    ):
        value = measure(bits, REFERENCE_BITS)
        if abs(row["similarity"][name] - value) > 1e-12:
            found.append((name, row["similarity"][name], value))
    before = Chem.MolFromSmiles(previous) if previous else None
    other = json.loads(line_before) if line_before else {"error": ""}
    if before is not None and "error" not in other:
        value = DataStructs.TanimotoSimilarity(bits, MORGAN.GetFingerprint(before))
        mine = tanimoto(ours["morgan2048"], other["fingerprints"]["morgan2048"])
        if abs(mine - value) > 1e-12:
            found.append(("tanimoto to the line before", mine, value))
    return found


def tanimoto(left, right):
    left, right = int(left, 16), int(right, 16)
    return (left & right).bit_count() / max(1, (left | right).bit_count())


def tasks(smiles, lines):
    """Each SMILES and its line of output, with those before."""
    previous = ("", "")
    for text, line in zip_longest(smiles, lines):
        yield text, previous[0], line, previous[1]
        previous = (text, line)


def compare(smiles, ligature, work, pool, report):
    """The number of molecules that differ in each check; writes each disagreement to `report`."""
    source, target = work / "fingerprints.smi", work / "fingerprints.ndjson"
    source.write_text("".join(f"{text}\n" for text in smiles))
    command = [ligature, "mol", "--input", source, "--output", target, "--ndjson"]
    subprocess.run(command + ["--fingerprints", "--similar-to", REFERENCE], check=True)
    differing = dict.fromkeys(CHECKS, 0)
    with open(target) as lines:
        results = pool.imap(hold, tasks(smiles, lines), chunksize=50)
        for number, (text, found) in enumerate(zip(smiles, results), start=1):
            for check, ours, theirs in found:
                differing[check] += 1
                print(check, number, text, ours, theirs, sep="\t", file=report)
    target.unlink()
    return differing
