"""Entities: which ones a selection names, and each one by itself."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from app.api.deps import CorpusDep, fields_of, select
from app.api.docs.responses import ERRORS, NOT_FOUND
from app.api.errors import Problem
from app.api.pagination import ListPage, page_response
from app.api.query_string import QueryStringDep, get_query_string
from app.api.routing import QueryRoute
from app.api.transforms import apply_changes, select_fields
from app.api.value_lists import ValueListParams, ValueRow, count_values, paginate_values
from app.models import EntityType
from app.rendering import JsonObject
from app.schemas import Schema
from app.search.directory import KnownEntity
from app.search.filters import Types

router = APIRouter(
    prefix="/entities",
    tags=["entities"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)


class EntityLinks(Schema):
    """Where to go on from an entity."""

    articles: str
    """The articles that name it."""
    paragraphs: str
    """The paragraphs that name it."""
    related: str
    """What is named in one paragraph with it."""


class Entity(Schema):
    """Somebody or something that texts speak of."""

    id: str
    """What filters and addresses call it."""
    url: str
    """Its address."""
    name: str
    """What people call it."""
    type: EntityType
    """Somebody or something of which kind it is."""
    description: str | None
    """Who or what it is, in a few words."""
    wikidata: str | None
    """Its id in Wikidata."""
    aliases: list[str]
    """Its other names."""
    count: int
    """How many of the selected articles (under `within=paragraph`: paragraphs) name it."""
    mentions: int
    """How often the whole corpus mentions it."""
    first: str | None
    """The day of the oldest article of the corpus that names it."""
    last: str | None
    """The day of the newest article of the corpus that names it."""
    association: float | None
    """How much it belongs to the selection (normalised pointwise mutual information): from -1, never in it, over 0,
    as often as chance has it, to 1, only and always in it; null without a filter."""
    matched: str = Field(default_factory=str)
    """The name or alias that fits `name` or `name_prefix`."""
    local: bool
    """Whether it was made from a name in the articles, and no document and no catalogue describes it."""
    links: EntityLinks
    """Where to go on from it."""


class EntityPage(ListPage):
    """Some of the entities that a selection names."""

    items: list[Entity]
    """The entities of this page, in order."""


class EntityListParams(ValueListParams):
    """Which entities to list: those that the selected articles name."""

    type: Types = ()
    """Only entities of one of these types."""
    fields: Annotated[tuple[str, ...], fields_of(Entity)] = ()
    """Show only these fields of each entity."""


@router.get("", response_model=EntityPage)
def list_entities(params: Annotated[EntityListParams, Query()], corpus: CorpusDep, query: QueryStringDep) -> Response:
    """Whom and what the selected articles name, the most often named first, but for those that the filters name."""
    directory = corpus.snapshot.directory
    selection, unknown = select(params, corpus.snapshot)
    filtered = {*params.entity, *params.entity_any, *params.entity_not}
    left_out = {it.id for reference in filtered if (it := directory.entity(reference))}

    def kept(id: str) -> bool:
        return directory.entities[id].type in params.type

    counted = count_values(params, selection, "entity", directory.entity_names, left_out, kept if params.type else None)
    page = paginate_values(query, counted)
    items = [orjson.dumps(shape(directory.entities[row.id], row, corpus.root_path)) for row in page.items]
    shown = apply_changes(items, select_fields(params.fields))
    return page_response(
        params, query, selection, page, shown, total=len(counted.values), root_path=corpus.root_path, unknown=unknown
    )


@router.get(
    "/{id}", response_model=Entity, responses={
        **NOT_FOUND,
        308: {"description": "`id` is a Wikidata id or a former id; this is its own address."},
    },
)  # fmt: skip
def read_entity(
    id: Annotated[str, Path(description="The entity's id; also its Wikidata id, or an id that it had once.")],
    corpus: CorpusDep,
) -> Response:
    """One entity, with what the whole corpus says of it."""
    entity = corpus.snapshot.directory.entity(id)
    if entity is None:
        raise Problem(404, f"There is no entity '{id}'.")
    if entity.id != id:
        return RedirectResponse(f"{corpus.root_path}/entities/{entity.id}", 308)
    body = orjson.dumps(shape(entity, ValueRow(id, entity.articles, None, None), corpus.root_path))
    return Response(body, media_type="application/json")


def shape(entity: KnownEntity, row: ValueRow, root_path: str) -> JsonObject:
    """An entity as it is answered, with its count in a selection."""
    said: JsonObject = {
        "id": entity.id, "url": f"{root_path}/entities/{entity.id}", "name": entity.name, "type": entity.type,
        "description": entity.description, "wikidata": entity.wikidata, "local": entity.local,
        "aliases": [*entity.aliases],
        "count": row.count, "mentions": entity.mentions,
        "first": entity.first, "last": entity.last,
        "association": row.association,
        "links": {
            "articles": f"{root_path}/articles?entity={entity.id}",
            "paragraphs": f"{root_path}/paragraphs?entity={entity.id}",
            "related": f"{root_path}/entities?entity={entity.id}&within=paragraph",
        },
    }  # fmt: skip
    if row.matched is not None:
        said["matched"] = row.matched
    return said
