#!/usr/bin/env python3
"""Print the golden values of Tests/AlignmentTests/Drift/DriftStatisticsGoldenTests.swift.

Usage: python3 scripts/golden/drift.py      (needs numpy)

Straight from the definitions, with NumPy in double precision: the discrepancy by explicit sums, the
classifier by one fit in the primal for each fold.
"""

import numpy as np


def sample(count, dimension, phase, shift):
    i, j = np.meshgrid(np.arange(count), np.arange(dimension), indexing="ij")
    rows = np.sin(i * i * 0.37 + j * 1.9 + i * j * 0.11 + phase)
    rows[:, 0] += shift
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def mean_distance(x, y):
    a, b = x.mean(axis=0), y.mean(axis=0)
    return 1 - a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def kernel_mean_distance(x, y):
    def distances(a, b):
        return np.linalg.norm(a[:, None] - b[None, :], axis=2)

    sigma = np.median(distances(x, x)[np.triu_indices(len(x), 1)]) / 2

    def kernel(a, b):
        return np.exp(-(distances(a, b) ** 2) / (2 * sigma**2))

    def within(a):
        values = kernel(a, a)
        return (values.sum() - np.trace(values)) / (len(a) * (len(a) - 1))

    return max(0.0, 1 - kernel(x, y).mean() / np.sqrt(within(x) * within(y)))


def discrepancy(x, y):
    both = np.concatenate([x, y])
    distances = np.linalg.norm(both[:, None] - both[None, :], axis=2)
    sigma = np.median(distances[np.triu_indices(len(both), 1)])

    def kernel(a, b):
        return np.exp(-(np.linalg.norm(a - b) ** 2) / (2 * sigma**2))

    m, n = len(x), len(y)
    xx = sum(kernel(x[i], x[j]) for i in range(m) for j in range(m) if i != j)
    yy = sum(kernel(y[i], y[j]) for i in range(n) for j in range(n) if i != j)
    xy = sum(kernel(a, b) for a in x for b in y)
    return xx / (m * (m - 1)) + yy / (n * (n - 1)) - 2 * xy / (m * n)


def area(x, y, folds=10, share=0.01):
    count = min(len(x), len(y))
    rows = np.concatenate([x[:count], y[:count]])
    rows = rows - rows.mean(axis=0)
    labels = np.repeat([-1.0, 1.0], count)
    fold = np.arange(2 * count) % count % folds
    penalty = share * (rows**2).sum()
    areas = []
    for held_out in range(folds):
        inside, outside = fold != held_out, fold == held_out
        a, b = rows[inside], labels[inside]
        weights = np.linalg.solve(a.T @ a + penalty * np.eye(a.shape[1]), a.T @ b)
        scores = rows[outside] @ weights
        positive, negative = scores[labels[outside] > 0], scores[labels[outside] < 0]
        pairs = positive[:, None] - negative[None, :]
        areas.append((pairs > 0).mean() + 0.5 * (pairs == 0).mean())
    return np.mean(areas)


for shift in [0.0, 0.5, 2.0]:
    x, y = sample(40, 8, 0.0, 0.0), sample(30, 8, 0.7, shift)
    print(
        f"{shift}: {kernel_mean_distance(x, y):.6f}, {mean_distance(x, y):.6f}, "
        f"{discrepancy(x, y):.6f}, {area(x, y):.6f}")
