"""Makes golden.json: similarities of pairs of pictures in each space, by NumPy in
float64, from its definition. Run with NumPy and no argument, in this folder."""
import json
import numpy as np

rng = np.random.default_rng(19)
n, d, classes, w = 14, 24, 6, 5
F = rng.normal(size=(n, d)).astype(np.float32) + 2
L = (3 * rng.normal(size=(n, classes))).astype(np.float32)
C = rng.normal(size=(classes, w)).astype(np.float32) + 1
C /= np.linalg.norm(C, axis=1, keepdims=True)
known = np.arange(classes) != 3  # no word stands for class 3
W = rng.normal(size=(d, 7)).astype(np.float32)
b = rng.normal(size=7).astype(np.float32)
mean, std = np.float32(1.5), np.float32(0.75)


def cosines(X):
    U = X / np.linalg.norm(X, axis=1, keepdims=True)
    return U @ U.T


f = F.astype(float)
centred = f - f.mean(0)
cov = centred.T @ centred / n
sphere = np.trace(cov) / d
values, vectors = np.linalg.eigh(0.5 * cov + 0.5 * sphere * np.eye(d))
whitened = centred @ vectors @ np.diag(values ** -0.5) @ vectors.T

raw = cosines(f)
near = np.array([np.sort(np.delete(raw[i], i))[-10:].mean() for i in range(n)])

P = np.exp(L.astype(float) - L.max(1, keepdims=True))
P /= P.sum(1, keepdims=True)
c = C.astype(float).copy()
c[known] -= c[known].mean(0)
c[~known] = 0
words = cosines(P @ c)
pairs = np.triu_indices(n, 1)
a, z = 1 / cosines(centred)[pairs].std(), 1 / words[pairs].std()

spaces = {
    "centred": cosines(centred),
    "whitened": cosines(whitened),
    "hub-corrected": 2 * raw - near[:, None] - near[None],
    "words": words,
    "blend": (a * cosines(centred) + z * words) / (a + z),
    "transform": cosines((f - mean) / std @ W + b),
}
np.savez("transform.npz", weights=W, bias=b, mean=mean, std=std)
json.dump({
    "features": F.tolist(), "logits": L.tolist(),
    "classes": [v.tolist() if k else None for v, k in zip(C, known)],
    "similarities": {k: v.tolist() for k, v in spaces.items()},
}, open("golden.json", "w"))
