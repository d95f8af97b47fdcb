"""Writes vectors.json and sets.json: what vendi-score, scikit-learn and NumPy say about fixed data.

    python make_vectors.py        needs numpy, scikit-learn and vendi-score
"""

import json
from pathlib import Path

import numpy as np
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import jaccard_score
from sklearn.metrics.pairwise import cosine_distances, cosine_similarity
from sklearn.neighbors import NearestNeighbors
from vendi_score import vendi

HERE = Path(__file__).parent


def plain(rows):
    """Numbers that single precision holds exactly, so that all compute with the same."""
    return (np.round(rows * 1024) / 1024).astype(np.float32).astype(np.float64)


def vectors():
    random = np.random.default_rng(11)
    cases = []
    for count, columns, kinds in [(3, 2, 3), (12, 40, 12), (60, 8, 5), (40, 40, 3), (90, 33, 90)]:
        middles = random.normal(size=(kinds, columns))
        rows = plain(middles[random.integers(0, kinds, count)] * 2 + random.normal(size=(count, columns)))
        others = plain(random.normal(size=(2 * count, columns)) + 0.3)
        distances = cosine_distances(rows)
        pca = PCA(2, svd_solver="full").fit(rows)
        found = NearestNeighbors(n_neighbors=1, metric="cosine", algorithm="brute").fit(others)
        cosines = cosine_similarity(rows, others)
        nearest = found.kneighbors(rows, return_distance=False)[:, 0]
        cases.append({
            "columns": columns,
            "rows": rows.ravel().tolist(),
            "others": others.ravel().tolist(),
            "vendi": float(vendi.score_X(rows, normalize=True)),
            "vendi_dual": float(vendi.score_dual(rows, normalize=True)),
            "mean_distance": float(distances[np.triu_indices(count, 1)].mean()),
            "variances": pca.explained_variance_.tolist(),
            "places": pca.transform(rows).ravel().tolist(),
            "nearest": nearest.tolist(),
            "cosines": cosines[np.arange(count), nearest].tolist(),
        })
    (HERE / "vectors.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


def numbers():
    random = np.random.default_rng(5)
    cases = []
    for count in [1, 2, 7, 100, 1001]:
        values = random.beta(2, 5, count)
        shares = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0]
        cases.append({
            "numbers": values.tolist(),
            "shares": shares,
            "quantiles": np.quantile(values, shares).tolist(),
            "bins": np.histogram(values, 20, (0.0, 1.0))[0].tolist(),
        })
    (HERE / "spread.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


def sets():
    """Word n-grams as scikit-learn counts them, of texts made of few words."""
    random = np.random.default_rng(3)
    words = np.array("sum the sorted list of ships until a tree has no path left".split())
    texts = [" ".join(words[random.integers(0, len(words), size)]) for size in [3, 9, 30, 80, 200, 200]]
    texts += [texts[3] + " " + texts[2], texts[4].upper().replace(" ", ", ")]
    cases = []
    for size in [1, 2, 5]:
        counts = CountVectorizer(ngram_range=(size, size), token_pattern=r"(?u)\b\w+\b").fit_transform(texts)
        grams = counts.toarray() > 0
        for one in range(len(texts)):
            for other in range(len(texts)):
                if grams[one].any() and grams[other].any():
                    cases.append({
                        "one": one, "other": other, "size": size,
                        "jaccard": float(jaccard_score(grams[one], grams[other])),
                        "containment": float((grams[one] & grams[other]).sum() / grams[one].sum()),
                    })
    (HERE / "sets.json").write_text(
        json.dumps({"texts": texts, "cases": cases}, separators=(",", ":")) + "\n")


vectors()
numbers()
sets()
