"""The vectors that Benchmarks/retrieval.py searches: real ones, and realistic perturbations of them.

Rows are the molecules of the pool, then perturbed molecules: a mixture of a molecule's vector (weight
0.5 to 1) and that of one of its ten nearest neighbours, plus noise of length 0.25 in a random
direction, normalised. It stands for the near relatives that a pool thirty times as large would hold.
Queries are the texts of the dev pairs, and 500 molecules perturbed in the same way that are not
among the rows.
"""

import json

import numpy

SEED = 20261125
NOISE = 0.25
NEIGHBOURS = 10
HELD_OUT = 500


def neighbours(pool):
    """The ten nearest other molecules of each; [count, 10]."""
    found = numpy.empty((len(pool), NEIGHBOURS), numpy.int32)
    for start in range(0, len(pool), 2048):
        scores = pool[start : start + 2048] @ pool.T
        scores[numpy.arange(len(scores)), numpy.arange(start, start + len(scores))] = -2
        found[start : start + 2048] = numpy.argpartition(-scores, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    return found


def perturbed(pool, near, count, random):
    item = random.integers(len(pool), size=count)
    other = near[item, random.integers(NEIGHBOURS, size=count)]
    weight = random.uniform(0.5, 1, size=(count, 1)).astype(numpy.float32)
    noise = random.standard_normal((count, pool.shape[1]), dtype=numpy.float32)
    noise *= NOISE / numpy.linalg.norm(noise, axis=1, keepdims=True)
    rows = weight * pool[item] + (1 - weight) * pool[other] + noise
    return rows / numpy.linalg.norm(rows, axis=1, keepdims=True)


def make(folder, rows):
    """Writes vectors.f32 and the two query files unless they are there and finished."""
    finished = folder / "vectors.json"
    wanted = {"rows": rows, "seed": SEED, "noise": NOISE, "neighbours": NEIGHBOURS}
    if finished.exists() and json.loads(finished.read_text()) == wanted:
        return
    finished.unlink(missing_ok=True)
    width = json.loads((folder / "pool.json").read_text())["dimension"]
    pool = numpy.fromfile(folder / "pool.f32", "<f4").reshape(-1, width)
    random = numpy.random.default_rng(SEED)
    near = neighbours(pool)
    with open(folder / "vectors.f32", "wb") as file:
        pool[:rows].tofile(file)
        left = rows - min(rows, len(pool))
        while left:
            part = perturbed(pool, near, min(left, 65536), random)
            part.astype("<f4").tofile(file)
            left -= len(part)
    perturbed(pool, near, HELD_OUT, random).astype("<f4").tofile(folder / "molecules.f32")
    finished.write_text(json.dumps(wanted))
