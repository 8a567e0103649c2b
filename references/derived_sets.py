#!/usr/bin/env python3
"""Makes sets of the other tasks from a set of triplets in which people rated only some pairs.

Usage: derived_sets.py SET SCALE OUT

SET is a folder with triplets.csv, pictures.csv (column group) and ratings.csv; SCALE is the scale of its
ratings that counts. Writes OUT/odd, OUT/votes and OUT/matrix, with copies of SET's pictures:

- votes: of each triplet, a person votes for the related picture where their rating of target and related picture is
  above their mean rating of the pairs of group "neutral", which stand for pictures met by chance, and for the
  unrelated picture where it is below; equal ones do not vote.
- odd: the three pictures of each triplet in which most votes are for the related one, each three once; the unrelated one
  is odd. Ratings do not say which picture is odd in the others.
- matrix: each person's ratings of the pairs that were rated, as similarities.
"""

import csv
import os
import shutil
import sys
from collections import defaultdict


def rows(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def start(out, name, task, header, lines, more=""):
    folder = os.path.join(out, name)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "set.toml"), "w") as f:
        f.write(f'name = "derived-{name}"\ntask = "{task}"\n{more}')
    with open(os.path.join(folder, "judgements.csv" if task != "matrix" else "ratings.csv"), "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(lines)
    link = os.path.join(folder, "pictures")
    if not os.path.exists(link):
        shutil.copytree(os.path.join(source, "pictures"), link)


source, scale, out = sys.argv[1:]
group = {r["path"]: r["group"] for r in rows(os.path.join(source, "pictures.csv"))}
ratings = [r for r in rows(os.path.join(source, "ratings.csv")) if r["scale"] == scale and r["value"]]
value, neutral = {}, defaultdict(list)
for r in ratings:
    pair = frozenset([r["picture_a"], r["picture_b"]])
    value[r["rater"], pair] = float(r["value"])
    if group[r["picture_a"]] == group[r["picture_b"]] == "neutral":
        neutral[r["rater"]].append(float(r["value"]))
votes, odd, shown = [], [], set()
for t in rows(os.path.join(source, "triplets.csv")):
    left, right = 0, 0
    for rater, values in neutral.items():
        given = value.get((rater, frozenset([t["target"], t["related"]])))
        if given is not None:
            chance = sum(values) / len(values)
            left, right = left + (given > chance), right + (given < chance)
    votes.append([t["target"], t["related"], t["unrelated"], left, right])
    three = frozenset([t["target"], t["related"], t["unrelated"]])
    if left > right and three not in shown:
        shown.add(three)
        odd.append([t["target"], t["related"], t["unrelated"]])
start(out, "votes", "votes", ["target", "left", "right", "left_votes", "right_votes"], votes)
start(out, "odd", "odd-one-out", ["picture_1", "picture_2", "odd"], odd)
start(out, "matrix", "matrix", ["rater", "picture_a", "picture_b", "value"],
      [[r["rater"], r["picture_a"], r["picture_b"], r["value"]] for r in ratings], 'values = "similarity"\n')
