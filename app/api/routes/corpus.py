"""The corpus as a whole."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.responses import Response

from app.api.deps import CorpusDep
from app.api.docs.responses import ERRORS
from app.api.query_string import get_query_string
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


class Revision(Schema):
    """One state of the whole corpus."""

    number: int
    """Counts the revisions, from 1."""
    id: str
    """Names this one among all that ever were."""
    at: str
    """When it was made, in UTC."""


class PublishedRange(Schema):
    """From when to when articles appeared."""

    first: str | None
    """The year of the oldest article."""
    last: str | None
    """The year of the newest article."""
    undated: int
    """How many articles have no date."""


class ValueCount(Schema):
    """A value, and how many articles have it."""

    value: str
    """The value, as the filter takes it."""
    count: int
    """How many articles have it."""


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
    """What is served."""

    revision: Revision
    """The state that all answers are given from."""
    articles: int
    """How many articles there are."""
    paragraphs: int
    """How many paragraphs they have."""
    mentions: int
    """How many names are marked in them."""
    entities: int
    """How many entities are named."""
    tags: int
    """Under how many tags articles stand."""
    published: PublishedRange
    """When they appeared."""
    languages: list[ValueCount]
    """The languages they are in, the most frequent first."""
    sources: list[ValueCount]
    """The sources they come from, the most frequent first."""
    refused: RefusedFiles
    """The files that were refused when the corpus was made."""


@router.get("", response_model=CorpusSummary)
def read_corpus(corpus: CorpusDep) -> Response:
    """What is served: its revision, how much it is, from when to when, in which languages, from which sources."""
    revision = corpus.snapshot.directory.revision
    kind: Kind = "articles"
    everything = MatchAll(corpus.snapshot, kind)

    def values(field: str) -> list[JsonObject]:
        return [{"value": value, "count": count} for value, count in everything.counts(field)]

    days = sorted(value for value, _ in everything.counts("year"))
    shape: JsonObject = {
        "revision": {
            "number": revision["number"], "id": revision["id"],
            "at": revision["at"].isoformat().replace("+00:00", "Z"),
        },
        "articles": revision["articles"],
        "paragraphs": revision["paragraphs"],
        "mentions": revision["mentions"],
        "entities": len(everything.counts("entity")),
        "tags": len(everything.counts("tag")),
        "published": {
            "first": days[0] if days else None, "last": days[-1] if days else None,
            "undated": revision["articles"] - sum(count for _, count in everything.counts("year")),
        },
        "languages": values("language"),
        "sources": values("source"),
        "refused": revision["refused"],
    }  # fmt: skip
    return Response(orjson.dumps(shape), media_type="application/json")
