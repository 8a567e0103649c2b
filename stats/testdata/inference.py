"""Writes inference.json: the variance of means and differences of triplets that
share pictures, by its definition: every pair of triplets is visited, every matrix
is written out. Where triplets fall into blocks, statsmodels' cluster-robust
variance is given beside it.

Run with Python 3.11, numpy 1.24, scipy 1.10, statsmodels 0.13.
"""
import json
import math

import numpy as np
import statsmodels.api as sm
from scipy import optimize, special, stats

rng = np.random.default_rng(1709)


def grid(pairs, each, pool, both=False):
    rows = []
    for i in range(pairs):
        for j in range(each):
            t, r = f"t{i}", f"r{i}"
            rows.append(((r, t) if both and j % 2 else (t, r)) + (f"u{(i * each + j) % pool}",))
    return rows


def crossed(n, pictures):
    return [tuple(f"p{x}" for x in rng.permutation(pictures)[:3]) for _ in range(n)]


def rows(k):
    out = []
    for i in range(k):
        out += [(f"a{i}", f"b{i}", f"c{i}"), (f"b{i}", f"a{i}", f"c{i}")]
    return out


DESIGNS = {
    "independent": [(f"t{i}", f"r{i}", f"u{i}") for i in range(40)],
    "pool of 5": grid(12, 10, 5), "pool of 10": grid(15, 4, 10), "both directions": grid(10, 8, 80, True),
    "both directions, pool": grid(10, 4, 10, True), "odd one out": rows(15),
    "eight clusters": grid(8, 6, 48), "crossed": crossed(60, 24), "sparse": crossed(70, 90),
    "role mixed": [(f"p{i}", f"p{i + 1}", f"p{(7 * i) % 31}") for i in range(30) if len({i, i + 1, (7 * i) % 31}) == 3],
}


def effects(triplets):
    """One matrix for each way in which pictures move outcomes together."""
    def matrix(levels):
        names = sorted({x for row in levels for x in row})
        if len(names) == sum(len(row) for row in levels):
            return None
        z = np.array([[float(name in row) for name in names] for row in levels])
        return z @ z.T
    two = lambda a, b: tuple(sorted((a, b)))
    ways = [[[two(t, r)] for t, r, u in triplets], [[t, r] for t, r, u in triplets],
            [[u] for t, r, u in triplets], [[two(t, u)] for t, r, u in triplets]]
    return [m for m in map(matrix, ways) if m is not None]


def critical(alpha, degrees):
    """Student's t exceeded on both sides; scipy's own t.isf is good to 1e-8 only."""
    x = special.betaincinv(degrees / 2, .5, alpha)
    return math.sqrt(degrees * (1 - x) / x)


def independent(matrices, m):
    kept = [np.eye(len(m))]
    gram = lambda a, b: np.sum((m @ a @ m) * b)
    for x in matrices:
        g = np.array([[gram(a, b) for b in kept] for a in kept])
        right = np.array([gram(a, x) for a in kept])
        if gram(x, x) - right @ np.linalg.solve(g, right) > 1e-6 * gram(x, x):
            kept.append(x)
    return kept


def moments(h, observed):
    places = list(range(len(observed)))
    while places:
        x = np.linalg.solve(h[np.ix_(places, places)], observed[places])
        scaled = x * np.sqrt(np.diag(h)[places])
        worst = int(np.argmin(scaled))
        if x[worst] >= 0:
            out = np.zeros(len(observed))
            out[places] = x
            return out
        places.pop(worst)
    return np.zeros(len(observed))


def inference(triplets, y, group):
    n = len(triplets)
    share = np.array([[float(bool(set(a) & set(b))) for b in triplets] for a in triplets])
    m, w, worth = np.eye(n), np.zeros(n), []
    for g in sorted(set(group)):
        at = (group == g).astype(float)
        m -= np.outer(at, at) / at.sum()
        w += at / at.sum() * (1 if g == max(group) else -1)
        worth.append(at.sum() ** 2 / (at @ share @ at))
    b = np.outer(w, w) * share
    e = m @ y
    raw = 0.0
    for i in range(n):
        for j in range(n):
            raw += b[i, j] * e[i] * e[j]
    components = independent(effects(triplets), m)
    core = m @ b @ m
    truth = np.array([w @ s @ w for s in components])
    seen = np.array([np.trace(core @ s) for s in components])
    h = np.array([[np.sum((m @ a @ m) * c) for c in components] for a in components])
    variation = np.array([[np.trace(core @ a @ core @ c) for c in components] for a in components])
    plain = seen[0] ** 2 / variation[0, 0]
    factor, degrees = truth[0] / seen[0], plain
    if len(effects(triplets)) > 0:
        tau = moments(h, np.array([e @ s @ e for s in components]))
        t, s, v = truth @ tau, seen @ tau, tau @ variation @ tau
        if t > 0 and s > 0 and v > 0:
            factor, degrees = max(1, t / s), 2 / (1 / plain + v / s ** 2)
    variance = factor * max(raw, np.sum((w * e) ** 2))
    return w @ y, raw, factor, degrees, variance, min(worth)


def effective(p, variance, degrees, n, level):
    def count(alpha):
        return p * (1 - p) / (variance * (n - 1) / n) * (critical(alpha, n - 1) / critical(alpha, degrees)) ** 2
    def at(alpha):
        k = count(alpha)
        x = min(p * k, k - p * k)
        return min(1, 2 * stats.beta.cdf(.5, k - x, x + 1))
    k, tail = count(1 - level), (1 - level) / 2
    x = p * k
    solved = optimize.brentq(lambda a: at(a) - a, 1e-12, 0.9, xtol=1e-15, rtol=1e-13) if at(.9) < .9 else at(.9)
    return [stats.beta.ppf(tail, x, k - x + 1), stats.beta.ppf(1 - tail, x + 1, k - x)], solved, k


def clustered(triplets, y, group):
    """statsmodels' variance where sharing is the same as belonging to a block."""
    n = len(triplets)
    share = np.array([[bool(set(a) & set(b)) for b in triplets] for a in triplets])
    label = np.array([int(np.argmax(row)) for row in share])
    if not np.array_equal(share, label[:, None] == label[None, :]):
        return None
    x = np.column_stack([np.ones(n)] + ([group] if group.any() else []))
    fit = sm.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": label, "use_correction": False})
    return fit.cov_params()[-1, -1]


def cases():
    for name, triplets in DESIGNS.items():
        n = len(triplets)
        number = {p: i for i, p in enumerate(dict.fromkeys(p for t in triplets for p in t))}
        effect = rng.normal(size=(2, len(number)))
        for two in (False, True):
            for kind in ("outcome", "score"):
                t, r, u = (np.array([number[x[k]] for x in triplets]) for k in range(3))
                y = effect[0, r] - effect[1, u] + rng.normal(size=n)
                if kind == "outcome":
                    y = (y < 0.4).astype(float)
                group = np.array([i % 2 for i in range(n)]) if two else np.zeros(n, int)
                value, raw, factor, degrees, variance, units = inference(triplets, y, group)
                p = 2 * stats.t.sf(abs(value) / math.sqrt(variance), degrees)
                half = critical(.05, degrees) * math.sqrt(variance)
                case = {"design": name, "pictures": [[number[x] for x in row] for row in triplets], "y": y.tolist(), "group": group.tolist(),
                        "value": value, "raw": raw, "factor": factor, "degrees": degrees, "variance": variance, "units": units,
                        "p": p, "interval": [value - half, value + half], "clustered": clustered(triplets, y, group)}
                if kind == "outcome" and not two and 0 < value < 1:
                    interval, solved, count = effective(value, variance, degrees, n, .95)
                    case["proportion"] = {"interval": interval, "p": solved, "units": count}
                yield case


if __name__ == "__main__":
    json.dump({"inference": list(cases())}, open("inference.json", "w"), separators=(",", ":"))
