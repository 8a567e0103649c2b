#!/usr/bin/python3
"""Crossvalidated squared distances of invented items, by NumPy from the definitions.

Walther et al. (2016), NeuroImage 137:188: for every two folds the difference vectors of
two items, their inner product, through the inverse covariance of the noise for the
crossnobis; the mean over pairs of folds, by dimension (rsatoolbox divides so, too).
Ledoit & Wolf (2004), J. Multivar. Anal. 88:365: the covariance shrunk to a sphere, as
rsatoolbox's shrinkage_eye. Here the covariance of the items other than the two is written
out and inverted for each pair. Reference for TestRepeatsOfNumPy.

    match/testdata/repeats.py > match/testdata/repeats.json
"""
import itertools
import json

import numpy as np


def shrunk(x):  # items x folds x dimensions
    items, folds, p = x.shape
    r = (x - x.mean(1, keepdims=True)).reshape(-1, p)
    n, dof = items * folds, items * folds - items
    s = r.T @ r / n
    b2 = np.mean([np.sum((np.outer(v, v) - s) ** 2) for v in r]) / n
    m = np.trace(s) / p
    d2 = np.sum((s - m * np.eye(p)) ** 2)
    weight = min(b2, d2) / d2
    return (weight * m * np.eye(p) + (1 - weight) * s) * n / dof


def distances(x, precision):
    items, folds, p = x.shape
    out = []
    for i, j in itertools.combinations(range(items), 2):
        d, w = x[i] - x[j], precision(np.delete(x, [i, j], 0))
        out.append(np.mean([d[m] @ w @ d[n] for m in range(folds) for n in range(folds) if m != n]) / p)
    return out


rng = np.random.default_rng(2016)
cases = []
for name, items, folds, p, noise in [("two folds", 5, 2, 3, .5), ("more dimensions than pictures", 6, 3, 40, 1.), ("much noise", 4, 4, 7, 5.), ("correlated noise", 12, 3, 6, 0), ("a dimension of one item", 5, 2, 4, 1.)]:
    x = rng.normal(size=(items, 1, p)) + noise * rng.normal(size=(items, folds, p))
    if name == "correlated noise":
        x = x + rng.normal(size=(items, folds, 2)) @ rng.normal(size=(2, p)) + .1 * rng.normal(size=(items, folds, p))
    if name == "a dimension of one item":
        x[:, :, 0] = 0
        x[2, :, 0] = [3, 4]
    x = x.astype(np.float32).astype(float)
    cases.append({"name": name, "vectors": x.tolist(),
                  "want": {"crossvalidated": distances(x, lambda rest: np.eye(p)), "crossnobis": distances(x, lambda rest: np.linalg.inv(shrunk(rest)))}})
print(json.dumps(cases))
