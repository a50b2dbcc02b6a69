"""Mentions: flat rows, one for each mention in the selected paragraphs, with its context: a concordance."""

from typing import Annotated, Any, ClassVar, Literal, cast

import orjson
from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from app.api.deps import Corpus, CorpusDep
from app.api.docs.responses import ERRORS
from app.api.errors import invalid_param
from app.api.lists.concordance import order_by_context, read_rows
from app.api.lists.cursors import Cursor, decode_cursor, encode_cursor, invalid_cursor
from app.api.lists.facets import Facet, FacetCounts
from app.api.lists.mention_pages import END, MentionPager, Place, count_listed
from app.api.lists.mention_selection import MentionFilterParams, select_mentions
from app.api.lists.pagination import SORTINGS, FilterWarning, check_seek_key, count_facets
from app.api.params import ListParams, Sort
from app.api.query_string import QueryString, QueryStringDep, get_query_string
from app.api.routing import QueryRoute
from app.export.tables import flatten_layout, flatten_rows
from app.models import EntityType, Role
from app.rendering import JsonObject
from app.schemas import OffsetUnit, Schema
from app.search.query.warnings import build_warnings
from app.search.selection import Selection

router = APIRouter(
    prefix="/mentions",
    tags=["mentions"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)

UNCOUNTED = -1
"""Stands in a cursor for a total that is not known."""


class MentionRow(Schema):
    """A mention as a flat row: where it is, what it says, and what it names."""

    article: str
    """Identifier of the article."""
    title: str
    """Title of the article."""
    published_at: str | None
    """Date of publication, as precisely as it is known."""
    source: str | None
    """Source of the article."""
    tags: list[str]
    """Tags of the article (ids)."""
    position: int
    """Position of the paragraph in its article, from 0, the title."""
    role: Role
    """Role of the paragraph."""
    start: int
    """Start of the mention in the paragraph's text, in the response's `offset_unit`."""
    end: int
    """End of the mention, excluded."""
    exact: str
    """Text of the mention."""
    type: EntityType
    """Type of the entity."""
    entity: str | None
    """Identifier of the entity; null if it is not known."""
    name: str | None
    """Name of the entity."""
    wikidata: str | None
    """Wikidata id of the entity."""
    local: bool | None
    """Whether the entity comes from names in the articles, and neither a document nor a catalogue describes it; null
    without an entity."""
    label: str | None
    """Original type in the source of the annotation, if it differs."""
    origin: str
    """`given` if it comes with the article, or else the name of the annotator."""
    confidence: float | None
    """Confidence between 0 and 1, if the annotation has one."""
    evidence: str | None
    """Why a rule takes it for a name, such as `title` or `surname`; null for other origins."""
    before: str = Field(default_factory=str)
    """With `context`: the text before the mention."""
    after: str = Field(default_factory=str)
    """With `context`: the text after the mention."""


class MentionListPage(Schema):
    """A page of mentions."""

    items: list[MentionRow]
    """The mentions of this page. It may have fewer than `limit`, or none, and still be followed by others, if few of
    many paragraphs hold the mentions that are asked for."""
    total: int | None
    """Number of mentions; null if it would take too long to count them: by `exact`, or by `type` and `of` together, in
    more than 10,000 paragraphs."""
    paragraphs: int
    """Number of paragraphs that may hold such mentions."""
    next: str | None
    """URL of the next page; null on the last one."""
    previous: str | None
    """URL of the previous page; null on the first one."""
    offset_unit: OffsetUnit
    """Unit of offsets."""
    facets: dict[Facet, FacetCounts] = Field(default_factory=dict)
    """Counts of paragraphs by facet; only with `facet`."""
    warnings: list[FilterWarning] = Field(default_factory=list)
    """Filter values that do not occur in the corpus; only if there are any."""


class MentionListParams(MentionFilterParams, ListParams):
    """Which mentions to list, and how."""

    USES: ClassVar = ("mentions",)

    sort: Literal["-published", "published", "title", "left", "right"] = "-published"
    """The order of their articles, and within an article as they stand in its text; or, for at most 10,000 mentions,
    by the words before them (`left`, the nearest word first) or after them (`right`)."""


@router.get("", response_model=MentionListPage)
def list_mentions(params: Annotated[MentionListParams, Query()], corpus: CorpusDep, query: QueryStringDep) -> Response:
    """List the mentions in the selected paragraphs, a flat row for each: a concordance with `context`."""
    selection, unknown = select_mentions(params, corpus.snapshot)
    layout = params.mention_rows(corpus.snapshot.directory).layout
    columns = [column.name for column in flatten_layout(layout)]
    if params.sort in ("left", "right"):
        rows, total, before, after = page_by_context(params, query, corpus, selection)
    else:
        rows, total, before, after = page_by_place(params, query, corpus, selection)
    body: JsonObject = {
        "items": [dict(zip(columns, row, strict=True)) for row in flatten_rows(layout, rows)],
        "total": total,
        "paragraphs": selection.total,
        "next": after and query.page_url(corpus.root_path, after),
        "previous": before and query.page_url(corpus.root_path, before),
        "offset_unit": params.offset_unit,
    }
    if params.facet:
        body["facets"] = count_facets(params, selection, select_mentions)
    if unknown:
        body["warnings"] = build_warnings(unknown, corpus.snapshot)
    links = [f'<{body[key]}>; rel="{name}"' for key, name in (("next", "next"), ("previous", "prev")) if body[key]]
    headers = {"Link": ", ".join(links)} if links else None
    return Response(orjson.dumps(body), headers=headers, media_type="application/json")


PageOfRows = tuple[list[Any], int | None, str | None, str | None]
"""Rows, the number of all rows, and the cursors of the previous and the next page."""


def page_by_place(params: MentionListParams, query: QueryString, corpus: Corpus, selection: Selection) -> PageOfRows:
    """Return a page in the order of the articles. Its cursors carry the total, which is counted once a revision."""
    sorting = SORTINGS[cast("Sort", params.sort)]  # Sorting by context is `page_by_context`.
    rows = params.mention_rows(corpus.snapshot.directory)
    pager = MentionPager(selection, corpus.documents, rows, sorting)
    cursor = decode_cursor(params.cursor, query, str if sorting == "title" else int, str, int, int, int)
    direction, position = cursor or ("n", None)
    place = None if position is None else check_place(*position[:3])
    revision = corpus.snapshot.state.revision
    is_current = position is not None and position[4] == revision
    # Most cursors hold the place of a row; others that of a paragraph, where scanning ended.
    has_row = is_current and place is not None and 0 <= place.number < END
    page = pager.page(params.limit, place, backwards=direction == "p", has_row=has_row)
    if direction == "p" and not page.rows and page.before is None:
        # A new revision took away what stood there: the list begins anew.
        page = pager.page(params.limit, None, backwards=False)
    if position is not None and is_current:
        total = None if position[3] == UNCOUNTED else position[3]
    else:
        total = count_listed(params, selection, corpus)
    carried = (UNCOUNTED if total is None else total, revision)
    before = page.before and encode_cursor(query, "p", [*page.before, *carried])
    after = page.after and encode_cursor(query, "n", [*page.after, *carried])
    return page.rows, total, before, after


def check_place(value: int | str, name: str, number: int) -> Place:
    """Return the place that a cursor holds. Raises `Problem` if it is not one of ours."""
    check_seek_key(value, name)
    if len(name) < 10 or len(name) % 2 or not -1 <= number <= 2**31:
        raise invalid_cursor()
    return Place(value, name, number)


def page_by_context(params: MentionListParams, query: QueryString, corpus: Corpus, selection: Selection) -> PageOfRows:
    """Return a page by the words around the mentions. Ranks are counted, so that a cursor holds for one revision."""
    revision = corpus.snapshot.state.id
    cursor = decode_cursor(params.cursor, query, str, int) or Cursor("n", [revision, 0])
    cursor_revision, start = cursor.position
    if cursor_revision != revision:
        message = "The corpus has changed since `cursor` was made; by context, start again without it."
        raise invalid_param("cursor", message)
    rows = params.mention_rows(corpus.snapshot.directory)
    mentions = order_by_context(query, corpus, selection, rows, params.sort)
    if not 0 <= start <= len(mentions):
        raise invalid_cursor()
    end, limit = start + params.limit, params.limit
    before = encode_cursor(query, "p", [revision, max(0, start - limit)]) if start else None
    after = encode_cursor(query, "n", [revision, end]) if end < len(mentions) else None
    return read_rows(mentions[start:end], corpus.documents, rows), len(mentions), before, after
