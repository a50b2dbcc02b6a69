"""Pagination: cut one page from a selection, link to its neighbours, and write the response."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

import orjson
from pydantic import Field
from starlette.responses import Response

from app.api.deps import select
from app.api.errors import invalid_param
from app.api.lists.cursors import Cursor, decode_cursor, encode_cursor, invalid_cursor
from app.api.lists.facets import Facet, FacetCounts, count_facet, has_plain_counts
from app.api.params import ListParams, Sort
from app.api.query_string import QueryString
from app.models import EntityType
from app.rendering import JsonObject
from app.schemas import Schema
from app.search.index.documents import UNDATED
from app.search.paging import DocumentKey, SeekKey, Sorting
from app.search.query.empty_selections import explain_empty_selection
from app.search.query.filters import facet_parameter
from app.search.query.warnings import QueryWarning, UnknownValue, build_warnings
from app.search.selection import Ranking, Selection
from app.search.snapshot import Snapshot

SORTINGS: dict[Sort, Sorting] = {
    "-published": "newest",
    "published": "oldest",
    "-updated": "newest_update",
    "updated": "oldest_update",
    "title": "title",
    "-word_count": "longest",
    "word_count": "shortest",
}

MAX_RANK = 10_000_000
"""Largest rank that is accepted from a cursor, which a client may have forged."""


class Suggestion(Schema):
    """Something that may have been meant."""

    id: str
    """Value to use in the filter."""
    name: str
    """Display name."""
    type: EntityType = Field(default_factory=lambda: "person")
    """Type of the entity; only for entities."""


class FilterWarning(Schema):
    """A value that does not occur in the corpus, or that may have been meant otherwise."""

    parameter: str
    """Name of the parameter."""
    value: str
    """The unknown value."""
    message: str
    """The warning, in one sentence."""
    did_you_mean: list[Suggestion]
    """Similar values, the most similar first; only for the first five unknown values."""


class ListPage(Schema):
    """One page of the items that a query selects."""

    total: int
    """Number of items on all pages."""
    next: str | None
    """URL of the next page; null on the last page."""
    previous: str | None
    """URL of the previous page; null on the first page."""
    facets: dict[Facet, FacetCounts] = Field(default_factory=dict)
    """Counts by facet; only with `facet`."""
    warnings: list[FilterWarning] = Field(default_factory=list)
    """Values that do not occur in the corpus or may mean something else, and why `q` finds nothing; only if any."""


Item = TypeVar("Item")
Params = TypeVar("Params", bound=ListParams)


class Page(NamedTuple, Generic[Item]):
    """The items of a page, and its place in the list."""

    items: Sequence[Item]
    total: int
    """The number of items of all pages."""
    before: list[Any] | None
    """The position where the previous page ends, if there is one."""
    after: list[Any] | None
    """The position where the next page begins, if there is one."""


def page_response(
    params: ListParams,
    query: QueryString,
    selection: Selection,
    page: Page[Any],
    items: Sequence[bytes],
    *,
    root_path: str,
    unknown: Sequence[UnknownValue | QueryWarning] = (),
    **fields: Any,
) -> Response:
    """Return the response with a page of rendered items, links to its neighbours, facets and warnings."""
    next_url = page.after and query.page_url(root_path, encode_cursor(query, "n", page.after))
    previous_url = page.before and query.page_url(root_path, encode_cursor(query, "p", page.before))
    if params.facet:
        fields["facets"] = count_facets(params, selection, select)
    if warnings := [*unknown, *(() if page.total else explain_empty_selection(params, selection))]:
        fields["warnings"] = build_warnings(warnings, selection.snapshot)
    counts = b'],"total":%d,"next":%b,"previous":%b' % (page.total, orjson.dumps(next_url), orjson.dumps(previous_url))
    more = [b',"%b":%b' % (name.encode(), orjson.dumps(value)) for name, value in fields.items()]
    body = b"".join([b'{"items":[', b",".join(items), counts, *more, b"}"])
    links = [f'<{url}>; rel="{rel}"' for rel, url in (("next", next_url), ("prev", previous_url)) if url]
    headers = {"Link": ", ".join(links)} if links else None
    return Response(body, headers=headers, media_type="application/json")


def count_facets(
    params: Params, selection: Selection, select: Callable[[Params, Snapshot], tuple[Selection, Any]]
) -> JsonObject:
    """Return the facets of a list. Each ignores the filter on its own values, so that others have counts, too.

    Those that ignore none, and count values whatever they are, are counted together.
    """
    size, prefix, snapshot = params.facet_size, params.facet_prefix, selection.snapshot
    parameters = {name: facet_parameter(name) for name in params.facet}
    whole = [name for name, parameter in parameters.items() if parameter not in params.model_fields_set]
    tops = selection.tops([name for name in whole if has_plain_counts(name, prefix, params)], size + 1)
    facets: JsonObject = {}
    for name, parameter in parameters.items():
        facet_selection = selection
        if name not in whole:
            facet_selection, _ = select(params.model_copy(update={parameter: ()}), snapshot)
        facets[name] = count_facet(name, size, prefix, params, facet_selection, tops.get(name))
    return facets


def paginate(params: ListParams, query: QueryString, selection: Selection, sort: Sort) -> Page[DocumentKey]:
    """Return the page of a selection that the cursor points to. Raises `Problem` for an invalid cursor."""
    if sort == "relevance" and selection.ranking:
        return paginate_by_relevance(params, query, selection, selection.ranking)
    # Without a ranking everything is equally relevant, so the newest come first.
    sorting, limit = SORTINGS["-published" if sort == "relevance" else sort], params.limit
    cursor = decode_cursor(params.cursor, query, str if sorting == "title" else int, str)
    seek_key = check_seek_key(*cursor.position) if cursor else None
    backwards = cursor is not None and cursor.direction == "p"
    result = selection.page(sorting, limit, seek_key, backwards=backwards)
    if backwards and not result.hits:
        # A new revision removed all items before the cursor: return the first page.
        backwards, seek_key = False, None
        result = selection.page(sorting, limit)
    total = selection.total
    if not result.hits:
        # No item follows the cursor, or there are none at all. "0" makes the key the next one after the cursor's.
        return Page([], total, [seek_key[0], f"{seek_key[1]}0"] if seek_key and total else None, None)
    is_cut = total > result.remaining
    before, after = (result.more, is_cut) if backwards else (is_cut, result.more)
    first, last = (partial(selection.pager.seek_key, result.hits[index]) for index in (0, -1))
    return Page(result.keys, total, [*first()] if before else None, [*last()] if after else None)


def check_seek_key(value: int | str, name: str) -> SeekKey:
    """Return the seek key that a cursor contains. Raises `Problem` for one that this service did not make."""
    is_valid = 0 <= value <= UNDATED if isinstance(value, int) else re.fullmatch("[0-9a-f]+", value)
    if not (is_valid and re.fullmatch("[0-9a-f]+", name)):
        raise invalid_cursor()
    return value, name


def paginate_by_relevance(
    params: ListParams, query: QueryString, selection: Selection, ranking: Ranking
) -> Page[DocumentKey]:
    """Return the page of a ranking that the cursor points to. Raises `Problem` for an invalid cursor.

    The cursor contains a rank, so it is valid for one revision only.
    """
    limit, revision = params.limit, selection.snapshot.state.id
    cursor = decode_cursor(params.cursor, query, str, int) or Cursor("n", [revision, 0])
    cursor_revision, start = cursor.position
    if cursor_revision != revision:
        message = "The corpus has changed since `cursor` was made; by relevance, start again without it."
        raise invalid_param("cursor", message)
    if not 0 <= start <= MAX_RANK:
        raise invalid_cursor()
    end = start + limit
    if cursor.direction == "p":
        start, end = max(0, start - limit), start
    result = selection.by_relevance(ranking, start, max(end - start, 1))
    before, after = [revision, start] if start else None, [revision, end] if result.more else None
    return Page(result.keys, selection.total, before, after)
