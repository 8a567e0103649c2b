"""Writes reference.json: what scipy, statsmodels and scikit-learn say of random
and degenerate data, and what the definitions say counted one by one where no
package has the method (clustered AUC variance, sign flips).

Run with Python 3.11, scipy 1.10, statsmodels 0.13, scikit-learn 1.2.
"""
import itertools
import json
import math
import warnings

import numpy as np
import statsmodels.api as sm
from scipy import optimize, stats
from sklearn import metrics
from statsmodels.stats.contingency_tables import cochrans_q, mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20170903)


def plain(x):
    """JSON has no NaN: null. Integers stay integers."""
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple, np.ndarray)):
        return [plain(v) for v in x]
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, (int, np.integer)):
        return int(x)
    if isinstance(x, (float, np.floating)):
        if not math.isfinite(x):
            return None
        return int(x) if float(x).is_integer() and abs(x) < 1e15 else float(x)
    return x


def proportions():
    cases = [(0, 1), (1, 1), (0, 5), (5, 5), (184, 400), (155, 400), (0.5, 1), (183.5, 400), (1.5, 7), (49999.5, 100000)]
    cases += [(int(rng.integers(0, n + 1)), int(n)) for n in rng.integers(1, 500, 40)]
    for k, n in cases:
        for level in (0.95, 0.9):
            yield {"successes": k, "n": n, "level": level,
                   "wilson": proportion_confint(k, n, 1 - level, "wilson"),
                   "clopper_pearson": [0 if k == 0 else proportion_confint(k, n, 1 - level, "beta")[0],
                                       1 if k == n else proportion_confint(k, n, 1 - level, "beta")[1]]}


def binomials():
    cases = [(0, 1, .5), (1, 1, .5), (184, 400, .5), (155, 400, .5), (200, 400, .5), (0, 400, .5), (50123, 100000, .5), (3, 10, 0.), (10, 10, 1.), (2, 15, .3)]
    cases += [(int(rng.integers(0, n + 1)), int(n), p) for n, p in zip(rng.integers(1, 300, 40), [.5, .3, .02, .9] * 10)]
    for k, n, p in cases:
        yield {"successes": k, "n": n, "p": p, "two_sided": stats.binomtest(k, n, p).pvalue}


def detectable():
    for n in (6, 10, 25, 80, 400, 1000):
        reject = next((k for k in range(n // 2, n + 1) if stats.binomtest(k, n).pvalue <= .05), None)
        power = lambda p: stats.binom.sf(reject - 1, n, p) + stats.binom.cdf(n - reject, n, p) - .8
        yield {"n": n, "difference": optimize.brentq(power, .5, 1, xtol=1e-14) - .5}
    yield {"n": 5, "difference": None}


def scores(kind, n, m):
    if kind == "continuous":
        return rng.normal(.4, 1, n).round(4), rng.normal(0, 1, m).round(4)
    if kind == "tied":
        return rng.integers(1, 6, n).astype(float), rng.integers(0, 5, m).astype(float)
    if kind == "all tied":
        return np.ones(n), np.ones(m)
    return np.arange(n) + m + 1., np.arange(m) * 1.  # perfect


def clustered(pos, neg, pc, nc):
    """Obuchowski's variance and the jackknife over clusters, by definition."""
    wins = (pos[:, None] > neg) + .5 * (pos[:, None] == neg)
    auc, m, n = wins.mean(), len(pos), len(neg)
    v10, v01 = wins.mean(1), wins.mean(0)
    ids = sorted(set(pc) | set(nc))
    a = np.array([(v10[pc == c] - auc).sum() for c in ids])
    b = np.array([(v01[nc == c] - auc).sum() for c in ids])
    i10, i01, i = len(set(pc)), len(set(nc)), len(ids)
    with np.errstate(all="ignore"):
        s10 = np.float64(i10) / (i10 - 1) * (a ** 2).sum() / m
        s01 = np.float64(i01) / (i01 - 1) * (b ** 2).sum() / n
        s11 = np.float64(i) / (i - 1) * (a * b).sum()
        variance = s10 / m + s01 / n + 2 * s11 / (m * n)
        jack = [wins[np.ix_(pc != c, nc != c)].mean() for c in ids]
    return variance, jack


def aucs():
    for kind in ("continuous", "tied", "all tied", "perfect"):
        for n, m in [(1, 1), (1, 4), (5, 1)] + [tuple(rng.integers(2, 30, 2)) for _ in range(12)]:
            pos, neg = scores(kind, n, m)
            truth = np.r_[np.ones(n), np.zeros(m)]
            both = np.r_[pos, neg]
            k = int(rng.integers(1, max(2, (n + m) // 2)))
            cluster = np.r_[np.arange(k), rng.integers(0, k, n + m)][-(n + m):]
            cluster = np.unique(cluster, return_inverse=True)[1]
            variance, jack = clustered(pos, neg, cluster[:n], cluster[n:])
            fpr, tpr, threshold = metrics.roc_curve(truth, both, drop_intermediate=False)
            yield {"positive": pos, "negative": neg, "cluster": cluster,
                   "auc": metrics.roc_auc_score(truth, both),
                   "average_precision": metrics.average_precision_score(truth, both),
                   "fpr": fpr, "tpr": tpr, "threshold": threshold[1:],
                   "clustered_variance": variance, "jackknife": jack}


def correlations():
    for i in range(60):
        n = int(rng.integers(3, 40))
        x, y, z = rng.normal(size=(3, n)).round(3)
        y = (y + .5 * x).round(3)
        if i % 3 == 1:
            x, y, z = np.round(x), np.round(y), np.round(z)
        if i % 20 == 2:
            x = np.ones(n)
        if i % 20 == 7:
            y = x.copy()
        rank = [stats.rankdata(v) for v in (x, y, z)]
        X = np.c_[np.ones(n), rank[2]]
        rest = [r - X @ np.linalg.lstsq(X, r, rcond=None)[0] for r in rank[:2]]
        undefined = len(set(x)) == 1 or len(set(y)) == 1 or len(set(z)) == 1 or n < 4
        yield {"x": x, "y": y, "z": z, "pearson": stats.pearsonr(x, y)[0],
               "spearman": stats.spearmanr(x, y)[0], "kendall": stats.kendalltau(x, y)[0],
               "partial": None if undefined or i % 20 == 7 else np.corrcoef(*rest)[0, 1]}


def mcnemars():
    for b, c in [(0, 0), (1, 0), (0, 7), (5, 5), (60, 40), (20000, 20400)] + [tuple(int(v) for v in rng.integers(0, 60, 2)) for _ in range(24)]:
        exact = mcnemar([[10, b], [c, 10]], exact=True).pvalue if b + c else 1
        point = stats.binom.pmf(b, b + c, .5)
        mid = 1 if b + c == 0 else 1 - point / 2 if b == c else 2 * stats.binom.cdf(min(b, c), b + c, .5) - point
        yield {"b": b, "c": c, "exact": exact, "mid_p": mid}


def cochrans():
    for k in (2, 3, 5, 9):
        for n in (4, 20, 60):
            x = (rng.random((n, k)) < np.linspace(.4, .7, k)).astype(int)
            r = cochrans_q(x)
            yield {"outcome": x, "q": r.statistic, "p": r.pvalue}


def adjustments():
    for n in (1, 2, 5, 91):
        for p in (rng.random(n), rng.random(n) ** 4, np.full(n, .02), np.r_[0, rng.random(n)]):
            yield {"p": p, "holm": multipletests(p, method="holm")[1], "bh": multipletests(p, method="fdr_bh")[1]}


def flips():
    for n in (1, 2, 5, 9, 12):
        for high in (2, 3, 7):
            d = rng.integers(-high, high + 1, n)
            sums = [abs(np.dot(s, d)) for s in itertools.product((-1, 1), repeat=n)]
            yield {"differences": d, "p": np.mean(np.array(sums) >= abs(d.sum()))}
    yield {"differences": np.zeros(4, int), "p": 1}


def logistics():
    for i in range(20):
        n, models = int(rng.integers(40, 90)), 1 + i % 3
        cluster = np.unique(rng.integers(0, n // 2, n), return_inverse=True)[1]
        level = rng.integers(0, 2 + i % 2, n)
        y = np.clip(np.round(rng.normal(.5 + .1 * level + np.arange(models)[:, None] * .1, .5) * 2), 0, 2) / 2
        L = level.max()
        rows = []
        for m in range(models):
            for j in range(n):
                r = [1] + [float(m == a) for a in range(1, models)] + [float(level[j] == g) for g in range(1, L + 1)]
                rows.append(r + [float(m == a and level[j] == g) for a in range(1, models) for g in range(1, L + 1)])
        X, Y, C = np.array(rows), y.ravel(), np.tile(cluster, models)
        fit = sm.GLM(Y, X, family=sm.families.Binomial()).fit(cov_type="cluster", cov_kwds={"groups": C}, tol=1e-14, maxiter=200)
        linear = sm.OLS(Y, X).fit(cov_type="cluster", cov_kwds={"groups": C})
        first = models + L
        wald = None
        if first < X.shape[1]:
            wald = float(fit.wald_test(np.eye(X.shape[1])[first:], use_f=False, scalar=True).statistic)
        yield {"outcome": 2 * y, "level": level, "cluster": cluster, "coefficients": fit.params,
               "covariance_diagonal": np.diag(fit.cov_params()), "linear_diagonal": np.diag(linear.cov_params()), "wald": wald}


def ceilings():
    """Ceilings by definition (lower and upper: of people's ranks, as shares of the pairs that each
    judged; of people with at least 3 pairs): pair 2i is the related, 2i+1 the unrelated pair of
    triplet i; null where a rater did not judge a pair."""
    for i in range(20):
        triplets, raters = int(rng.integers(4, 12)), int(rng.integers(2, 8))
        truth = rng.normal(size=2 * triplets) + np.tile([1., 0.], triplets)
        x = np.round(truth + rng.normal(scale=.8, size=(raters, 2 * triplets)) + 3)
        if i % 3 == 1:
            x[rng.random(x.shape) < .15] = np.nan
        if i == 5:
            x[:] = 3  # constant ratings
        x = x[~np.isnan(x).all(1)][:, :]
        if np.isnan(x).all(0).any() or len(x) < 2:
            continue

        def rank(a, b):
            ok = ~(np.isnan(a) | np.isnan(b))
            return stats.spearmanr(a[ok], b[ok])[0] if ok.sum() > 2 else np.nan

        def halves(rows):
            a, b = np.nanmean(x[rows], 0), np.nanmean(np.delete(x, rows, 0), 0)
            ok = ~(np.isnan(a) | np.isnan(b))
            r = np.corrcoef(a[ok], b[ok])[0, 1]
            return 2 * r / (1 + r)

        n = len(x)
        rest = [np.nanmean(np.delete(x, r, 0), 0) for r in range(n)]
        shares = np.array([(stats.rankdata(v, nan_policy="omit") - .5) / np.sum(~np.isnan(v)) for v in x])
        pooled = lambda rows: np.round(np.nanmean(rows, 0), 12)
        bounds = np.array([[rank(x[r], pooled(np.delete(shares, r, 0))), rank(x[r], pooled(shares))] for r in range(n)])
        lower, upper = np.nanmean(bounds[~np.isnan(bounds).any(1)], 0) if not np.isnan(bounds).any(1).all() else (np.nan, np.nan)
        splits = [list(c) for c in itertools.combinations(range(n), n // 2) if n % 2 or 0 in c]
        wins = lambda m: np.where(np.isnan(m), np.nan, (m > 0) + .5 * (m == 0))
        margin = x[:, ::2] - x[:, 1::2]
        other = np.array([r[::2] - r[1::2] for r in rest])
        label = np.nanmean(wins(margin), 1)
        yield {"judgements": x, "lower": lower, "upper": upper,
               "split_half": np.nanmean([halves(s) for s in splits]), "splits": len(splits),
               "label": np.nanmean(label), "others": np.nanmean(np.nanmean(wins(margin * other), 1))}


out = {name: [plain(c) for c in make()] for name, make in {
    "proportions": proportions, "binomials": binomials, "detectable": detectable, "aucs": aucs,
    "correlations": correlations, "mcnemars": mcnemars, "cochrans": cochrans,
    "adjustments": adjustments, "flips": flips, "logistics": logistics, "ceilings": ceilings}.items()}
with open("reference.json", "w") as f:
    json.dump(out, f, separators=(",", ":"))
    f.write("\n")
print({k: len(v) for k, v in out.items()}, sum(len(v) for v in out.values()))
