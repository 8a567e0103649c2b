"""Makes similarity.json: what SciPy and NumPy say of pairs of float32 vectors.

    /usr/bin/python3 match/testdata/similarity.py

Needs Debian's python3-scipy. A cosine of a zero vector, and a correlation of a
constant one, is 0 here as in scikit-learn's cosine_similarity; SciPy has NaN.
"""
import json
import pathlib

import numpy as np
from scipy import stats

random = np.random.default_rng(20261126)


def vectors():
    for dim in (1, 3, 63, 64, 65, 200):
        yield f"normal, {dim}", random.normal(size=dim), random.normal(size=dim)
    yield "features: at least 0, many zeros", np.maximum(random.normal(size=130), 0), np.maximum(random.normal(size=130), 0)
    yield "ties", random.integers(0, 4, size=130), random.integers(0, 4, size=130)
    yield "far from 0", 1e4 + random.normal(size=130), 1e4 + random.normal(size=130)
    a = random.normal(size=70)
    yield "equal", a, a
    yield "opposite", a, -a
    yield "constant", np.full(70, 2.5), a
    yield "zero", np.zeros(70), a


def measures(a, b):
    a64, b64 = a.astype(np.float64), b.astype(np.float64)
    lengths = np.linalg.norm(a64) * np.linalg.norm(b64)
    flat = np.ptp(a64) == 0 or np.ptp(b64) == 0
    return {
        "cosine": 0.0 if lengths == 0 else float(a64 @ b64 / lengths),
        "pearson": 0.0 if flat else float(stats.pearsonr(a64, b64)[0]),
        "spearman": 0.0 if flat else float(stats.spearmanr(a64, b64)[0]),
        "dot": float(a64 @ b64),
        "euclidean": -float(np.linalg.norm(a64 - b64)),
    }


cases = []
for name, a, b in vectors():
    a, b = np.asarray(a, np.float32), np.asarray(b, np.float32)
    cases.append({"name": name, "a": a.tolist(), "b": b.tolist(), "want": measures(a, b)})
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
