"""Computes, with pandas, SciPy, scikit-learn and statsmodels, what the CSV files
of the figures must say of the choices in choices.csv, which it also makes.

    python3 figures.py     (Debian 12: python3-pandas -scipy -sklearn -statsmodels)
"""
import json
import numpy as np
import pandas as pd
from scipy import stats
from sklearn.metrics import roc_auc_score, roc_curve
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(20170912)
triplets = 60
rows = []
base = rng.normal(0.6, 0.1, triplets)
for model in ["alpha", "beta"]:
    related = np.round(base + rng.normal(0.02, 0.08, triplets), 2)  # rounding makes ties
    unrelated = np.round(base + rng.normal(0, 0.08, triplets), 2)
    for i in range(triplets):
        rows.append([model, f"t{i:02d}", ["taxonomic", "thematic"][i % 2], related[i], unrelated[i]])
choices = pd.DataFrame(rows, columns=["model", "triplet", "relation", "cosine_related", "cosine_unrelated"])
ratings = pd.DataFrame({
    "triplet": [f"t{i:02d}" for i in range(triplets)],
    "rating_related": np.round(rng.normal(5, 1, triplets), 1),
    "rating_unrelated": np.round(rng.normal(2.5, 1, triplets), 1),
})
choices = choices.merge(ratings, on="triplet", how="left")
choices = choices.sort_values(["model", "triplet"], kind="stable")
choices.to_csv("choices.csv", index=False, lineterminator="\n")

golden = {"models": {}, "cases": {}}
pooled = {}
for model, c in choices.groupby("model"):
    y = np.r_[np.ones(len(c)), np.zeros(len(c))]
    s = np.r_[c.cosine_related, c.cosine_unrelated]
    pooled[model] = s
    fpr, tpr, threshold = roc_curve(y, s, drop_intermediate=False)
    wrong = (c.cosine_unrelated > c.cosine_related).sum()
    ties = (c.cosine_unrelated == c.cosine_related).sum()
    # The triplets share no pictures: Clopper and Pearson at as many whole outcomes as vary as much as these with ties.
    missed = (c.cosine_unrelated > c.cosine_related) + (c.cosine_unrelated == c.cosine_related) / 2
    units = missed.mean() * (1 - missed.mean()) / (missed.var(ddof=0) / len(c))
    low, high = proportion_confint(missed.mean() * units, units, method="beta")
    golden["models"][model] = {
        "fpr": fpr.tolist(), "tpr": tpr.tolist(), "threshold": threshold[1:].tolist(),
        "auc": roc_auc_score(y, s),
        "matching_error": [float((wrong + ties / 2) / len(c)), low, high],
    }
golden["pearson"] = stats.pearsonr(pooled["alpha"], pooled["beta"])[0]
golden["spearman"] = stats.spearmanr(pooled["alpha"], pooled["beta"])[0]

best = choices[choices.model == "alpha"].copy()
best["margin"] = best.cosine_related - best.cosine_unrelated
best["outcome"] = np.where(best.cosine_related > best.cosine_unrelated, "right",
                           np.where(best.cosine_related < best.cosine_unrelated, "wrong", "tie"))
for name, outcome, ascending in [("figure-7-best", "right", False), ("figure-8-worst", "wrong", True),
                                 ("figure-9-good-luck", "right", True), ("figure-10-bad-luck", "wrong", False)]:
    chosen = best[best.outcome == outcome].sort_values("margin", ascending=ascending, kind="stable")
    golden["cases"][name] = {
        level or "all": chosen[chosen.relation.isin([level] if level else ["taxonomic", "thematic"])].triplet.head(5).tolist()
        for level in ["", "taxonomic", "thematic"]
    }
long = pd.concat([
    best.assign(pair=pair, rating=best[f"rating_{pair}"], cosine=best[f"cosine_{pair}"])[["triplet", "pair", "rating", "cosine", "outcome"]]
    for pair in ["related", "unrelated"]
]).sort_values(["triplet", "pair"])
golden["ratings"] = long.values.tolist()
golden["histograms"] = {}
for axis in ["rating", "cosine"]:
    values = long[axis]
    air = max(0.04 * (values.max() - values.min()), 1e-3)
    for pair in ["related", "unrelated"]:
        counts, _ = np.histogram(long[long.pair == pair][axis], bins=24, range=(values.min() - air, values.max() + air))
        golden["histograms"][f"{axis} {pair}"] = counts.tolist()
json.dump(golden, open("figures.json", "w"), indent=1)
open("figures.json", "a").write("\n")
