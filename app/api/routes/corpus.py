"""`/corpus`: describe the corpus as a whole."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.responses import Response

from app.api.deps import CorpusDep
from app.api.docs.responses import ERRORS
from app.api.query_string import get_query_string
from app.api.revisions import Revision, RevisionChanges, render_changes, render_revision
from app.api.routing import QueryRoute
from app.rendering import JsonObject
from app.schemas import Schema
from app.search.index.schema import Kind
from app.search.selection import MatchAll

router = APIRouter(
    prefix="/corpus",
    tags=["corpus"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)


class PublishedRange(Schema):
    """The years in which articles were published."""

    first: str | None
    """Year of the oldest article."""
    last: str | None
    """Year of the newest article."""
    undated: int
    """Number of articles without a date."""


class ValueCount(Schema):
    """A value with its number of articles."""

    value: str
    """Value to use in the filter."""
    count: int
    """Number of articles with this value."""


class Refusal(Schema):
    """A reason for which files were refused."""

    message: Annotated[str, Field(examples=["The file is empty; expected an article."])]
    """What is wrong with the first of them, in the words of `articles check`, without paths."""
    files: Annotated[int, Field(examples=[3])]
    """How many files it keeps from being served, as a whole or in part."""


class RefusedFiles(Schema):
    """Files that are not served, as a whole or in part, because they have faults."""

    files: int
    """How many there are."""
    reasons: list[Refusal]
    """Why, the most frequent reasons first."""


class CorpusSummary(Schema):
    """The corpus: its revision, size, years, languages and sources."""

    revision: Revision
    """Revision that all responses are based on."""
    articles: int
    """Number of articles."""
    paragraphs: int
    """Number of paragraphs."""
    mentions: int
    """Number of mentions."""
    entities: int
    """Number of entities with mentions."""
    tags: int
    """Number of tags with articles."""
    published: PublishedRange
    """Years of publication."""
    languages: list[ValueCount]
    """Languages of the articles, the most frequent first."""
    sources: list[ValueCount]
    """Sources of the articles, the most frequent first."""
    refused: RefusedFiles
    """Files that were refused when the corpus was seeded."""
    changes: list[RevisionChanges]
    """What the last revisions changed, at most five, the newest first."""


@router.get("", response_model=CorpusSummary)
def read_corpus(corpus: CorpusDep) -> Response:
    """Return the size of the corpus, its years, languages and sources, and what its last revisions changed."""
    revision = corpus.snapshot.directory.revision
    kind: Kind = "articles"
    everything = MatchAll(corpus.snapshot, kind)

    def values(field: str) -> list[JsonObject]:
        return [{"value": value, "count": count} for value, count in everything.counts(field)]

    years = everything.counts("year")
    dated = sum(count for _, count in years)
    body: JsonObject = {
        "revision": render_revision(revision),
        "articles": revision["articles"],
        "paragraphs": revision["paragraphs"],
        "mentions": revision["mentions"],
        "entities": len(everything.counts("entity")),
        "tags": len(everything.counts("tag")),
        "published": {
            "first": min((year for year, _ in years), default=None),
            "last": max((year for year, _ in years), default=None),
            "undated": revision["articles"] - dated,
        },
        "languages": values("language"),
        "sources": values("source"),
        "refused": revision["refused"],
        "changes": render_changes(corpus.snapshot.directory.revisions),
    }
    return Response(orjson.dumps(body), media_type="application/json")
