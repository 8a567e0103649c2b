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


# HDF5 as people write it. All hold x; names, where there are any, are the names above.
def hdf5(file, **k):
    return h5py.File(file, "w", **k)


text = h5py.string_dtype()
with hdf5("latest.h5", libver="latest") as f:  # version 3, one chunk
    f.create_dataset("features", data=x, chunks=(4, 3), compression="gzip", shuffle=True)
    f["names"] = np.array(names, dtype=object)
with hdf5("latest-chunks.h5", libver="latest") as f:  # an array of the chunks' addresses
    f.create_dataset("deep/er/features", data=x, chunks=(1, 2))
    f.create_dataset("deep/names", data=np.array(names, dtype=object), dtype=text)
with hdf5("latest-pages.h5", libver="latest") as f:  # in pages
    f.create_dataset("features", data=np.resize(x, (2000, 3)), chunks=(1, 3), compression="gzip")
with hdf5("filters.h5") as f:
    f.create_dataset("features", data=x, chunks=(3, 2), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("names", data=np.array([n.encode() for n in names], "S12"), chunks=(2,), compression="gzip")
with hdf5("lzf.h5") as f:
    f.create_dataset("features", data=np.resize(x.astype("f2"), (400, 3)), chunks=(100, 3), compression="lzf", shuffle=True)
with hdf5("half-big-endian.h5") as f:
    f["features"] = x.astype(">f2")
    f["names"] = np.array(names, dtype=object)
with hdf5("whole-numbers.h5") as f:
    f["features"] = (x * 16).astype("<i2")
with hdf5("compact.h5") as f:
    p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    p.set_layout(h5py.h5d.COMPACT)
    d = h5py.h5d.create(f.id, b"features", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((4, 3)), p)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, x.astype("f4"))
with hdf5("many.h5") as f:  # a tree of several nodes, attributes, soft links, other types
    f["features"] = x.astype("f4")
    f["features"].attrs["layer"] = "avgpool"
    f["same"] = h5py.SoftLink("/features")
    f["again"] = f["features"]
    for i in range(300):
        f[f"group/{i:03}"] = float(i)
    f["group/flags"] = np.array([True, False])
    f["group/pairs"] = np.zeros(3, [("a", "f4"), ("b", "i4")])
with hdf5("growing.h5") as f:
    d = f.create_dataset("features", shape=(0, 3), maxshape=(None, 3), chunks=(2, 3))
    d.resize((4, 3))
    d[:] = x
with hdf5("unwritten.h5") as f:
    f.create_dataset("features", shape=(4, 3), chunks=(2, 3))[:2] = x[:2]
# What is not read.
with hdf5("unread-filter.h5") as f:
    f.create_dataset("features", data=x, chunks=(2, 3), scaleoffset=3)
with hdf5("unread-growing.h5", libver="latest") as f:
    f.create_dataset("features", data=x, chunks=(2, 3), maxshape=(None, 3))
with hdf5("unread-room.h5", libver="latest") as f:
    f.create_dataset("features", data=x, chunks=(2, 3), maxshape=(9, 3))
with hdf5("unread-type.h5") as f:
    f["type"] = np.dtype("f4")
    f.create_dataset("features", data=x, dtype=f["type"])
with hdf5("unread-virtual.h5") as f:
    layout = h5py.VirtualLayout((4, 3), "f4")
    layout[:] = h5py.VirtualSource("compact.h5", "features", (4, 3))
    f.create_virtual_dataset("features", layout)
with hdf5("unread-outside.h5") as f:
    f.create_dataset("features", (4, 3), "f4", external=[("outside.raw", 0, 48)])
with hdf5("unread-group.h5", libver="latest") as f:
    f["features"] = x
    for i in range(9):
        f[f"n{i}"] = i
scipy.io.savemat("unread-4.mat", {"features": np.resize(x, (40, 3))}, format="4")
# As MATLAB 7.3 writes: HDF5 behind 512 bytes, with the axes in reverse.
with hdf5("matlab73.mat", userblock_size=512) as f:
    f["features"] = x.T
    f["features"].attrs["MATLAB_class"] = np.bytes_("double")
    f["names"] = np.array([[ord(c) for c in n.ljust(9)] for n in names], "u2").T
    f["names"].attrs["MATLAB_class"] = np.bytes_("char")
with open("matlab73.mat", "r+b") as f:
    f.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Jan  1 00:00:00 2024 HDF5 schema 1.00 .".ljust(124) + b"\x00\x02IM")
scipy.io.savemat("cells.mat", {"features": (x * 16).astype("i2"), "names": np.array([[n] for n in names], dtype=object)})

# Numbers of single precision beside the same of double.
tenths = np.array([[0.8, 0.2, 0.6]])
both = {"single": tenths.astype("f4"), "double": tenths.astype("f4").astype("f8")}
scipy.io.savemat("single.mat", both)
np.savez("single.npz", **both)
with hdf5("single73.mat", userblock_size=512) as f:
    for name, values in both.items():
        f.create_dataset(name, data=values.T).attrs["MATLAB_class"] = np.bytes_(name)
with open("single73.mat", "r+b") as f:
    f.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")
