"""Read the record of a run with pandas and repeat its matching errors.

    python3 python/read.py runs/everyday

Ids stay text (01 is not 1), and a tie counts as the run's settings say. The program ends with 1 if
an error differs from the one in summary.csv.
"""

import json
import sys
from pathlib import Path

import pandas as pd

run = Path(sys.argv[1] if len(sys.argv) > 1 else "runs/everyday")
described = json.loads((run / "run.json").read_text())
if described["set"].get("task"):
    sys.exit(f"{run} is a run on judgements of the task {described['set']['task']}; this program reads runs on triplets")
choices = pd.read_csv(run / "choices.csv", dtype={"triplet": str, "model": str}, keep_default_na=False, na_values={"margin": ""})
summary = pd.read_csv(run / "summary.csv", dtype={"model": str, "axis": str, "value": str}, keep_default_na=False)

ties = described["settings"]["ties"]
tie = {"half-credit": 0.5, "as-wrong": 1.0, "as-right": 0.0, "dropped": float("nan")}[ties]
credit = {"right": 0.0, "wrong": 1.0, "tie": tie}
choices["error"] = choices["outcome"].map(credit)

repeated = choices.groupby("model", sort=False)["error"].agg(["mean", "count"])
recorded = summary[summary["axis"] == "all"].set_index("model")["matching_error"].astype(float)
print(repeated.rename(columns={"mean": "matching error", "count": "triplets"}).to_string())

differ = (repeated["mean"] - recorded).abs() > 1e-12
if differ.any() or set(repeated.index) != set(recorded.index):
    sys.exit(f"the record says otherwise: {', '.join(differ[differ].index)}")
print("The same errors as in summary.csv.")
