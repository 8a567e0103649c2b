#!/usr/bin/env python3
"""Writes small files in the formats in which researchers have judgements, with random answers of seed 18.

Run in this folder with NumPy and SciPy. Each folder has the files of one format; expected.json says by folder what
every reader must understand: rows of three pictures, by name without ending, with the odd one last, or target, left,
right and the votes of both, or each person's value of each pair. Pictures are not written: the test makes one of each
name that a folder's list has, at the paths of pictures.txt.
"""

import csv
import itertools
import json
import os
import shutil

import numpy as np
import scipy.io

rng = np.random.default_rng(18)
names = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen"]
n = len(names)
expected = {}


def folder(name, pictures, **more):
    shutil.rmtree(name, ignore_errors=True)
    os.makedirs(name)
    with open(os.path.join(name, "pictures.txt"), "w") as f:
        f.write("\n".join(pictures) + "\n")
    expected[name] = more
    return lambda file: os.path.join(name, file)


def table(path, header, rows, delimiter=",", **how):
    with open(path, "w", newline="", **how) as f:
        w = csv.writer(f, delimiter=delimiter, lineterminator="\n")
        if header:
            w.writerow(header)
        w.writerows(rows)


def lines(path, values):
    with open(path, "w") as f:
        f.write("\n".join(values) + "\n")


plain = [f"{name}.jpg" for name in names]
triples = [list(rng.choice(n, 3, replace=False)) for _ in range(12)]  # numbers from 0, the odd one last
triples[0] = [0, 1, n - 1]  # the first and the last name are used
odd = [[names[i] for i in t] for t in triples]

# THINGS, 2023: numbers from 0, the odd one last, also as floats; and NumPy's files of gLocal, VICE and SPoSE.
for suffix in ["txt", "floats.txt", "npy", "npz", "mat"]:
    at = folder("things-" + suffix.replace(".", "-"), plain, odd=odd)
    lines(at("unique_id.txt"), names)
    array = np.array(triples)
    if suffix == "txt":
        np.savetxt(at("trainset.txt"), array, fmt="%d")
    elif suffix == "floats.txt":
        np.savetxt(at("trainset.txt"), array)
    elif suffix == "npy":
        np.save(at("train_90.npy"), array)
    elif suffix == "npz":
        np.savez_compressed(at("train.npz"), triplets=array, seed=np.array(3))
    else:
        scipy.io.savemat(at("triplets.mat"), {"triplets": array + 1, "note": "from 1"}, do_compression=True)

# THINGS' answers of people: tabs in spite of the name, numbers from 1, choice is the place of the odd one.
at = folder("things-answers", plain, odd=odd, raters=["s%d" % (k % 3) for k in range(12)])
lines(at("unique_id.txt"), names)
rows = []
for k, t in enumerate(triples):
    place = k % 3
    shown = list(t[:2])
    shown.insert(place, t[2])
    rows.append([i + 1 for i in shown] + [place + 1, 800 + k, 0, f"s{k % 3}", 1, k])
table(at("triplets_large_final_correctednc_correctedorder.csv"), "image1 image2 image3 choice RT noise_ceiling subject_id HIT_nr trial_nr".split(), rows, "\t")

# THINGS in the list of DreamSim: names, the odd one last.
at = folder("dreamsim", [f"images/{name}.png" for name in names], odd=odd)
table(at("things_valset.txt"), None, odd, " ")

# Votes: of each triplet for the left and the right picture.
counts = [[int(v), 7 - int(v)] for v in rng.integers(0, 8, 12)]
counts[0] = [7, 0]
votes = [o + c for o, c in zip(odd, counts)]
unanimous = [o + ([7, 0] if c[0] > 3 else [0, 7]) for o, c in zip(odd, counts)]
at = folder("nights", [f"ref/000/{name}.png" for name in names] + [f"distort/000/{name}_{k}.png" for name in names for k in (0, 1)],
            votes=[[t, l + "_0", r + "_1", a, b] for t, l, r, a, b in unanimous])
table(at("data.csv"), "id left_vote right_vote votes ref_path left_path right_path prompt is_imagenet split".split(),
      [[k, int(a > 0), int(b > 0), 7, f"ref/000/{t}.png", f"distort/000/{l}_0.png", f"distort/000/{r}_1.png", t, "TRUE", "test"]
       for k, (t, l, r, a, b) in enumerate(unanimous)])

parts = [f"val/cnn/{role}/{k:06d}.png" for k in range(6) for role in ("ref", "p0", "p1")]
at = folder("bapps", parts, votes=[])
os.makedirs(at("val/cnn/judge"))
for k in range(6):
    np.save(at(f"val/cnn/judge/{k:06d}.npy"), np.array([k / 5], dtype="float32"))
    expected["bapps"]["votes"].append([f"ref/{k:06d}", f"p0/{k:06d}", f"p1/{k:06d}", 5 - k, k])

# One person's choice of two: Salmon, NEXT, Meadows, jsPsych.
chosen = [(t, l, r, l if k % 3 else r, f"p{k % 4}") for k, (t, l, r) in enumerate(odd)]
single = [[t, l, r, int(w == l), int(w == r)] for t, l, r, w, _ in chosen]
raters = [p for *_, p in chosen]
at = folder("salmon", plain, votes=single, raters=raters)
table(at("responses.csv"), "head,left,right,winner,alg_ident,score,puid,response_time,left_filename,right_filename,head_filename,winner_filename,loser".split(","),
      [[names.index(t), names.index(l), names.index(r), names.index(w), "Random", 0, p, 1.5, l + ".jpg", r + ".jpg", t + ".jpg", w + ".jpg", names.index(r if w == l else l)]
       for t, l, r, w, p in chosen])
at = folder("next", plain, votes=single, raters=raters)
table(at("t.csv"), ["Participant.ID", "Timestamp", "Center", "Left", "Right", "Answer", "Response.Time..s.", "Alg.Label"],
      [[p, "2015-01-01", t + ".jpg", l + ".jpg", r + ".jpg", w + ".jpg", 2.5, "Test"] for t, l, r, w, p in chosen])
at = folder("meadows-choices", plain, votes=single, raters=raters)
table(at("Meadows_study_v_1_annotations.csv"), "task participation stim1_id stim2_id stim3_id stim1_name stim2_name stim3_name start resp label".split(),
      [["match", p, f"id{t}", f"id{l}", f"id{r}", t, l, r, "2024-03-01T10:00:00Z", "2024-03-01T10:00:02Z", f"id{w}" if k % 2 else w]
       for k, (t, l, r, w, p) in enumerate(chosen)])
trials = [{"trial_type": "instructions", "trial_index": 0, "rt": 900, "response": None, "subject_id": "p0"}]
for k, (t, l, r, w, p) in enumerate(chosen):
    trials.append({"rt": 700 + k, "stimulus": f"img/{t}.jpg", "choices": [f"img/{l}.jpg", f"img/{r}.jpg"], "response": 0 if w == l else 1,
                   "trial_type": "html-button-response", "trial_index": k + 1, "part": "main", "subject_id": p})
jspsych = [f"img/{name}.jpg" for name in names]
at = folder("jspsych-json", jspsych, votes=single, raters=raters)
with open(at("data.json"), "w") as f:
    json.dump(trials, f)
at = folder("jspsych-lines", jspsych, votes=single, raters=raters)
lines(at("data.txt.jsonl"), [json.dumps(trials[:5]), json.dumps(trials[5:])])
at = folder("jspsych-csv", jspsych, votes=single, raters=raters)
header = ["trial_type", "trial_index", "rt", "stimulus", "choices", "response", "part", "subject_id"]
table(at("data.csv"), header, [["" if t.get(c) is None else json.dumps(t[c]) if c == "choices" else t[c] for c in header] for t in trials])

# Indices with counts of both answers, into sorted pictures.
at = folder("material", [f"pics/{name}.jpg" for name in names], votes=votes)
with open(at("answers.json"), "w") as f:
    json.dump({"answers": [[int(i) for i in t] for t in triples], "agreement": counts}, f)

# Matrices: dissimilarities of two people, with repeated values.
people = {"able-fly": None, "calm-ox": None}
for person in people:
    d = np.round(rng.uniform(0.1, 1, (n, n)), 3)
    d = np.triu(d, 1)
    people[person] = d + d.T
pairs = list(itertools.combinations(range(n), 2))
by_rows = {p: np.array([d[i, k] for i, k in pairs]) for p, d in people.items()}
by_columns = {p: np.array([d[i, k] for k in range(n) for i in range(k)]) for p, d in people.items()}


def wanted(which):
    return {p: {f"{names[i]} {names[k]}": people[p][i, k] for i, k in pairs} for p in which}


one = "able-fly"
square = people[one]
at = folder("meadows-1d", plain, matrix=wanted([one]))
scipy.io.savemat(at("Meadows_study_v_1_able-fly_3_1D.mat"), {"stimuli": np.array(plain), "rdmutv": by_rows[one][None, :]})
at = folder("meadows-people", plain, matrix=wanted(people))
scipy.io.savemat(at("Meadows_study_v_1_arrange_1D.mat"),
                 {k: v for p in people for k, v in {"stimuli_" + p.replace("-", "_"): np.array(plain), "rdmutv_" + p.replace("-", "_"): by_rows[p][None, :]}.items()})


def task(person):
    stimuli = [{"id": f"x{i}", "name": name, "type": "image", "size": 9} for i, name in enumerate(names)]
    return {"status": "finished", "task": {"name": "arrange", "task_type": "multiarrange"}, "stimuli": stimuli,
            "trials": [{"positions": [{"id": "x0", "index": 0, "name": "ant", "x": 0.5, "y": 0.5}], "min_evidence": 0.5}], "rdm": by_rows[person].tolist()}


other = {"status": "finished", "task": {"name": "consent", "task_type": "form"}, "stimuli": [], "trials": []}
for name, root, which in [("tree", {"token": "t", "tasks": [other, task(one)]}, [one]), ("tree-task", task(one), [one]),
                          ("tree-people", {p: {"tasks": [other, task(p)]} for p in people}, people)]:
    at = folder("meadows-" + name, plain, matrix=wanted(which))
    with open(at("Meadows_study_v_1_able-fly_tree.json"), "w") as f:
        json.dump(root, f)

at = folder("square-csv", plain, matrix=wanted([one]))
table(at("able-fly.csv"), [""] + plain, [[plain[i]] + list(square[i]) for i in range(n)])
at = folder("square-r", plain, matrix=wanted([one]))  # R's write.table: one head fewer; decimal commas; Excel's first line
with open(at("able-fly.csv"), "w") as f:
    f.write("sep=;\n" + ";".join(f'"{p}"' for p in plain) + "\n")
    for i in range(n):
        f.write(f'"{plain[i]}";' + ";".join(str(v).replace(".", ",") for v in square[i]) + "\n")
at = folder("square-utf16", plain, matrix=wanted([one]))
table(at("able-fly.txt"), [""] + plain, [[plain[i]] + list(square[i]) for i in range(n)], "\t", encoding="utf-16")
for name, write in {
    "square-bare": lambda at: table(at("able-fly.csv"), None, square.tolist()),
    "square-npy": lambda at: np.save(at("able-fly.npy"), np.asfortranarray(square.astype("f4"))),
    "square-mat": lambda at: scipy.io.savemat(at("able-fly.mat"), {"RDM": square, "age": 31.0}),
    "vector-rows": lambda at: np.save(at("able-fly.npy"), by_rows[one]),
    "vector-columns": lambda at: scipy.io.savemat(at("able-fly.mat"), {"d": by_columns[one]}),
    "vector-csv": lambda at: table(at("people.csv"), None, [[p] + list(v) for p, v in by_rows.items()]),
}.items():
    at = folder(name, plain, matrix=wanted(people if name == "vector-csv" else [one]))
    lines(at("names.txt"), names)
    write(at)
at = folder("people-npz", plain, matrix={f"rdms-{k + 1}": v for k, v in enumerate(wanted(people).values())})
np.savez(at("rdms.npz"), rdms=np.array(list(people.values())), names=np.array(names))

# MATLAB's structures: an array of one for each person, and one in another.
at = folder("struct-people", plain, matrix=wanted(people))
lines(at("names.txt"), names)
records = np.zeros((1, len(people)), dtype=[("RDM", object), ("name", object), ("color", object)])
for k, (p, v) in enumerate(people.items()):
    records[0, k] = (v, p, np.array([0.0, 0, 1]))
scipy.io.savemat(at("rdms_behav.mat"), {"rdms_behav": records, "stimuli": {"category": "animal", "human": 0.0}}, do_compression=True)
at = folder("struct-deep", plain, matrix={f"BEHAVIOR-{k + 1}": v for k, v in enumerate(wanted(people).values())})
lines(at("names.txt"), names)
scipy.io.savemat(at("BEHAVIOR.mat"), {"BEHAVIOR": {"set1": {"pairwisedistances": np.array([list(v) for v in by_rows.values()]), "n": 2.0}}})

# Qualtrics: a person a row, a question a column, two more lines of heads.
asked = pairs[:6]
at = folder("qualtrics", plain, matrix={f"R_{p}": {f"{names[i]} {names[k]}": float(1 + (i + k + p) % 7) for i, k in asked} for p in range(3)})
ids = [f"QID{q + 1}" for q in range(len(asked))]
table(at("answers.csv"), ["ResponseId"] + ids,
      [["Response ID"] + [f"How alike, {q}?" for q in ids], ['{"ImportId":"_recordId"}'] + [json.dumps({"ImportId": q}) for q in ids]]
      + [[f"R_{p}"] + [1 + (i + k + p) % 7 for i, k in asked] for p in range(3)], encoding="utf-8-sig")
table(at("questions.csv"), ["question", "picture_a", "picture_b"], [[q, plain[i], plain[k]] for q, (i, k) in zip(ids, asked)])

with open("expected.json", "w") as f:
    json.dump(expected, f, indent=1)
    f.write("\n")
