"""`/entities`: list the entities that a selection mentions, read one entity."""

from typing import Annotated
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from app.api.deps import CorpusDep, fields_of, select
from app.api.docs.responses import ERRORS, NOT_FOUND, Responses
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
from app.models import EntityType
from app.rendering import JsonObject
from app.schemas import Schema
from app.search.names.directory import EntityDirectory, KnownEntity
from app.search.query.filters import Types, Values

router = APIRouter(
    prefix="/entities",
    tags=["entities"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)


class EntityLinks(Schema):
    """URLs of resources that are related to an entity."""

    articles: str
    """Articles that mention it."""
    paragraphs: str
    """Paragraphs that mention it."""
    related: str
    """Entities that are mentioned in the same paragraphs."""


class Entity(Schema):
    """A person, place or other thing that articles mention."""

    id: str
    """Identifier, as used in filters and URLs."""
    url: str
    """URL of this resource."""
    name: str
    """Display name."""
    type: EntityType
    """Type of the entity."""
    description: str | None
    """Short description of the entity."""
    wikidata: str | None
    """Identifier in Wikidata."""
    aliases: list[str]
    """Other names."""
    count: int
    """Number of selected articles (with `within=paragraph`: paragraphs) that mention it; with `origin`,
    `min_confidence`, `entity_in` or `min_mentions`, that mention it in this way."""
    mentions: int
    """Number of mentions in the whole corpus."""
    first: str | None
    """Date of the oldest article in the corpus that mentions it."""
    last: str | None
    """Date of the newest article in the corpus that mentions it."""
    association: float | None
    """How characteristic the entity is of the selection: normalised pointwise mutual information, from -1 (never occurs
    in it) over 0 (as often as by chance) to 1 (occurs always and only in it). Null without a filter."""
    matched: str = Field(default_factory=str)
    """Name or alias that `name` or `name_prefix` matches; only with one of them."""
    local: bool
    """Whether the entity comes from names in the articles, and neither a document nor a catalogue describes it."""
    links: EntityLinks
    """URLs of related resources."""


class EntityPage(ListPage):
    """One page of the entities that a selection mentions."""

    items: list[Entity]
    """Entities of this page, in order."""


class EntityListParams(ValueListParams):
    """Which entities to list, among those that the selected articles mention."""

    entity_id: Values = ()
    """Read these entities (ids or Wikidata ids); `entity` selects by mentions, `id` selects articles."""
    type: Types = ()
    """Require one of these types."""
    fields: Annotated[tuple[str, ...], fields_of(Entity, matched=("name", "name_prefix"))] = ()
    """Return only these fields of each entity."""


@router.get("", response_model=EntityPage)
def list_entities(params: Annotated[EntityListParams, Query()], corpus: CorpusDep, query: QueryStringDep) -> Response:
    """List the entities that the selected articles mention, the most frequent first, without those of the filters."""
    directory = corpus.snapshot.directory
    selection, unknown = select(params, corpus.snapshot)
    filter_values = {*params.entity, *params.entity_any, *params.entity_not}
    excluded = {entity.id for value in filter_values if (entity := directory.entity(value))}
    excluded |= {id for name in params.entity_name for id in directory.entity_names.exact(name)}

    unknown += warn_of_unknown_ids("entity_id", "entity", params.entity_id, corpus.snapshot)
    entities = count_values(params, selection, "entity", list_ids(params, directory), excluded)
    page = paginate_values(query, entities)
    unknown += warn_of_name(params, "entity", directory.entity_names, corpus.snapshot)
    items = [orjson.dumps(render_entity(directory.entities[row.id], row, corpus.root_path)) for row in page.items]
    items = apply_changes(items, select_fields(params.fields))
    return page_response(params, query, selection, page, items, root_path=corpus.root_path, unknown=unknown)


def list_ids(params: EntityListParams, directory: EntityDirectory) -> set[str] | None:
    """Return the ids of the entities that may be listed; None if all may."""
    ids = directory.select_ids(params.type, params.local)
    if params.entity_id:
        requested = {entity.id for value in params.entity_id if (entity := directory.entity(value))}
        return requested if ids is None else requested & ids
    return ids


MOVED: Responses = {308: {"description": "`id` is a Wikidata id or a former id; `Location` has the current URL."}}


@router.get("/{id}", response_model=Entity, responses={**NOT_FOUND, **MOVED})
def read_entity(
    id: Annotated[str, Path(description="Identifier of the entity, its Wikidata id, or a former identifier.")],
    corpus: CorpusDep,
) -> Response:
    """Return one entity, with counts in the whole corpus."""
    entity = corpus.snapshot.directory.entity(id)
    if entity is None:
        raise corpus.not_found("entity", id)
    if entity.id != id:
        return RedirectResponse(f"{corpus.root_path}/entities/{quote(entity.id)}", 308)
    body = orjson.dumps(render_entity(entity, ValueRow(id, entity.articles, None, None), corpus.root_path))
    return Response(body, media_type="application/json")


def render_entity(entity: KnownEntity, row: ValueRow, root_path: str) -> JsonObject:
    """Return an entity as JSON, with its count in a selection."""
    rendered: JsonObject = {
        "id": entity.id,
        "url": f"{root_path}/entities/{quote(entity.id)}",
        "name": entity.name,
        "type": entity.type,
        "description": entity.description,
        "wikidata": entity.wikidata,
        "local": entity.local,
        "aliases": [*entity.aliases],
        "count": row.count,
        "mentions": entity.mentions,
        "first": entity.first,
        "last": entity.last,
        "association": row.association,
        "links": {
            "articles": f"{root_path}/articles?entity={quote(entity.id)}",
            "paragraphs": f"{root_path}/paragraphs?entity={quote(entity.id)}",
            "related": f"{root_path}/entities?entity={quote(entity.id)}&within=paragraph",
        },
    }
    if row.matched is not None:
        rendered["matched"] = row.matched
    return rendered
