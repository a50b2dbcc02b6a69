"""What is asked, of us and of Datasette, how much of it must be the same, and what is aimed at."""

import json
from typing import Any, NamedTuple
from urllib.parse import quote

from tests.benchmarks.generated import word

# Words of which each has a stem of its own, in both: in a fourteenth of the articles, and in nearly half of them.
USUAL, COMMON = word(400), word(60)
ENTITY, PREFIX = "entity-0", "beb"

SHOWN = "&".join(f"_col={name}" for name in ("id", "title", "source", "language", "published_at", "lead", "tags"))
LIST = f"_shape=objects&_size=20&{SHOWN}"

THROUGH = quote(json.dumps({"table": "mention", "column": "entity", "value": ENTITY}))
FOUND = quote(f"article in (select rowid from article_words where article_words match '{USUAL}')")


class Question(NamedTuple):
    """A question as each is asked it."""

    name: str
    ours: str
    theirs: str
    target: float | None
    """Which share of bare uvicorn's speed an uncached answer is to have."""


QUESTIONS = (
    # Of an article, theirs has the text; ours also its paragraphs, tags, and mentions with their places.
    Question("article", "/articles/article-0000007", "/corpus/article/8.json?_shape=objects", 0.20),
    Question("newest", "/articles", f"/corpus/article.json?_sort_desc=published_at&{LIST}", 0.14),
    Question("q", f"/articles?q={USUAL}", f"/corpus/article.json?_search={USUAL}&{LIST}", 0.10),
    Question("q, common word", f"/articles?q={COMMON}", f"/corpus/article.json?_search={COMMON}&{LIST}", None),
    Question(
        "q + entity", f"/articles?q={USUAL}&entity={ENTITY}",
        f"/corpus/article.json?_search={USUAL}&_through={THROUGH}&{LIST}", 0.10,
    ),
    # By the pairs of articles and tags: theirs is quicker so than by `_facet_array=tags`.
    Question(
        "tag facet of q", f"/articles?q={USUAL}&facet=tag&limit=1",
        f"/corpus/article_tag.json?_where={FOUND}&_facet=tag&_facet_size=10&_shape=objects&_size=1", 0.06,
    ),
    Question(
        "name prefix", f"/entities?name_prefix={PREFIX}",
        f"/corpus/entity.json?_search={PREFIX}*&_searchmode=raw&_shape=objects&_size=20&_sort_desc=articles", 0.14,
    ),
)  # fmt: skip

CACHED, REVALIDATED = 0.85, 1.0
"""The share of bare uvicorn that a held answer, and a 304, are to have."""
DATASETTE = {"uncached": 40, "cached": 300}
"""How many times less CPU time than Datasette, in the geometric mean; set for 100,000 articles."""


class Told(NamedTuple):
    """What answers must have in common."""

    total: int | None
    ids: list[str]
    facet: dict[str, int]


def told_by_us(answer: Any) -> Told:
    """What our answer says."""
    ids = [it["id"] for it in answer.get("items", [answer])]
    counts = {it["value"]: it["count"] for facet in answer.get("facets", {}).values() for it in facet["values"]}
    return Told(answer.get("total"), ids, counts)


def told_by_datasette(answer: Any) -> Told:
    """What Datasette's answer says; its total counts pairs where it counts tags."""
    counts = {it["value"]: it["count"] for facet in answer.get("facet_results", {}).values() for it in facet["results"]}
    total = None if counts else answer.get("filtered_table_rows_count")
    return Told(total, [it["id"] for it in answer["rows"] if "id" in it], counts)
