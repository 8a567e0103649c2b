"""Writes corpora of odd files with what is right of each: NAME.tar.gz and NAME.json."""
import gzip
import io
import json
import math
import os
import tarfile


def finite(value):
    """JSON knows no NaN: null stands for what is no number."""
    if isinstance(value, list):
        return [finite(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write(folder, name, files, cases):
    """Writes files, bytes by name, and a line for each case; equal inputs give equal bytes."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for file, data in files.items():
            info = tarfile.TarInfo(file)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    with open(os.path.join(folder, name + ".tar.gz"), "wb") as f:
        with gzip.GzipFile(fileobj=f, mode="wb", mtime=0, filename="", compresslevel=9) as z:
            z.write(raw.getvalue())
    with open(os.path.join(folder, name + ".json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps({k: finite(v) for k, v in c.items()}) for c in cases) + "\n]\n")
    print(len(files), "files,", len(cases), "cases")
