"""Entities: which ones a selection names, and each one by itself."""

from typing import Annotated, NotRequired

import orjson
from fastapi import Path
from starlette.responses import RedirectResponse, Response
from typing_extensions import TypedDict

from app.api.deps import chosen, select_or_refuse, success
from app.api.errors import Problem
from app.api.pagination import PageShape, page_response
from app.api.params import Asked, NoParams
from app.api.routing import resources
from app.api.transforms import apply_changes, select_fields
from app.api.value_lists import ValueListParams, ValueRow, count_values, paginate_values
from app.models import EntityType
from app.schemas import documented
from app.search.directory import KnownEntity
from app.search.filters import Types

router = resources("entities")


@documented
class EntityLinks(TypedDict):
    """Where to go on from an entity."""

    articles: str
    """The articles that name it."""
    paragraphs: str
    """The paragraphs that name it."""
    related: str
    """What is named in one paragraph with it."""


@documented
class EntityShape(TypedDict):
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
    matched: NotRequired[str]
    """The name or alias that fits `name` or `name_prefix`."""
    links: EntityLinks
    """Where to go on from it."""


@documented
class EntityPage(PageShape):
    """Some of the entities that a selection names."""

    items: list[EntityShape]
    """The entities of this page, in order."""


class EntityListParams(ValueListParams):
    """Which entities to list: those that the selected articles name."""

    type: Types = ()
    """Only entities of one of these types."""
    fields: Annotated[tuple[str, ...], chosen(EntityShape)] = ()
    """Show only these fields of each entity."""


@router.get("/entities", responses=success(EntityPage))
def list_entities(asked: Asked[EntityListParams]) -> Response:
    """Whom and what the selected articles name, the most often named first, but for those that the filters name."""
    question, corpus = asked.question, asked.corpus
    directory = corpus.snapshot.directory
    selection, unknown = select_or_refuse(question, corpus.snapshot)
    filtered = {*question.entity, *question.entity_any, *question.entity_not}
    left_out = {it.id for reference in filtered if (it := directory.entity(reference))}

    def kept(id: str) -> bool:
        return directory.entities[id].type in question.type

    counted = count_values(
        question, selection, "entity", directory.entity_names, left_out, kept if question.type else None
    )
    found = paginate_values(asked, counted)
    items = [orjson.dumps(shape(directory.entities[row.id], row, corpus.root_path)) for row in found.rows]
    shown = apply_changes(items, select_fields(question.fields))
    return page_response(asked, selection, shown, len(counted.values), found.before, found.after, unknown)


@router.get(
    "/entities/{id}", responses={
        **success(EntityShape),
        308: {"description": "`id` is a Wikidata id or a former id; this is its own address."},
    },
)  # fmt: skip
def read_entity(
    asked: Asked[NoParams],
    id: Annotated[str, Path(description="The entity's id; also its Wikidata id, or an id that it had once.")],
) -> Response:
    """One entity, with what the whole corpus says of it."""
    corpus = asked.corpus
    entity = corpus.snapshot.directory.entity(id)
    if entity is None:
        raise Problem(404, f"There is no entity '{id}'.")
    if entity.id != id:
        return RedirectResponse(f"{corpus.root_path}/entities/{entity.id}", 308)
    body = orjson.dumps(shape(entity, ValueRow(id, entity.articles, None, None), corpus.root_path))
    return Response(body, media_type="application/json")


def shape(entity: KnownEntity, row: ValueRow, root_path: str) -> EntityShape:
    """An entity as it is answered, with its count in a selection."""
    said: EntityShape = {
        "id": entity.id, "url": f"{root_path}/entities/{entity.id}", "name": entity.name, "type": entity.type,
        "description": entity.description, "wikidata": entity.wikidata, "aliases": [*entity.aliases],
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
