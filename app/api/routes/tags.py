"""Tags: under which ones the articles of a selection stand, and each one by itself."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field
from starlette.responses import Response

from app.api.deps import CorpusDep, fields_of, select
from app.api.docs.responses import ERRORS, NOT_FOUND
from app.api.errors import Problem
from app.api.pagination import ListPage, page_response
from app.api.query_string import QueryStringDep, get_query_string
from app.api.routing import QueryRoute
from app.api.transforms import apply_changes, select_fields
from app.api.value_lists import ValueListParams, ValueRow, count_values, paginate_values
from app.rendering import JsonObject
from app.schemas import Schema
from app.search.directory import KnownTag

router = APIRouter(
    prefix="/tags",
    tags=["tags"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)


class TagLinks(Schema):
    """Where to go on from a tag."""

    articles: str
    """The articles that stand under it."""
    entities: str
    """Whom and what those articles name."""


class Tag(Schema):
    """A subject that articles stand under."""

    id: str
    """What filters and addresses call it."""
    url: str
    """Its address."""
    name: str
    """What people call it."""
    description: str | None
    """What the subject is, in a few words."""
    iptc: str | None
    """The code of the same subject among the IPTC Media Topics."""
    count: int
    """How many of the selected articles (under `within=paragraph`: paragraphs of articles) stand under it."""
    association: float | None
    """How much it belongs to the selection (normalised pointwise mutual information): from -1 to 1; null without
    a filter."""
    matched: str = Field(default_factory=str)
    """The name that fits `name` or `name_prefix`."""
    links: TagLinks
    """Where to go on from it."""


class TagPage(ListPage):
    """Some of the tags that a selection stands under."""

    items: list[Tag]
    """The tags of this page, in order."""


class TagListParams(ValueListParams):
    """Which tags to list: those that the selected articles stand under."""

    fields: Annotated[tuple[str, ...], fields_of(Tag)] = ()
    """Show only these fields of each tag."""


@router.get("", response_model=TagPage)
def list_tags(params: Annotated[TagListParams, Query()], corpus: CorpusDep, query: QueryStringDep) -> Response:
    """Under which tags the selected articles stand, the most frequent first."""
    directory = corpus.snapshot.directory
    selection, unknown = select(params, corpus.snapshot)
    counted = count_values(params, selection, "tag", directory.tag_names)
    page = paginate_values(query, counted)
    items = [orjson.dumps(shape(directory.tags[row.id], row, corpus.root_path)) for row in page.items]
    shown = apply_changes(items, select_fields(params.fields))
    return page_response(
        params, query, selection, page, shown, total=len(counted.values), root_path=corpus.root_path, unknown=unknown
    )


@router.get("/{id}", response_model=Tag, responses=NOT_FOUND)
def read_tag(id: Annotated[str, Path(description="The tag's id.")], corpus: CorpusDep) -> Response:
    """One tag."""
    tag = corpus.snapshot.directory.tags.get(id)
    if tag is None:
        raise Problem(404, f"There is no tag '{id}'.")
    articles = corpus.snapshot.value_counts("articles", "tag").totals.get(id, 0)
    body = orjson.dumps(shape(tag, ValueRow(id, articles, None, None), corpus.root_path))
    return Response(body, media_type="application/json")


def shape(tag: KnownTag, row: ValueRow, root_path: str) -> JsonObject:
    """A tag as it is answered, with its count in a selection."""
    said: JsonObject = {
        "id": tag.id, "url": f"{root_path}/tags/{tag.id}", "name": tag.name, "description": tag.description,
        "iptc": tag.iptc, "count": row.count, "association": row.association,
        "links": {
            "articles": f"{root_path}/articles?tag={tag.id}",
            "entities": f"{root_path}/entities?tag={tag.id}",
        },
    }  # fmt: skip
    if row.matched is not None:
        said["matched"] = row.matched
    return said
