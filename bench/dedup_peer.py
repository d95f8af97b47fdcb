"""Near-duplicates by datatrove's MinHash: FOLDER of JSON lines, FOLDER to work in.

Prints how many rows are kept. Word 5-grams and 25 bands of 5 hashes, as `isomer curate` has them.
"""

import gzip
import os
import sys
from pathlib import Path

from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers.jsonl import JsonlWriter
from datatrove.utils.hashing import HashConfig


def main(rows: str, work: str) -> None:
    workers = len(os.sched_getaffinity(0))
    config = MinhashConfig(
        n_grams=5, num_buckets=25, hashes_per_bucket=5, hash_config=HashConfig(precision=64)
    )

    def run(name: str, tasks: int, *pipeline) -> None:
        LocalPipelineExecutor(
            pipeline=list(pipeline),
            tasks=tasks,
            workers=min(tasks, workers),
            logging_dir=f"{work}/logs/{name}",
        ).run()

    def read() -> JsonlReader:
        return JsonlReader(rows, text_key="statement", id_key="id")

    # A task reads whole files; one for each worker lets all of them read.
    split(rows, workers)
    run("signatures", workers, read(), MinhashDedupSignature(f"{work}/signatures", config=config))
    run(
        "buckets",
        config.num_buckets,
        MinhashDedupBuckets(f"{work}/signatures", f"{work}/buckets", config=config),
    )
    run(
        "clusters",
        1,
        MinhashDedupCluster(f"{work}/buckets", f"{work}/remove", config=config),
    )
    run(
        "filter",
        workers,
        read(),
        MinhashDedupFilter(f"{work}/remove"),
        JsonlWriter(f"{work}/out"),
    )
    kept = 0
    for file in Path(work, "out").glob("*.jsonl.gz"):
        with gzip.open(file) as lines:
            kept += sum(1 for _ in lines)
    print(kept)


def split(rows: str, parts: int) -> None:
    """Deals the lines of the only file out to several files in its place."""
    (whole,) = Path(rows).glob("*.jsonl")
    with open(whole, "rb") as lines:
        outputs = [open(Path(rows, f"part-{part}.jsonl"), "wb") for part in range(parts)]
        for number, line in enumerate(lines):
            outputs[number % parts].write(line)
    for output in outputs:
        output.close()
    whole.unlink()


if __name__ == "__main__":
    main(*sys.argv[1:])
