"""Makes kappa.csv: two raters' verdicts and scikit-learn's Cohen's kappa in the last row."""

import random

from sklearn.metrics import cohen_kappa_score

rng = random.Random(3)
names = ["same", "similar", "different", "label wrong", "unclear"]
a = [rng.choice(names) for _ in range(60)]
b = [v if rng.random() < 0.6 else rng.choice(names) for v in a]
with open("kappa.csv", "w") as out:
    out.write("a,b\n")
    out.writelines("%s,%s\n" % pair for pair in zip(a, b))
    out.write("kappa,%.12f\n" % cohen_kappa_score(a, b))
