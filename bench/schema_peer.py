"""Entropy and information of elements, computed as the published scripts of ADR do.

FILE holds rows {"problem": text, "elements": {name: text, ...}}, FOLDER a sentence model. Every text is
embedded and every set of texts clustered again for each figure that it occurs in: once for the entropy of
an element, and for each ordered pair of elements both of them and the problems. Prints JSON: the figures,
and the time of all that work without the start of Python and of the model.
"""

import json
import math
import sys
import time
from collections import Counter

from sentence_transformers import SentenceTransformer
from sklearn.cluster import KMeans


class Original:
    def __init__(self, folder: str) -> None:
        self.model = SentenceTransformer(folder)
        self.embedded = 0

    def labels(self, texts: list[str]) -> list[int]:
        self.embedded += len(texts)
        vectors = self.model.encode(texts)
        clusters = min(max(2, math.isqrt(len(texts))), 10, len(texts))
        return KMeans(n_clusters=clusters, n_init=10, random_state=42).fit_predict(vectors).tolist()

    def entropy(self, texts: list[str]) -> float:
        return entropy(self.labels(texts))

    def information(self, x: list[str], y: list[str], z: list[str]) -> float:
        x, y, z = self.labels(x), self.labels(y), self.labels(z)
        joint = entropy(list(zip(x, y, z)))
        return entropy(list(zip(x, z))) + entropy(list(zip(y, z))) - joint - entropy(z)


def entropy(labels: list) -> float:
    total = len(labels)
    return -sum(n / total * math.log(n / total) for n in Counter(labels).values())


def main(file: str, folder: str) -> None:
    with open(file, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    problems = [row["problem"] for row in rows]
    elements = {name: [row["elements"][name] for row in rows] for name in rows[0]["elements"]}
    original = Original(folder)
    original.model.encode(problems[:1])
    start, cpu = time.perf_counter(), time.process_time()
    entropies = [original.entropy(texts) for texts in elements.values()]
    information = [
        [None if x == z else original.information(elements[x], problems, elements[z]) for z in elements]
        for x in elements
    ]
    print(
        json.dumps(
            {
                "items": len(rows),
                "embedded": original.embedded,
                "seconds": time.perf_counter() - start,
                "cpu": time.process_time() - cpu,
                "entropy": entropies,
                "information": information,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
