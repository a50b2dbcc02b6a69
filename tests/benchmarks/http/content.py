"""What answers of different servers to the same question must have in common."""

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from tests.benchmarks.http.client import WrongAnswerError

PAGE = 20


class Content(NamedTuple):
    """The content of an answer: how many there are in all, the ids of this page, and the counts of facets."""

    total: int | None
    ids: Sequence[str]
    counts: dict[str, int]


def read_articles(body: bytes) -> Content:
    """Return what a response of this project says."""
    page = orjson.loads(body)
    counts = {value["value"]: value["count"] for facet in page.get("facets", {}).values() for value in facet["values"]}
    return Content(page.get("total"), [item["id"] for item in page.get("items", [page])], counts)


def compare_contents(path: str, ours: Content, theirs: Content, name: str) -> None:
    """Compare the answers of two servers. Raises `WrongAnswerError` where they differ.

    Which of equally frequent values a facet cuts off is left to each; so is which articles are the most relevant,
    where not all are on the page.
    """
    if ours.total != theirs.total and None not in (ours.total, theirs.total):
        raise WrongAnswerError(f"{path}: the total is {ours.total}; {name} says {theirs.total}")
    shared = ours.counts.keys() & theirs.counts.keys()
    if sorted(ours.counts.values()) != sorted(theirs.counts.values()) or any(
        ours.counts[value] != theirs.counts[value] for value in shared
    ):
        raise WrongAnswerError(f"{path}: the counts are {ours.counts}; {name} says {theirs.counts}")
    is_complete = path.partition("?")[0] == path or "cursor" in path or (ours.total or 0) <= PAGE
    if is_complete and not ours.counts and sorted(ours.ids) != sorted(theirs.ids):
        raise WrongAnswerError(f"{path}: the ids are {ours.ids}; {name} says {theirs.ids}")
