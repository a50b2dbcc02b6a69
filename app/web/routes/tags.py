"""`/tags.html` and `/tags/{id}.html`: the subjects of articles, and one of them."""

import asyncio
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.api_client import ApiDep
from app.web.charts import load_timeline
from app.web.links import PageUrl, read_page_url
from app.web.lists import load_list, read_list_url
from app.web.templating import render_page

router = APIRouter()

FACETS: Final = {"entity": "Named", "tag": "Together with", "source": "Sources", "language": "Languages"}
"""Fields that are counted beside the list, and their headings."""

MOST_RELATED: Final = 12
"""Most entities and tags that the page of a tag shows."""

NEWEST: Final = 6
"""Most articles that the page of a tag shows."""


@router.get("/tags.html")
async def show_tags(request: Request, api: ApiDep) -> Response:
    """Return the page with the tags of the selected articles."""
    content = await load_list(api, read_list_url(request), FACETS)
    return await render_page(request, "tags.html", facets=FACETS, **content)


@router.get("/tags/{id:id}.html")
async def show_tag(request: Request, id: str, api: ApiDep) -> Response:
    """Return the page of a tag: when, with whom and with what else articles are about it."""
    url = read_page_url(request)
    tag = await api.get(f"/tags/{id}", url.parameters)
    articles_url = PageUrl(url.root, "/articles", (("tag", id),))
    question = articles_url.parameters
    (entities, tags, newest), timeline = await asyncio.gather(
        api.get_all(
            ("/entities", [*question, ("limit", MOST_RELATED)]),
            ("/tags", [*question, ("limit", MOST_RELATED + 1)]),
            ("/articles", [*question, ("limit", NEWEST)]),
        ),
        load_timeline(api, articles_url),
    )
    return await render_page(
        request,
        "tag.html",
        tag=tag,
        entities=entities,
        related=[other for other in tags["items"] if other["id"] != id],
        newest=newest,
        timeline=timeline,
        articles_url=articles_url,
    )
