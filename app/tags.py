"""Tags: under which ones the articles of a selection stand, and each one by itself."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Path
from starlette.responses import Response
from typing_extensions import TypedDict

from app.answers import PageShape, page
from app.counted import CountedQuestion, narrow, walk_counted
from app.presentation import options, present
from app.problems import Problem
from app.questions import Asked, Empty, asks, parameters
from app.resources import CorpusDep, chosen, problems, select_or_refuse
from app.search.directory import KnownTag
from app.search.filters import Filters
from app.shapes import documented

router = APIRouter(tags=["tags"])


@documented
class TagLinks(TypedDict):
    """Where to go on from a tag."""

    articles: str
    entities: str


@documented
class TagShape(TypedDict):
    """A subject that articles stand under."""

    id: str
    url: str
    name: str
    description: str | None
    iptc: str | None
    """The code of the same subject among the IPTC Media Topics."""
    count: int
    """How many of the selected articles (under `within=paragraph`: paragraphs of articles) stand under it."""
    association: float | None
    links: TagLinks


class TagPage(PageShape[TagShape]):
    """Some of the tags that a selection stands under."""


class TagsQuestion(CountedQuestion):
    """Which tags to list: those that the selected articles stand under."""

    fields: Annotated[list[str], chosen(TagShape)] = []
    """Show only these fields of each tag."""


@router.get(
    "/tags",
    response_model=TagPage,
    responses=problems(),
    openapi_extra={"parameters": parameters(TagsQuestion)},
)
async def list_tags(
    asked: Annotated[Asked[TagsQuestion], Depends(asks(TagsQuestion, "/tags"))], corpus: CorpusDep
) -> Response:
    """Under which tags the selected articles stand, the most frequent first."""
    question, directory = asked.question, corpus.snapshot.directory
    selection, warned = select_or_refuse(question, corpus.snapshot, "article")
    rows = narrow(question, selection.counts("tag"), directory.tag_names)
    found = walk_counted(asked, rows, lambda id: directory.tags[id].name)
    items = [orjson.dumps(shape(directory.tags[id], count, corpus.root_path)) for id, count in found.rows]
    shown = present(items, options(question.fields, "codepoint"))
    return page(asked, corpus.root_path, shown, len(rows), found.before, found.after, warned)


@router.get(
    "/tags/{id}",
    response_model=TagShape,
    responses=problems(404),
    dependencies=[Depends(asks(Empty, "/tags/{id}"))],
)
async def read_tag(
    id: Annotated[str, Path(description="The tag's id.")],
    corpus: CorpusDep,
) -> Response:
    """One tag."""
    tag = corpus.snapshot.directory.tags.get(id)
    if tag is None:
        raise Problem(404, f"There is no tag '{id}'.")
    selection, _ = select_or_refuse(Filters(tag=[id]), corpus.snapshot, "article")
    body = orjson.dumps(shape(tag, selection.total, corpus.root_path))
    return Response(body, media_type="application/json")


def shape(tag: KnownTag, count: int, root_path: str) -> TagShape:
    """A tag as it is answered, with its count in a selection."""
    return {
        "id": tag.id, "url": f"{root_path}/tags/{tag.id}", "name": tag.name, "description": tag.description,
        "iptc": tag.iptc, "count": count, "association": None,
        "links": {
            "articles": f"{root_path}/articles?tag={tag.id}",
            "entities": f"{root_path}/entities?tag={tag.id}",
        },
    }  # fmt: skip
