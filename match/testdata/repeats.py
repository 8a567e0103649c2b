#!/usr/bin/python3
"""Crossvalidated squared distances of invented items, by NumPy from the definitions.

Walther et al. (2016), NeuroImage 137:188: for every two folds the difference vectors of
two items, their inner product, through the inverse covariance of the noise for the
crossnobis; the mean over pairs of folds, by dimension (rsatoolbox divides so, too).
Schäfer & Strimmer (2005), Stat. Appl. Genet. Mol. Biol. 4:32: the covariance shrunk to
its diagonal. Here the covariance of all dimensions is written out and inverted.
Reference for TestRepeatsOfNumPy.

    match/testdata/repeats.py > match/testdata/repeats.json
"""
import itertools
import json

import numpy as np


def shrunk(x):  # items x folds x dimensions
    items, folds, p = x.shape
    r = (x - x.mean(1, keepdims=True)).reshape(-1, p)
    n, dof = items * folds, items * folds - items
    s = r.T @ r / dof
    sd = np.sqrt(np.diag(s))
    z = r / sd
    correlation = s / np.outer(sd, sd)
    w = np.einsum("ik,il->ikl", z, z)
    variance = n / ((n - 1) * dof ** 2) * ((w - w.mean(0)) ** 2).sum(0)
    off = ~np.eye(p, dtype=bool)
    weight = min(1, max(0, variance[off].sum() / (correlation[off] ** 2).sum()))
    return weight, np.where(off, (1 - weight) * s, s)


def distances(x, precision):
    items, folds, p = x.shape
    out = []
    for i, j in itertools.combinations(range(items), 2):
        d = x[i] - x[j]
        out.append(np.mean([d[m] @ precision @ d[n] for m in range(folds) for n in range(folds) if m != n]) / p)
    return out


rng = np.random.default_rng(2016)
cases = []
for name, items, folds, p, noise in [("two folds", 5, 2, 3, .5), ("more dimensions than pictures", 6, 3, 40, 1.), ("much noise", 4, 4, 7, 5.), ("correlated noise", 12, 3, 6, 0)]:
    x = rng.normal(size=(items, 1, p)) + noise * rng.normal(size=(items, folds, p))
    if name == "correlated noise":
        x = x + rng.normal(size=(items, folds, 2)) @ rng.normal(size=(2, p)) + .1 * rng.normal(size=(items, folds, p))
    x = x.astype(np.float32).astype(float)
    weight, covariance = shrunk(x)
    cases.append({"name": name, "vectors": x.tolist(), "weight": weight,
                  "want": {"crossvalidated": distances(x, np.eye(p)), "crossnobis": distances(x, np.linalg.inv(covariance))}})
print(json.dumps(cases))
