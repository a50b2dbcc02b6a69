"""How a page of an answer is put together, and how cursors lead from page to page."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

import orjson
from pydantic import Field
from starlette.responses import Response

from app.api.errors import invalid_params
from app.api.facets import Facet, FacetCounts, count_facet
from app.api.params import ListParams
from app.api.query_string import QueryString
from app.models import EntityType
from app.rendering import JsonObject
from app.schemas import Schema
from app.search.empty_selections import explain_empty_selection
from app.search.index.documents import UNDATED
from app.search.paging import DocumentKey, SeekKey, Sorting
from app.search.query_warnings import QueryWarning, UnknownValue, build_warnings
from app.search.selection import Ranking, Selection

SORTINGS: dict[str, Sorting] = {"-published": "newest", "published": "oldest", "title": "title"}

INVALID_CURSOR: JsonObject = {
    "parameter": "cursor",
    "message": "`cursor` is not one of ours; leave it out to start.",
}

MAX_RANK = 10_000_000


class Suggestion(Schema):
    """Something that may have been meant."""

    id: str
    """What the filter takes to choose it."""
    name: str
    """What people call it."""
    type: EntityType = Field(default_factory=lambda: "person")
    """Of an entity: what it is."""


class FilterWarning(Schema):
    """A value of a parameter that nothing in the corpus has, or that may have been meant otherwise."""

    parameter: str
    """The parameter that has it."""
    value: str
    """The value."""
    message: str
    """The same in a sentence."""
    did_you_mean: list[Suggestion]
    """What may have been meant, the nearest first; it is looked for of the first five values."""


class ListPage(Schema):
    """Some of what a question selects; `items` holds them."""

    total: int
    """How many the question selects."""
    next: str | None
    """Where to go on; null on the last page."""
    previous: str | None
    """Where to go back; null on the first page."""
    facets: dict[Facet, FacetCounts] = Field(default_factory=dict)
    """Where the question asks for them."""
    warnings: list[FilterWarning] = Field(default_factory=list)
    """Where a parameter has a value that nothing in the corpus has, or that may have been meant otherwise."""


def page_response(
    params: ListParams,
    query: QueryString,
    selection: Selection,
    page: "Page[Any]",
    items: Sequence[bytes],
    *,
    total: int,
    root_path: str,
    unknown: Sequence[UnknownValue | QueryWarning] = (),
    **more: Any,
) -> Response:
    """Return the response with a page of rendered items, links to its neighbours, facets and warnings."""
    following = page.after and query.page_url(root_path, encode_cursor(query, "n", *page.after))
    previous = page.before and query.page_url(root_path, encode_cursor(query, "p", *page.before))
    if params.facet:
        size = params.facet_size
        more["facets"] = {name: count_facet(name, size, params, selection) for name in dict.fromkeys(params.facet)}
    if warned := [*unknown, *(() if total else explain_empty_selection(params, selection))]:
        more["warnings"] = build_warnings(warned, selection.snapshot)
    rest = b'],"total":%d,"next":%b,"previous":%b' % (total, orjson.dumps(following), orjson.dumps(previous))
    besides = [b',"%b":%b' % (name.encode(), orjson.dumps(value)) for name, value in more.items()]
    body = b"".join([b'{"items":[', b",".join(items), rest, *besides, b"}"])
    links = [f'<{url}>; rel="{name}"' for name, url in (("next", following), ("prev", previous)) if url]
    headers = {"Link": ", ".join(links)} if links else None
    return Response(body, headers=headers, media_type="application/json")


Item = TypeVar("Item")


class Page(NamedTuple, Generic[Item]):
    """What one page lists, and the places where its neighbours begin, if there are any."""

    items: Sequence[Item]
    before: list[Any] | None
    after: list[Any] | None


def paginate(params: ListParams, query: QueryString, selection: Selection, sort: str) -> Page[DocumentKey]:
    """The page of a selection that the question's cursor leads to."""
    if sort == "relevance" and selection.ranking:
        return paginate_by_relevance(params, query, selection, selection.ranking)
    # Where all is equally relevant, the newest come first.
    sort = "-published" if sort == "relevance" else sort
    sorting, limit = SORTINGS[sort], params.limit
    direction, place = decode_cursor(params, query, str if sorting == "title" else int, str) or ("n", None)
    edge = check_seek_key(*place) if place else None
    backwards = direction == "p"
    found = selection.page(sorting, limit, edge, backwards=backwards)
    if backwards and not found.hits:
        # A new revision took away what stood there: back at the start, the list begins anew.
        backwards, edge = False, None
        found = selection.page(sorting, limit)
    if not found.hits:
        # Nothing stands there any more, or nothing at all; `here` is right behind the last one that was shown.
        here = edge and (edge[0], f"{edge[1]}0")
        return Page([], [*here] if here and selection.page(sorting, 1, here, backwards=True).hits else None, None)
    first, last = (partial(selection.pager.seek_key, found.hits[place]) for place in (0, -1))
    if backwards:
        before, after = found.more, bool(selection.page(sorting, 1, last()).hits)
    else:
        after = found.more
        before = edge is not None and bool(selection.page(sorting, 1, first(), backwards=True).hits)
    return Page(found.keys, [*first()] if before else None, [*last()] if after else None)


def check_seek_key(value: int | str, name: str) -> SeekKey:
    """The edge that a cursor tells. Raises `Problem` where it is none of ours."""
    known = 0 <= value <= UNDATED if isinstance(value, int) else re.fullmatch("[0-9a-f]+", value)
    if not (known and re.fullmatch("[0-9a-f]+", name)):
        raise invalid_params([INVALID_CURSOR])
    return value, name


def paginate_by_relevance(
    params: ListParams, query: QueryString, selection: Selection, ranking: Ranking
) -> Page[DocumentKey]:
    """The same by relevance: places are counted, so a cursor holds for one revision only."""
    limit, revision = params.limit, selection.snapshot.state.id
    direction, (made, start) = decode_cursor(params, query, str, int) or ("n", [revision, 0])
    if made != revision:
        message = "The corpus has changed since `cursor` was made; by relevance, start again without it."
        raise invalid_params([{"parameter": "cursor", "message": message}])
    if not 0 <= start <= MAX_RANK:
        raise invalid_params([INVALID_CURSOR])
    end = start + limit
    if direction == "p":
        start, end = max(0, start - limit), start
    found = selection.by_relevance(ranking, start, max(end - start, 1))
    return Page(found.keys, [revision, start] if start else None, [revision, end] if found.more else None)


def encode_cursor(query: QueryString, direction: str, *place: Any) -> str:
    """A cursor: a place in the answer to this question."""
    raw = orjson.dumps([query.hash, direction, *place])
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(params: ListParams, query: QueryString, *kinds: type) -> tuple[str, list[Any]] | None:
    """The direction and the place that the question's cursor holds; None without one. Raises `Problem`."""
    cursor = params.cursor
    if cursor is None:
        return None
    try:
        raw = cursor.encode("ascii")
        digest, direction, *place = orjson.loads(urlsafe_b64decode(raw + b"=" * (-len(raw) % 4)))
        if direction not in ("n", "p"):
            raise ValueError(cursor)
    except (ValueError, TypeError):
        raise invalid_params([INVALID_CURSOR]) from None
    if digest != query.hash:
        message = "`cursor` belongs to another question; leave it out to start."
        raise invalid_params([{"parameter": "cursor", "message": message}])
    if [type(it) for it in place] != list(kinds):
        raise invalid_params([INVALID_CURSOR])
    return direction, place
