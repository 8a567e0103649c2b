"""Makes golden.json: the weights of fitLinear by SciPy, from its definition in the
weights themselves. Run with NumPy and SciPy and no argument, in this folder."""
import json
import numpy as np
from scipy.optimize import minimize

rng = np.random.default_rng(19)
n, d = 9, 6
F = rng.normal(size=(n, d)).astype(np.float32)
T = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [1, 3, 7], [2, 8, 4]]
f = F.astype(float) - F.astype(float).mean(0)
u = f / np.linalg.norm(f, axis=1, keepdims=True)
X = np.array([u[t] * (u[r] - u[q]) for t, r, q in T])
X /= np.sqrt((X.sum(1) ** 2).mean())


def loss(w):
    return np.logaddexp(0, -X @ w).sum() + len(T) / (2 * d) * ((w - 1) ** 2).sum()


w = minimize(loss, np.ones(d), method="BFGS", options={"gtol": 1e-10}).x
json.dump({"features": F.tolist(), "triplets": T, "weights": np.maximum(w, 0).tolist()}, open("golden.json", "w"))
