#!/usr/bin/env python3
"""Measures how long akin takes to read a large file of features, and how much memory.

Usage: features_load.py AKIN FOLDER [ROWS] [DIMENSIONS] [ENDING...]

Writes, for each ending (npy, npz, h5, csv), a file of ROWS random vectors into FOLDER, runs AKIN on
a set of 1,000 triplets whose pictures are among them, and prints seconds, processor seconds and
the largest resident memory. A page that a file was mapped into counts there only while it is used.
"""

import csv
import multiprocessing
import os
import resource
import subprocess
import sys
import time

import numpy as np

TRIPLETS = 1000


def make_set(folder, rows):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "set.toml"), "w") as f:
        f.write('name = "large"\n')
    r = np.random.default_rng(2)
    with open(os.path.join(folder, "triplets.csv"), "w", newline="") as f:
        w = csv.writer(f)
        w.writerow(["id", "target", "related", "unrelated"])
        for i in range(TRIPLETS):
            w.writerow([i] + [f"p{k:06d}.jpg" for k in r.choice(rows, 3, replace=False)])


def chunks(rows, dim, of=2000):
    r = np.random.default_rng(1)
    for first in range(0, rows, of):
        yield r.standard_normal((min(of, rows - first), dim), dtype=np.float32)


def make(ending, file, rows, dim):
    names = [f"p{k:06d}" for k in range(rows)]
    if ending in ("npy", "npz"):
        a = np.lib.format.open_memmap(file + ".npy", mode="w+", dtype=np.float32, shape=(rows, dim))
        first = 0
        for c in chunks(rows, dim):
            a[first:first + len(c)] = c
            first += len(c)
        a.flush()
        if ending == "npz":
            np.savez(file, features=a, names=np.array(names))
            os.remove(file + ".npy")
        else:
            os.replace(file + ".npy", file)
    elif ending == "h5":
        import h5py
        with h5py.File(file, "w") as f:
            d = f.create_dataset("features", (rows, dim), "f4")
            f.create_dataset("names", data=np.array(names, "S"))
            first = 0
            for c in chunks(rows, dim):
                d[first:first + len(c)] = c
                first += len(c)
    else:
        with open(file, "w") as f:
            f.write("name," + ",".join(f"d{k}" for k in range(dim)) + "\n")
            first = 0
            for c in chunks(rows, dim):
                for row in c:
                    f.write(names[first] + "," + ",".join("%.6g" % v for v in row) + "\n")
                    first += 1
    with open(file + ".names.txt", "w") as f:
        f.write("\n".join(names) + "\n")


def main(akin, folder, rows=200000, dim=2048, *endings):
    rows, dim = int(rows), int(dim)
    make_set(os.path.join(folder, "set"), rows)
    print("| file | size, GB | seconds | processor seconds | memory, GB |\n|---|---:|---:|---:|---:|", flush=True)
    for ending in endings or ("npy", "npz", "h5", "csv"):
        file = os.path.join(folder, "features." + ending)
        if not os.path.exists(file):
            p = multiprocessing.Process(target=make, args=(ending, file, rows, dim))  # its memory is not the next one's
            p.start()
            p.join()
        features = f"x={file}" + (f",{file}.names.txt" if ending == "npy" else "")
        subprocess.run(["cat", file], stdout=subprocess.DEVNULL)  # in the system's cache
        start, before = time.time(), resource.getrusage(resource.RUSAGE_CHILDREN)
        p = subprocess.Popen([akin, "run", os.path.join(folder, "set"), "--features", features, "--out", os.path.join(folder, "run"), "--resamples", "99"], stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(p.pid, 0)
        assert status == 0, status
        print(f"| .{ending} | {os.path.getsize(file) / 1e9:.2f} | {time.time() - start:.1f} | {used.ru_utime + used.ru_stime:.1f} | {used.ru_maxrss / 1e6:.2f} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
