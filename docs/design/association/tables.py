"""Writes the tables of association.md from the records that make.sh made: tables.py OUT."""

import json
import math
import pathlib
import sys

SETS = ["photo-pairs", "sample", "everyday", "everyday@1"]  # each carried over to each other
BARS = ["photo-pairs", "photographs"]  # on which the bars are held
SPACES = ["centred", "words", "blend", "linear", "low-rank", "whitened", "hub-corrected", "association"]


def read(folder):
    file = pathlib.Path(sys.argv[1], folder, "learn.json")
    return json.loads(file.read_text()) if file.exists() else None


def points(share):
    return "-" if share is None else f"{100 * share:.1f}".replace("-0.0", "0.0")


def change(row):
    low, high = row["change"].get("interval") or (None, None)
    return points(row["change"]["error_difference"]) + (f" ({points(low)} to {points(high)})" if low is not None else "")


def short(space):
    return space.replace(":usf-forward-strength.csv", "")


def within(name):
    """All spaces and controls of a set, the change of error by relation and network."""
    record = read(name)
    if not record:
        return
    for group in range(len(record["results"][0]["cross_validated"])):
        first = record["results"][0]["cross_validated"][group]
        print(f"\n### {name}, {first.get('relation') or 'all'}: {first['triplets']} triplets\n")
        print("| | " + " | ".join(r["model"] for r in record["results"]) + " |")
        print("|---|" + "---|" * len(record["results"]))
        columns = [r["cross_validated"][group] for r in record["results"]]
        print("| features, error | " + " | ".join(points(c["features_error"]) for c in columns) + " |")
        for i, row in enumerate(first["spaces"]):
            mark = {"control": "× ", "ceiling": "↑ "}.get(row["role"], "")
            against = " (against centred)" if row["against"] == "centred" else ""
            print(f"| {mark}{short(row['space'])}{against} | " + " | ".join(change(c["spaces"][i]) for c in columns) + " |")
    rows = [row for r in record["results"] for g in r["cross_validated"] for row in g["spaces"]]
    for role in ("space", "control"):
        some = [r for r in rows if r["role"] == role]
        for sign, word in ((-1, "fewer"), (1, "more")):
            strong = [r for r in some if r["change"]["holm_p"] is not None and r["change"]["holm_p"] < .05 and sign * r["change"]["error_difference"] > 0]
            names = ", ".join(sorted({short(r["space"]) for r in strong}))
            print(f"\n{role}: {len(strong)} of {len(some)} changes to {word} errors have an adjusted p below .05" + (f" ({names})" if names else ""))


def transfer():
    """What is fitted to one set, tried on each other one: mean change over networks, and how many are significant."""
    for relation in (None, "thematic"):
        print(f"\n### Fitted to one set, tried on another: {relation or 'all'} triplets\n")
        print("| from | to | triplets | " + " | ".join(SPACES) + " | × linear, permuted labels |")
        print("|---|---|---|" + "---|" * (len(SPACES) + 1))
        for start in SETS:
            for end in SETS:
                record = start != end and read(f"{start}-to-{end}")
                if not record:
                    continue
                groups = [[g for g in r["transfer"] if g.get("relation") == relation] for r in record["results"]]
                if not all(groups):
                    continue
                cells = []
                for space in SPACES + ["linear, permuted labels"]:
                    rows = [row for g in groups for row in g[0]["spaces"] if short(row["space"]) == space]
                    values = [r["change"]["error_difference"] for r in rows]
                    strong = sum(r["change"]["holm_p"] is not None and r["change"]["holm_p"] < .05 for r in rows)
                    cells.append(points(math.fsum(values) / len(values)) + (f" [{strong}]" if strong else "") if values else "-")
                print(f"| {start} | {end} | {groups[0][0]['triplets']} | " + " | ".join(cells) + " |")


def linear():
    """The space that is learned from triplets, by network, with intervals."""
    print("\n### linear, fitted to one set and tried on another, by network\n")
    head = False
    for start in SETS:
        for end in SETS:
            record = start != end and read(f"{start}-to-{end}")
            if not record:
                continue
            if not head:
                print("| from | to | " + " | ".join(r["model"] for r in record["results"]) + " |")
                print("|---|---|" + "---|" * len(record["results"]))
                head = True
            rows = [next(row for row in r["transfer"][0]["spaces"] if row["space"] == "linear") for r in record["results"]]
            print(f"| {start} | {end} | " + " | ".join(change(r) for r in rows) + " |")


def bars():
    """The bars of blend, one by one, for the two ResNets."""
    print("\n### The bars: blend\n")
    print("| set, network | thematic, 15 points lower | significantly lower | taxonomic not significantly higher | control | thematic, against centred | taxonomic, against centred | interval holds 0 |")
    print("|---|---|---|---|---|---|---|---|")
    for name in BARS:
        for result in read(name)["results"][:2]:
            groups = {g["relation"]: g for g in result["cross_validated"] if g.get("relation")}
            row = lambda relation, space: next(r for r in groups[relation]["spaces"] if r["space"] == space)
            met = lambda yes: "met" if yes else "**not met**"
            thematic, taxonomic = row("thematic", "blend"), row("taxonomic", "blend")
            lower = thematic["change"]["error_difference"] <= -.15
            clear = thematic["change"]["error_difference"] < 0 and thematic["change"]["p"] < .05
            higher = taxonomic["change"]["error_difference"] > 0 and taxonomic["change"]["p"] < .05
            first = f"| {name}, {result['model']} | {change(thematic)}: {met(lower)} | p = {thematic['change']['p']:.3f}, Holm {thematic['change']['holm_p']:.3f}: {met(clear)} | {change(taxonomic)}: {met(not higher)} |"
            for control in ("shuffled words", "random words of the same spectrum"):
                both = [row(relation, f"blend, {control}") for relation in ("thematic", "taxonomic")]
                holds = all(r["change"]["interval"][0] <= 0 <= r["change"]["interval"][1] for r in both)
                worse = any(r["change"]["interval"][0] > 0 for r in both)
                print(first, control, "|", " | ".join(change(r) for r in both), "|", met(holds) + (" (more errors)" if worse else ""), "|")
                first = "| | | | |"


for name in SETS[:1] + BARS[1:] + SETS[1:]:
    within(name)
transfer()
linear()
bars()
