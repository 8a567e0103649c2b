"""Makes one set of several whose pictures are of one folder: join.py OUT NAME SET...

Columns that all sets have are kept. A triplet with the same three pictures is taken once.
"""

import csv
import pathlib
import shutil
import sys

out, name, sets = pathlib.Path(sys.argv[1]), sys.argv[2], [pathlib.Path(s) for s in sys.argv[3:]]
(out / "pictures").mkdir(parents=True)
for table in ("pictures.csv", "triplets.csv"):
    rows, columns = [], None
    for folder in sets:
        with open(folder / table, newline="") as f:
            reader = csv.DictReader(f)
            columns = [c for c in columns or reader.fieldnames if c in reader.fieldnames]
            rows += reader
    key = ("path",) if table == "pictures.csv" else ("target", "related", "unrelated")
    seen = set()
    with open(out / table, "w", newline="") as f:
        writer = csv.DictWriter(f, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            same = tuple(row[k] for k in key)
            if same not in seen:
                seen.add(same)
                writer.writerow(row)
for folder in sets:
    for picture in (folder / "pictures").iterdir():
        shutil.copyfile(picture, out / "pictures" / picture.name)
lines = [f'name = "{name}"', 'version = "1"', f'title = "joined of {" and ".join(s.name for s in sets)}"', ""]
for folder in sets:
    text = (folder / "set.toml").read_text()
    if "[[norms]]" in text:
        lines.append(text[text.index("[[norms]]"):])
(out / "set.toml").write_text("\n".join(lines))
