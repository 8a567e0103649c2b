#!/usr/bin/env python3
"""Computes the figures of the sets of derived_sets.py with NumPy and SciPy alone, beside akin's.

Usage: derived_check.py AKIN SET RUN MODEL NAME

SET is the folder of one set, RUN the record of a run on it, MODEL what --model was given, NAME its name in the
record. Exports the features of the set's pictures and prints accuracy, score or mean Spearman correlation over people,
and the same figure in the record. A set of triplets is needed to export: the script makes one of the same pictures.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
from scipy.stats import spearmanr

akin, folder, run, model, name = sys.argv[1:]
rows = lambda path: list(csv.DictReader(open(path, newline="")))
with tempfile.TemporaryDirectory() as made:
    paths = sorted("pictures/" + p for p in os.listdir(os.path.join(folder, "pictures")))
    os.makedirs(os.path.join(made, "set"))
    with open(os.path.join(made, "set", "set.toml"), "w") as f:
        f.write('name = "x"\n')
    with open(os.path.join(made, "set", "triplets.csv"), "w") as f:
        f.write("id,target,related,unrelated\n" + "".join(f"{i},{p},{paths[i - 1]},{paths[i - 2]}\n" for i, p in enumerate(paths)))
    subprocess.run(["cp", "-r", os.path.join(folder, "pictures"), os.path.join(made, "set")], check=True)
    out = os.path.join(made, "f.npy")
    subprocess.run([akin, "features", "export", os.path.join(made, "set"), "--model", model, "--out", out], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    x = np.load(out).astype(float)
    at = {r["path"]: i for i, r in enumerate(rows(out + ".csv"))}
x /= np.linalg.norm(x, axis=1, keepdims=True)
cosine = lambda a, b: x[at[a]] @ x[at[b]]
statistics = json.load(open(os.path.join(run, "statistics.json")))
of = lambda models: next(m for m in models if m["model"] == name)
if "odd_one_out" in statistics:
    ours = of(statistics["odd_one_out"]["models"])["accuracy"]
    got = [cosine(r["picture_1"], r["picture_2"]) > max(cosine(r["picture_1"], r["odd"]), cosine(r["picture_2"], r["odd"]))
           for r in rows(os.path.join(folder, "judgements.csv"))]
    value = np.mean(got)
elif "votes" in statistics:
    ours = of(statistics["votes"]["models"])["score"]
    total = {}
    for r in rows(os.path.join(folder, "judgements.csv")):
        key = (r["target"], r["left"], r["right"])
        total[key] = total.get(key, np.zeros(2)) + [int(r["left_votes"]), int(r["right_votes"])]
    value = np.mean([v[0 if cosine(t, a) > cosine(t, b) else 1] / v.sum() for (t, a, b), v in total.items()])
else:
    ours = of(statistics["matrices"]["models"])["figures"]["spearman"]
    people = {}
    for r in rows(os.path.join(folder, "ratings.csv")):
        people.setdefault(r["rater"], []).append((float(r["value"]), cosine(r["picture_a"], r["picture_b"])))
    value = np.mean([spearmanr(*zip(*pairs)).statistic for pairs in people.values()])
print(f"{os.path.basename(os.path.normpath(run))} {name}: akin {ours:.6f}, NumPy {value:.6f}, difference {abs(ours - value):.1e}")
