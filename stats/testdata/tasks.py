"""Golden figures of odd-one-out rows, votes and matrices, by NumPy and SciPy alone.

    python3 stats/testdata/tasks.py    writes tasks.json beside it
"""
import itertools, json, os
import numpy as np
from scipy import optimize, stats

rng = np.random.default_rng(18)


def rdm(similarity, shown):
    return [[similarity[a, b], similarity[a, c], similarity[b, c]] for a, b, c in shown]


def odd_case(pictures, rows, people, tie):
    """Rows of three pictures, the odd one last, some triplets judged by several."""
    base = [tuple(rng.choice(pictures, 3, replace=False)) for _ in range(rows)]
    features = rng.normal(size=(pictures, 4))
    category = [f"c{i % 3}" for i in range(pictures)]
    truth = features + np.eye(3)[[i % 3 for i in range(pictures)]] @ rng.normal(size=(3, 4))
    shown, rater = [], []
    for i, t in enumerate(base):
        for person in range(people if i % 3 == 0 else 1):
            s = np.array([truth[t[1]] @ truth[t[2]], truth[t[0]] @ truth[t[2]], truth[t[0]] @ truth[t[1]]])
            p = np.exp(s - s.max())
            odd = rng.choice(3, p=p / p.sum())
            rest = [t[k] for k in range(3) if k != odd]
            shown.append([int(x) for x in rng.permutation(rest)] + [int(t[odd])])
            rater.append(int((i * 5 + person * 7 + rng.integers(2)) % 11))
    similarity = features @ features.T
    if tie:
        similarity = np.round(similarity)
    return shown, rater, category, similarity


def odd_golden(shown, rater, category, similarity):
    s = np.array(rdm(similarity, shown))
    left = s[:, ::-1]  # column k speaks for leaving over picture k
    best = left == left.max(1, keepdims=True)
    credit = best[:, 2] / best.sum(1)
    out = {"accuracy": credit.mean(), "tied": int((best.sum(1) > 1).sum())}
    groups = {}
    for i, row in enumerate(shown):
        groups.setdefault(tuple(sorted(row)), []).append(i)
    groups = [g for g in groups.values() if len(g) > 1]
    majority, guess, loo, repeated, alone = [], [], [], [], 0
    for g in groups:
        odd = np.array([shown[i][2] for i in g])
        majority.append(max(np.mean(odd == o) for o in odd))
        counts = np.array(list(itertools.product(range(len(g) + 1), repeat=2)))
        counts = counts[counts.sum(1) <= len(g)]
        counts = np.c_[counts, len(g) - counts.sum(1)]
        guess.append((stats.multinomial.pmf(counts, len(g), [1 / 3] * 3) * counts.max(1)).sum() / len(g))
        repeated.append(credit[g].mean())
        hits = []
        for i in g:
            others = [shown[j][2] for j in g if rater[j] != rater[i]]
            if not others:
                alone += 1
                continue
            tally = {o: others.count(o) for o in others}
            top = [o for o in tally if tally[o] == max(tally.values())]
            hits.append((shown[i][2] in top) / len(top))
        if hits:
            loo.append(np.mean(hits))
    out |= {"triplets": len(groups), "majority": np.mean(majority), "guessed": np.mean(guess), "leave_out": np.mean(loo),
            "alone": alone, "repeated": np.mean(repeated),
            "normalised": (np.mean(repeated) - 1 / 3) / (np.mean(majority) - 1 / 3)}
    nll = lambda b: -np.mean(b * left[:, 2] - np.log(np.exp(b * left).sum(1)))
    fit = optimize.minimize_scalar(nll, bounds=(1e-6, 50), method="bounded", options={"xatol": 1e-12})
    p = np.exp(fit.x * left)
    p /= p.sum(1, keepdims=True)
    hit = np.zeros_like(p)
    hit[:, 2] = 1
    bins = np.minimum(9, (p * 10).astype(int))
    ece = sum(abs(p[bins == b].sum() - hit[bins == b].sum()) for b in range(10)) / p.size
    out |= {"temperature": 1 / fit.x, "log_likelihood": -fit.fun, "ece": ece}
    c = np.array([[category[k] for k in row] for row in shown])
    out["by_category"] = {k: credit[c[:, 2] == k].mean() for k in sorted(set(category))}
    out["apart"] = credit[(c[:, 0] == c[:, 1]) & (c[:, 1] != c[:, 2])].mean()
    out["confusion_c0_c1"] = sum((best[i] / best[i].sum())[k] for i in range(len(shown)) for k in range(3) if c[i, 2] == "c0" and c[i, k] == "c1")
    return out


def votes_case(pictures, rows):
    features = rng.normal(size=(pictures, 3))
    similarity = np.round(features @ features.T, 0)
    shown, votes = [], []
    for i in range(rows):
        t, l, r = (int(x) for x in rng.choice(pictures, 3, replace=False))
        n = int(rng.integers(1, 8))
        k = int(rng.binomial(n, 1 / (1 + np.exp(-.7 * (similarity[t, l] - similarity[t, r])))))
        shown.append([t, l, r])
        votes.append([k, n - k])
    return shown, votes, similarity


def votes_golden(shown, votes, similarity):
    v = np.array(votes, float)
    n = v.sum(1)
    m = np.array([similarity[t, l] - similarity[t, r] for t, l, r in shown])
    left = np.where(m > 0, 1, np.where(m < 0, 0, .5))
    share = v[:, 0] / n
    decided = v[:, 0] != v[:, 1]
    right = np.where(v[:, 0] > v[:, 1], left, 1 - left)
    several = n > 1
    half = lambda own, other: np.where(own - 1 > other, 1, np.where(own - 1 < other, 0, .5)) * own
    loo = (half(v[:, 0], v[:, 1]) + half(v[:, 1], v[:, 0])) / n
    guess = [sum(stats.binom.pmf(k, int(x), .5) * max(k, x - k) / x for k in range(int(x) + 1)) for x in n]
    ll = lambda b: -np.sum(v[:, 0] * np.log(1 / (1 + np.exp(-b * m))) + v[:, 1] * np.log(1 / (1 + np.exp(b * m)))) / n.sum()
    fit = optimize.minimize_scalar(ll, bounds=(1e-6, 50), method="bounded", options={"xatol": 1e-12})
    best = np.sum(stats.entropy(v, axis=1) * -n) / n.sum()
    return {"score": np.mean(left * share + (1 - left) * (1 - share)), "tied": int((m == 0).sum()),
            "majority_accuracy": right[decided].mean(), "majority": np.mean(v.max(1) / n), "guessed": np.mean(guess),
            "leave_out": loo[several].mean(), "temperature": 1 / fit.x, "log_likelihood": -fit.fun, "best": best}


def whitened(a, b, n):
    """v1' V^-1 v2 with the covariance of distances of n independent patterns, written out."""
    pairs = list(itertools.combinations(range(n), 2))
    c = np.zeros((len(pairs), n))
    for k, (i, j) in enumerate(pairs):
        c[k, i], c[k, j] = 1, -1
    v = np.linalg.inv((c @ c.T) ** 2)
    return (a @ v @ b) / np.sqrt((a @ v @ a) * (b @ v @ b))


def tau_a(a, b):
    i, j = np.triu_indices(len(a), 1)
    return np.mean(np.sign(a[i] - a[j]) * np.sign(b[i] - b[j]))


def rho_a(a, b):
    """The mean of Spearman's correlation over random orders of ties has this closed form (Schuett et al. 2023)."""
    x, y, n = stats.rankdata(a), stats.rankdata(b), len(a)
    return 12 * np.sum((x - x.mean()) * (y - y.mean())) / (n ** 3 - n)


def matrices_case(n, people):
    truth = rng.normal(size=(n, 3))
    distance = lambda x: np.array([np.sum((x[i] - x[j]) ** 2) for i, j in itertools.combinations(range(n), 2)])
    values = [np.round(distance(truth + rng.normal(size=truth.shape) * .6), 1) for _ in range(people)]
    models = [distance(truth + rng.normal(size=truth.shape)), distance(rng.normal(size=truth.shape))]
    measures = {"spearman": lambda a, b: stats.spearmanr(a, b)[0], "kendall_tau_a": tau_a, "rho_a": rho_a,
                "cosine": lambda a, b: a @ b / np.sqrt((a @ a) * (b @ b)), "whitened_cosine": lambda a, b: whitened(a, b, n),
                "whitened_correlation": lambda a, b: whitened(a - a.mean(), b - b.mean(), n)}

    def scaled(name, v):
        if name == "cosine":
            return v / np.sqrt(np.mean(v ** 2))
        if name.startswith("whitened"):  # to length 1 under V^-1
            if name == "whitened_correlation":
                v = v - v.mean()
            c = np.zeros((len(v), n))
            for k, (i, j) in enumerate(itertools.combinations(range(n), 2)):
                c[k, i], c[k, j] = 1, -1
            return v / np.sqrt(v @ np.linalg.inv((c @ c.T) ** 2) @ v)
        return stats.rankdata(v)
    want = {"figures": [], "lower": {}, "upper": {}}
    for m in models:
        want["figures"].append({k: np.mean([f(m, v) for v in values]) for k, f in measures.items()})
    for k, f in measures.items():
        s = [scaled(k, v) for v in values]
        want["upper"][k] = np.mean([f(v, np.mean(s, 0)) for v in values])
        want["lower"][k] = np.mean([f(v, np.mean(s[:p] + s[p + 1:], 0)) for p, v in enumerate(values)])
    return {"pictures": n, "values": [list(v) for v in values], "models": [list(m) for m in models], "want": want}


def main():
    cases = {"odd": [], "votes": []}
    for tie in (False, True):
        shown, rater, category, similarity = odd_case(14, 150, 9, tie)
        cases["odd"].append({"shown": shown, "rater": rater, "category": category, "similarity": similarity.tolist(),
                             "want": odd_golden(shown, rater, category, similarity)})
    shown, votes, similarity = votes_case(40, 120)
    cases["votes"].append({"shown": shown, "votes": votes, "similarity": similarity.tolist(), "want": votes_golden(shown, votes, similarity)})
    cases["matrices"] = [matrices_case(9, 5)]
    cases["tails"] = []
    for x, n, null in ((10, 20, 1 / 3), (3, 20, 1 / 3), (0, 15, 1 / 3), (15, 15, 1 / 3), (40, 100, 1 / 3), (50, 80, .5)):
        b = stats.binom(n, null)
        cases["tails"].append({"x": x, "n": n, "null": null, "p": min(1, 2 * min(b.cdf(x), b.sf(x - 1)))})
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "tasks.json"), "w") as f:
        json.dump(cases, f, default=float)


if __name__ == "__main__":
    main()
