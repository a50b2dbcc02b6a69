"""How well the ranking finds what people judged relevant: TIME and Cranfield, over HTTP, as users ask.

    uv run python -m tests.benchmarks.quality [FOLDER]

FOLDER holds ir_time and ir_cranfield, each with docs.jsonl, queries.jsonl and qrels.tsv (query, 0, document,
judgement; -1 is not relevant). Every query is asked with `match=any`; mean average precision and nDCG at 10 are
printed beside those of plain BM25 with Porter's stemmer, and beside what is to be reached.
"""

import json
import math
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from app.settings import Settings
from tests.benchmarks.environment import forget_settings
from tests.conftest import SHARED, Api, seed_into, write_documents

PLAIN_BM25 = {"ir_time": (0.690, 0.751), "ir_cranfield": (0.296, 0.375)}
TARGETS = {"ir_time": (0.692, 0.754), "ir_cranfield": (0.303, 0.381)}

Relevant = set[str]
"""The documents that were judged relevant."""


def read(path: Path) -> list[dict[str, Any]]:
    """The lines of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def judgements(path: Path) -> dict[str, Relevant]:
    """What is relevant to each query."""
    judged: dict[str, Relevant] = defaultdict(set)
    for line in path.read_text(encoding="utf-8").splitlines():
        query, _, document, grade = line.split("\t")
        if int(grade) > 0:
            judged[query].add(document)
    return judged


def average_precision(ranked: list[str], relevant: Relevant) -> float:
    """The mean, over the relevant documents, of the precision where each is found."""
    hits, total = 0, 0.0
    for place, document in enumerate(ranked, start=1):
        if document in relevant:
            hits += 1
            total += hits / place
    return total / len(relevant)


def ndcg(ranked: list[str], relevant: Relevant, depth: int = 10) -> float:
    """Discounted gain of the first ten, as a share of the best that is possible; relevant is relevant."""
    gain = sum((document in relevant) / math.log2(place + 1) for place, document in enumerate(ranked[:depth], start=1))
    return gain / sum(1 / math.log2(place + 1) for place in range(1, min(len(relevant), depth) + 1))


def rank(api: Api, question: str) -> list[str]:
    """All hits of a question, page by page."""
    hits = api.walk("/articles", q=question, match="any", limit=100, fields="id")
    return [hit["id"] for hit in hits]


def measure(folder: Path, name: str) -> tuple[float, float]:
    """MAP and nDCG@10 of one collection."""
    documents = [
        {"id": doc["id"], "title": doc.get("title") or "-", "text": doc["text"] or doc["title"], "language": "en"}
        for doc in read(folder / name / "docs.jsonl")
        if doc["text"] or doc.get("title")
    ]
    judged = judgements(folder / name / "qrels.tsv")
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(data=Path(scratch) / "data")
        seed_into(settings, write_documents(Path(scratch) / "documents", documents))
        api = Api(settings)
        ranked = {
            query["id"]: rank(api, query["text"])
            for query in read(folder / name / "queries.jsonl")
            if judged.get(query["id"])
        }
        api.close()
    count = len(ranked)
    return (
        sum(average_precision(hits, judged[query]) for query, hits in ranked.items()) / count,
        sum(ndcg(hits, judged[query]) for query, hits in ranked.items()) / count,
    )


def main() -> None:
    """Measure both collections, and say whether the targets are reached."""
    forget_settings()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "corpora"
    if not (folder / "ir_time").is_dir():
        print(f"skipped: there are no collections at {folder}")
        return
    print(f"{'':14}{'MAP':>8}{'nDCG@10':>10}{'plain BM25':>18}{'target':>18}")
    missed = False
    for name, target in TARGETS.items():
        reached = measure(folder, name)
        missed |= any(value < aim for value, aim in zip(reached, target, strict=True))
        plain = "{:.3f} / {:.3f}".format(*PLAIN_BM25[name])
        aim = "{:.3f} / {:.3f}".format(*target)
        print(f"{name:14}{reached[0]:8.3f}{reached[1]:10.3f}{plain:>18}{aim:>18}")
    sys.exit(missed)


if __name__ == "__main__":
    main()
