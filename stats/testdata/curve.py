"""Writes curve.json: a network's matching error over its depth, by relation, and the
first layer at which the simultaneous interval of the difference of two relations
excludes 0. Variances come from inference.py, by double sums and written-out matrices.

Run with Python 3.11, numpy 1.24, scipy 1.10, statsmodels 0.13, in this folder.
"""
import json
import math

import numpy as np

from inference import critical, crossed, effective, inference

rng = np.random.default_rng(18)
LEVEL = .95


def interval(triplets, wrong):
    """The error, and its interval at the effective number of triplets."""
    value, _, _, degrees, variance, units = inference(triplets, wrong, np.zeros(len(wrong), int))
    if not 0 < value < 1:
        return value, None  # exact intervals of empty cells are tested elsewhere
    return value, effective(value, variance, degrees, len(wrong), LEVEL)[0]


def curve(triplets, names, layers, relations, leaning):
    """A network that tells the first relation better, the deeper the layer."""
    n, number = len(triplets), {p: i for i, p in enumerate(dict.fromkeys(p for t in triplets for p in t))}
    effect = rng.normal(size=(2, len(number)))
    related, unrelated = [], []
    t, r, u = (np.array([number[x[k]] for x in triplets]) for k in range(3))
    for layer in range(layers):
        lean = np.array([leaning if x == names[0] else 0 for x in relations]) * layer / layers
        related.append(np.round(effect[0, r] * .4 + lean + rng.normal(size=n), 3))
        unrelated.append(np.round(effect[1, u] * .4 + rng.normal(size=n), 3))
    case = {"pictures": triplets, "relation": relations, "related": [x.tolist() for x in related], "unrelated": [x.tolist() for x in unrelated], "points": [], "partings": []}
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1:]]
    tests = layers * len(pairs)
    first, found = {}, {p: 0 for p in pairs}
    for layer in range(layers):
        wrong = (related[layer] < unrelated[layer]) + .5 * (related[layer] == unrelated[layer])
        value, ends = interval(triplets, wrong)
        point = {"value": value, "interval": ends, "by": [], "differences": []}
        for name in names:
            at = [i for i in range(n) if relations[i] == name]
            value, ends = interval([triplets[i] for i in at], wrong[at])
            point["by"].append({"value": value, "interval": ends})
        for reference, other in pairs:
            at = [i for i in range(n) if relations[i] in (reference, other)]
            group = np.array([int(relations[i] == other) for i in at])
            value, _, _, degrees, variance, _ = inference([triplets[i] for i in at], wrong[at], group)
            ends = {}
            for key, alpha in ("interval", 1 - LEVEL), ("simultaneous", (1 - LEVEL) / tests):
                half = critical(alpha, degrees) * math.sqrt(variance)
                ends[key] = [max(-1, value - half), min(1, value + half)]
            point["differences"].append({"value": value, **ends})
            if ends["simultaneous"][0] > 0 or ends["simultaneous"][1] < 0:
                first.setdefault((reference, other), layer)
                found[reference, other] += 1
        case["points"].append(point)
    for pair in pairs:
        case["partings"].append({"first": first.get(pair, -1), "layers": found[pair]})
    return case


def cases():
    triplets = crossed(130, 200)
    two = ["taxonomic" if i % 2 else "thematic" for i in range(len(triplets))]
    yield curve(triplets, ["taxonomic", "thematic"], 6, two, 2.6)
    yield curve(triplets, ["taxonomic", "thematic"], 4, two, 0)
    three = [["colour", "shape", "use"][i % 3] for i in range(len(triplets))]
    yield curve(triplets, ["colour", "shape", "use"], 5, three, 3)


json.dump({"curve": list(cases())}, open("curve.json", "w"), separators=(",", ":"))
