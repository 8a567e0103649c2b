"""Makes export.npy, and reads what akin wrote with --out FILE into NumPy and pandas.

    python3 export.py                           # writes export.npy
    python3 export.py features.npy              # reads it and features.npy.csv
    python3 export.py features.parquet          # needs pyarrow or fastparquet
"""

import os
import sys

import numpy as np
import pandas as pd

if len(sys.argv) == 1:
    rows = np.array([[i, np.pi, -1e-30] for i in range(3)], dtype=np.float32)
    np.save(os.path.join(os.path.dirname(os.path.abspath(__file__)), "export.npy"), rows)
elif sys.argv[1].endswith(".npy"):
    features = np.load(sys.argv[1], mmap_mode="r")
    index = pd.read_csv(sys.argv[1] + ".csv")
    assert features.dtype == np.float32 and features.ndim == 2
    assert list(index.columns) == ["row", "path", "sha256"]
    assert len(index) == len(features) and (index["row"] == range(len(index))).all()
    print(features.shape, index["path"].iloc[0])
else:
    table = pd.read_parquet(sys.argv[1])
    features = np.stack(table["feature"].to_numpy())
    assert list(table.columns) == ["path", "sha256", "feature"] and features.dtype == np.float32
    print(features.shape, table["path"].iloc[0])
