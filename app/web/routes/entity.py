"""`/entities/{id}.html`: an entity, when and where it is named, and with whom."""

import asyncio
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from app.api.lists.concordance import MOST_SORTED
from app.web.api_client import ApiDep
from app.web.charts import load_timeline
from app.web.companion_graph import draw_graph, load_companions
from app.web.links import PageUrl, read_page_url
from app.web.templating import render_page

router = APIRouter()

MOST_COMPANIONS: Final = 12
"""More companions can't be told apart in the picture of a phone."""

MOST_MENTIONS: Final = 12
"""Lines of the concordance."""

CONTEXT: Final = 50
"""Characters of text on either side of a mention: they fill a line of a tablet."""

NEWEST: Final = 6
"""Most articles that the page shows."""


@router.get("/entities/graph.html")
async def refuse_graph() -> Response:
    """Refuse the path of the graph, which has no page and is no entity's."""
    raise HTTPException(404)


@router.get("/entities/{id:id}.html")
async def show_entity(request: Request, id: str, api: ApiDep) -> Response:
    """Return the page of an entity; of a former id or a Wikidata id, the redirection to it."""
    url = read_page_url(request)
    entity = await api.get(f"/entities/{id}", url.parameters)
    articles_url = PageUrl(url.root, "/articles", (("entity", id),))
    (mentions, newest), timeline, companions = await asyncio.gather(
        api.get_all(
            ("/mentions", [("of", id), ("context", CONTEXT), ("limit", MOST_MENTIONS)]),
            ("/articles", [*articles_url.parameters, ("limit", NEWEST)]),
        ),
        load_timeline(api, articles_url),
        load_companions(api, id, MOST_COMPANIONS),
    )
    return await render_page(
        request,
        "entity.html",
        entity=entity,
        companions=companions,
        graph=draw_graph(companions),
        mentions=mentions,
        most_sorted=MOST_SORTED,
        newest=newest,
        timeline=timeline,
        articles_url=articles_url,
    )
