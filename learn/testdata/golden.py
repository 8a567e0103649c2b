"""Makes golden.json: what fitLinear finds, by SciPy, from its definition in the
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

# Low-rank: all directions of the pictures, so that the metric is a whole symmetric
# matrix on them; what is compared is the cosine of pictures in it.
P = np.linalg.svd(f, full_matrices=False)[2]
unit = np.sqrt((np.array([u[t] @ (u[r] - u[q]) for t, r, q in T]) ** 2).mean())
upper = np.triu_indices(len(P))


def metric(p):
    S = np.zeros((len(P), len(P)))
    S[upper] = p
    return S + S.T - np.diag(S.diagonal())


def loss_of_metric(p, penalty):
    S = metric(p)
    Z = u @ P.T
    m = np.array([(u[t] @ (u[r] - u[q]) + Z[t] @ S @ (Z[r] - Z[q])) / unit for t, r, q in T])
    return np.logaddexp(0, -m).sum() + penalty * len(T) / (2 * d) * (S ** 2).sum()


S = metric(minimize(loss_of_metric, np.zeros(len(upper[0])), args=(2.5,), method="BFGS", options={"gtol": 1e-9}).x)
values, vectors = np.linalg.eigh(np.eye(len(P)) + S)
root = np.eye(d) + P.T @ (vectors * (np.sqrt(np.maximum(values, 0)) - 1)) @ vectors.T @ P
g = f @ root
g /= np.linalg.norm(g, axis=1, keepdims=True)
json.dump({"features": F.tolist(), "triplets": T, "weights": np.maximum(w, 0).tolist(), "lowRankCosines": (g @ g.T).tolist()}, open("golden.json", "w"))
