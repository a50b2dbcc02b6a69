"""Entities: which ones a selection names, and each one by itself."""

from typing import Annotated, NotRequired

import orjson
from fastapi import APIRouter, Depends, Path
from starlette.responses import RedirectResponse, Response
from typing_extensions import TypedDict

from app.answers import PageShape, page
from app.counted import CountedQuestion, Row, count, walk_counted
from app.models import EntityType
from app.presentation import choose, present
from app.problems import Problem
from app.questions import Asked, Empty, asks, parameters
from app.resources import CorpusDep, chosen, problems, select_or_refuse
from app.search.directory import KnownEntity
from app.search.filters import Types
from app.shapes import documented

router = APIRouter(tags=["entities"])


@documented
class EntityLinks(TypedDict):
    """Where to go on from an entity."""

    articles: str
    paragraphs: str
    related: str
    """What is named in one paragraph with it."""


@documented
class EntityShape(TypedDict):
    """Somebody or something that texts speak of."""

    id: str
    url: str
    name: str
    type: EntityType
    description: str | None
    wikidata: str | None
    aliases: list[str]
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


class EntityPage(PageShape):
    """Some of the entities that a selection names."""

    items: list[EntityShape]


class EntitiesQuestion(CountedQuestion):
    """Which entities to list: those that the selected articles name."""

    type: Types = []
    """Only entities of one of these types."""
    fields: Annotated[list[str], chosen(EntityShape)] = []
    """Show only these fields of each entity."""


@router.get(
    "/entities", response_model=EntityPage, responses=problems(),
    openapi_extra={"parameters": parameters(EntitiesQuestion)},
)  # fmt: skip
async def list_entities(
    asked: Annotated[Asked[EntitiesQuestion], Depends(asks(EntitiesQuestion, "/entities"))], corpus: CorpusDep
) -> Response:
    """Whom and what the selected articles name, the most often named first, but for those that the filters name."""
    question, directory = asked.question, corpus.snapshot.directory
    selection, warned = select_or_refuse(question, corpus.snapshot)
    filtered = {*question.entity, *question.entity_any, *question.entity_not}
    left_out = {it.id for reference in filtered if (it := directory.entity(reference))}
    rows = [
        row for row in count(question, selection, "entity", directory.entity_names)
        if row.id not in left_out and (not question.type or directory.entities[row.id].type in question.type)
    ]  # fmt: skip
    found = walk_counted(asked, rows, lambda id: directory.entities[id].name)
    items = [orjson.dumps(shape(directory.entities[row.id], row, corpus.root_path)) for row in found.rows]
    shown = present(items, choose(question.fields))
    return page(asked, corpus, shown, len(rows), found.before, found.after, warned)


@router.get(
    "/entities/{id}", response_model=EntityShape, dependencies=[Depends(asks(Empty, "/entities/{id}"))],
    responses={308: {"description": "`id` is a Wikidata id or a former id; this is its own address."}, **problems(404)},
)  # fmt: skip
async def read_entity(
    id: Annotated[str, Path(description="The entity's id; also its Wikidata id, or an id that it had once.")],
    corpus: CorpusDep,
) -> Response:
    """One entity, with what the whole corpus says of it."""
    entity = corpus.snapshot.directory.entity(id)
    if entity is None:
        raise Problem(404, f"There is no entity '{id}'.")
    if entity.id != id:
        return RedirectResponse(f"{corpus.root_path}/entities/{entity.id}", 308)
    body = orjson.dumps(shape(entity, Row(id, entity.articles, None, None), corpus.root_path))
    return Response(body, media_type="application/json")


def shape(entity: KnownEntity, row: Row, root_path: str) -> EntityShape:
    """An entity as it is answered, with its count in a selection."""
    said: EntityShape = {
        "id": entity.id, "url": f"{root_path}/entities/{entity.id}", "name": entity.name, "type": entity.type,
        "description": entity.description, "wikidata": entity.wikidata, "aliases": entity.aliases,
        "count": row.count, "mentions": entity.mentions,
        "first": entity.first.date().isoformat() if entity.first else None,
        "last": entity.last.date().isoformat() if entity.last else None,
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
