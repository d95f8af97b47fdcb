"""Writes information.json and clusters.json: what scikit-learn and scipy say about fixed data.

    python make.py        needs numpy, scipy and scikit-learn
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import entropy
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs
from sklearn.metrics import mutual_info_score

HERE = Path(__file__).parent


def joint(*columns):
    """Plug-in entropy of columns together, in nats."""
    _, counts = np.unique(np.stack(columns, axis=1), axis=0, return_counts=True)
    return float(entropy(counts))


def conditional(x, y, z):
    """I(X; Y | Z) as the mean over strata of scikit-learn's mutual information."""
    total = 0.0
    for value in np.unique(z):
        rows = z == value
        total += rows.mean() * mutual_info_score(x[rows], y[rows])
    return float(total)


def corrected(*columns):
    table = np.unique(np.stack(columns, axis=1), axis=0)
    return joint(*columns) + (len(table) - 1) / (2 * len(columns[0]))


def labels(random, items, kinds, like=None, noise=1.0):
    drawn = random.integers(0, kinds, items)
    if like is None:
        return drawn
    return np.where(random.random(items) < noise, drawn, like % kinds)


def information():
    random = np.random.default_rng(7)
    cases = []
    for items, kinds in [(1, 1), (2, 2), (12, 3), (60, 7), (200, 10), (2000, 10), (500, 40)]:
        for noise in [0.0, 0.4, 1.0]:
            z = labels(random, items, kinds)
            x = labels(random, items, kinds, z, noise)
            y = labels(random, items, max(2, kinds - 1), x, noise)
            cases.append({
                "x": x.tolist(), "y": y.tolist(), "z": z.tolist(),
                "entropy": joint(x),
                "mutual": float(mutual_info_score(x, y)),
                "conditional": conditional(x, y, z),
                "corrected_entropy": corrected(x),
                "corrected_mutual": corrected(x) + corrected(y) - corrected(x, y),
                "corrected_conditional":
                    corrected(x, z) + corrected(y, z) - corrected(x, y, z) - corrected(z),
            })
    (HERE / "information.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


def clusters():
    cases = []
    for items, columns, kinds, width in [(60, 3, 4, 0.4), (150, 8, 6, 1.0), (300, 5, 8, 2.5)]:
        rows, _ = make_blobs(items, columns, centers=kinds, cluster_std=width, random_state=3)
        rows = rows.astype(np.float32)
        rows = np.round(rows, 3).astype(np.float32)
        found = KMeans(kinds, n_init=50, random_state=0).fit(rows.astype(np.float64))
        cases.append({
            "columns": columns, "clusters": kinds, "rows": [float(f"{x:.3f}") for x in rows.ravel()],
            "labels": found.labels_.tolist(), "spread": found.inertia_ / items,
        })
    (HERE / "clusters.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


information()
clusters()
