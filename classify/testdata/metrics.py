"""Makes metrics.csv: scikit-learn's figures on logits that the test makes too.

Logits of picture i and class c are (((i * 7919 + c * 104729 + i * c * 31) % 10007) / 1000);
they hold no ties within a picture here. The class of picture i is i * 13 % 40, and its logit gets 6 more where i % 3 is 0.
Its ReaL labels are i * 5 % 40, and its class where i is even; none where i % 7 is 0. The ReaL accuracy is that of
Beyer et al. 2020: over the pictures with labels, the share whose top-1 is one of them.
"""

import numpy as np
from sklearn.metrics import confusion_matrix, top_k_accuracy_score

n, k = 600, 40
i, c = np.arange(n)[:, None], np.arange(k)[None, :]
logits = ((i * 7919 + c * 104729 + i * c * 31) % 10007) / 1000
truth = (np.arange(n) * 13) % k
logits[np.arange(n) % 3 == 0, truth[np.arange(n) % 3 == 0]] += 6
logits = logits.astype(np.float32)
p = np.exp(logits.astype(float))
p /= p.sum(1, keepdims=True)
top, conf = logits.argmax(1), p.max(1)
edges = np.linspace(0, 1, 16)
ece = 0.0
for low, high in zip(edges[:-1], edges[1:]):
    inside = (conf > low) & (conf <= high)
    if inside.any():
        ece += inside.mean() * abs((top == truth)[inside].mean() - conf[inside].mean())
real = [set() if i % 7 == 0 else {i * 5 % k} | ({truth[i]} if i % 2 == 0 else set()) for i in range(n)]
found = [top[i] in real[i] for i in range(n) if real[i]]
with open("metrics.csv", "w") as out:
    out.write("figure,a,b,value\n")
    out.write("ties,,,%d\n" % sum(len(set(row)) < k for row in logits))
    for t in (1, 5):
        out.write("top,%d,,%.12f\n" % (t, top_k_accuracy_score(truth, logits, k=t, labels=range(k))))
    out.write("ece,,,%.12f\n" % ece)
    out.write("real,%d,,%.12f\n" % (len(found), np.mean(found)))
    m = confusion_matrix(truth, top, labels=range(k))
    for a in range(k):
        for b in range(k):
            if m[a, b]:
                out.write("confusion,%d,%d,%d\n" % (a, b, m[a, b]))
