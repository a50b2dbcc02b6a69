"""`/tags`: list the tags of a selection, read one tag."""

from typing import Annotated
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field
from starlette.responses import Response

from app.api.deps import CorpusDep, fields_of, select
from app.api.docs.responses import ERRORS, NOT_FOUND
from app.api.lists.pagination import ListPage, page_response
from app.api.lists.value_lists import (
    ValueListParams,
    ValueRow,
    count_values,
    paginate_values,
    warn_of_name,
    warn_of_unknown_ids,
)
from app.api.query_string import QueryStringDep, get_query_string
from app.api.routing import QueryRoute
from app.api.transforms import apply_changes, select_fields
from app.rendering import JsonObject
from app.schemas import Schema
from app.search.names.directory import KnownTag
from app.search.query.filters import Values

router = APIRouter(
    prefix="/tags",
    tags=["tags"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)


class TagLinks(Schema):
    """URLs of resources that are related to a tag."""

    articles: str
    """Articles with this tag."""
    entities: str
    """Entities that these articles mention."""


class Tag(Schema):
    """A tag: a subject of articles."""

    id: str
    """Identifier, as used in filters and URLs."""
    url: str
    """URL of this resource."""
    name: str
    """Display name."""
    description: str | None
    """Short description of the subject."""
    iptc: str | None
    """Code of the same subject in the IPTC Media Topics."""
    count: int
    """Number of selected articles (with `within=paragraph`: paragraphs) with this tag."""
    association: float | None
    """How characteristic the tag is of the selection: normalised pointwise mutual information, from -1 (never occurs
    in it) over 0 (as often as by chance) to 1 (occurs always and only in it). Null without a filter."""
    matched: str = Field(default_factory=str)
    """Name that `name` or `name_prefix` matches; only with one of them."""
    links: TagLinks
    """URLs of related resources."""


class TagPage(ListPage):
    """One page of the tags of a selection."""

    items: list[Tag]
    """Tags of this page, in order."""


class TagListParams(ValueListParams):
    """Which tags to list, among those of the selected articles."""

    tag_id: Values = ()
    """Read these tags (ids); `tag` selects articles that have them, `id` selects articles."""
    fields: Annotated[tuple[str, ...], fields_of(Tag, matched=("name", "name_prefix"))] = ()
    """Return only these fields of each tag."""


@router.get("", response_model=TagPage)
def list_tags(params: Annotated[TagListParams, Query()], corpus: CorpusDep, query: QueryStringDep) -> Response:
    """List the tags of the selected articles, the most frequent first."""
    directory = corpus.snapshot.directory
    selection, unknown = select(params, corpus.snapshot)
    unknown += warn_of_unknown_ids("tag_id", "tag", params.tag_id, corpus.snapshot)
    tags = count_values(params, selection, "tag", {*params.tag_id} if params.tag_id else None)
    page = paginate_values(query, tags)
    unknown += warn_of_name(params, "tag", directory.tag_names, corpus.snapshot)
    items = [orjson.dumps(render_tag(directory.tags[row.id], row, corpus.root_path)) for row in page.items]
    items = apply_changes(items, select_fields(params.fields))
    return page_response(params, query, selection, page, items, root_path=corpus.root_path, unknown=unknown)


@router.get("/{id}", response_model=Tag, responses=NOT_FOUND)
def read_tag(id: Annotated[str, Path(description="Identifier of the tag.")], corpus: CorpusDep) -> Response:
    """Return one tag, with its count in the whole corpus."""
    tag = corpus.snapshot.directory.tags.get(id)
    if tag is None:
        raise corpus.not_found("tag", id)
    articles = corpus.snapshot.value_counts("articles", "tag").totals.get(id, 0)
    body = orjson.dumps(render_tag(tag, ValueRow(id, articles, None, None), corpus.root_path))
    return Response(body, media_type="application/json")


def render_tag(tag: KnownTag, row: ValueRow, root_path: str) -> JsonObject:
    """Return a tag as JSON, with its count in a selection."""
    rendered: JsonObject = {
        "id": tag.id,
        "url": f"{root_path}/tags/{quote(tag.id)}",
        "name": tag.name,
        "description": tag.description,
        "iptc": tag.iptc,
        "count": row.count,
        "association": row.association,
        "links": {
            "articles": f"{root_path}/articles?tag={quote(tag.id)}",
            "entities": f"{root_path}/entities?tag={quote(tag.id)}",
        },
    }
    if row.matched is not None:
        rendered["matched"] = row.matched
    return rendered
