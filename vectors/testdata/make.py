"""Writes one table of 4 x 3 in every format that NumPy, SciPy and h5py write. Run in this folder with Debian's python3."""
import h5py
import numpy as np
import scipy.io
import scipy.sparse

x = np.array([[0.5, -1.25, 3], [2, 0.125, -7], [100, 0.0625, 1.5], [-0.75, 8, 0.25]])
names = ["cat.jpg", "dog.jpg", "sofa.jpg", "hound.jpg"]
open("names.txt", "w").write("\n".join(names) + "\n")
np.save("float16.npy", x.astype("<f2"))
np.save("float32.npy", x.astype("<f4"))
np.save("float64.npy", x)
np.save("big-endian.npy", x.astype(">f4"))
np.save("by-columns.npy", np.asfortranarray(x.astype("<f4")))
np.save("integers.npy", (x * 16).astype("<i2"))
np.savez("named.npz", features=x.astype("f4"), names=np.array(names), layer=np.array("avgpool"))
np.savez_compressed("packed.npz", x)
np.savez("two.npz", a=x, b=x)
scipy.io.savemat("named.mat", {"features": x, "names": np.array(names)})
scipy.io.savemat("packed.mat", {"features": x.astype("f4")}, do_compression=True)
with h5py.File("plain.h5", "w") as f:
    f["features"] = x.astype("f4")
with h5py.File("packed.h5", "w") as f:
    f.create_dataset("features", data=x, compression="gzip", chunks=(2, 3))
with h5py.File("named.h5", "w") as f:
    f["features"] = x.astype("f4")
    f["names"] = np.array([n.encode() for n in names])
# Two lists as long as the table: which of them names the rows is not said.
np.savez("two-lists.npz", features=x.astype("f4"), names=np.array(names), others=np.array(names[::-1]))
scipy.io.savemat("two-lists.mat", {"features": x, "names": np.array(names), "others": np.array(names[::-1])})
with h5py.File("two-lists.h5", "w") as f:
    f["features"] = x.astype("f4")
    f["names"] = np.array([n.encode() for n in names])
    f["others"] = np.array([n.encode() for n in names[::-1]])
# What a .mat may hold beside a table.
kinds = {
    "whole": np.arange(6, dtype="u1").reshape(2, 3), "deep": np.arange(24.0).reshape(2, 3, 4), "one": 3.0,
    "words": np.array(["ant.png", "bée.png"]), "record": {"a": 1, "b": "x"}, "cells": np.array(["p", "qq"], dtype=object),
    "complex": np.array([[1 + 2j]]), "sparse": scipy.sparse.csc_matrix(np.ones((2, 2))),
}
scipy.io.savemat("kinds.mat", kinds)
scipy.io.savemat("kinds-packed.mat", kinds, do_compression=True)
np.savez("kinds.npz", columns=np.asfortranarray(np.arange(6.0).reshape(2, 3)), words=np.array([["a", "b"], ["c", "dé"]]))
