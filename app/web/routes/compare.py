"""`/compare.html?entity=a&entity=b`: two entities side by side, and what names both."""

import asyncio
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.api.errors import invalid_param
from app.web.api_client import ApiClient, ApiDep
from app.web.comparison import load_timelines, resolve_side
from app.web.links import PageUrl, read_page_url
from app.web.templating import render_page

router = APIRouter()

SHOWN: Final = 6
"""Most articles, paragraphs and entities of each list."""

SUGGESTED: Final = 60
"""Names that the fields suggest, the most frequent ones: they work without a script."""


@router.get("/compare.html")
async def show_comparison(request: Request, api: ApiDep) -> Response:
    """Return the page that compares two entities, or asks which ones; names redirect to the ids they stand for."""
    url = read_page_url(request)
    check_parameters(url)
    texts = [*url.values("entity"), "", ""][:2]
    *sides, suggestions = await asyncio.gather(
        *(resolve_side(api, text) for text in texts), api.get("/entities", [("limit", SUGGESTED), ("fields", "name")])
    )
    entities = [side.entity for side in sides if side.entity]
    ids = [entity["id"] for entity in entities]
    if len(ids) == 2 and ids != url.values("entity"):
        return RedirectResponse(str(PageUrl(url.root, "/compare", tuple(("entity", id) for id in ids))), 307)
    content = await load_comparison(api, url, ids) if len({*ids}) == 2 else {}
    return await render_page(
        request, "compare.html", sides=sides, entities=entities, suggestions=suggestions["items"], **content
    )


def check_parameters(url: PageUrl) -> None:
    """Raise `Problem` if there is anything but two entities, which the page could only ignore."""
    for name, _ in url.parameters:
        if name != "entity":
            raise invalid_param(name, f"This page has no parameter `{name}`; it compares two of `entity`.")
    if len(url.values("entity")) > 2:
        raise invalid_param("entity", "This page compares two entities; `entity` may stand in its address twice.")


async def load_comparison(api: ApiClient, url: PageUrl, ids: list[str]) -> dict[str, Any]:
    """Return what two entities have in common, and when each is named."""
    both = tuple(("entity", id) for id in ids)
    limit = ("limit", SHOWN)
    (articles, paragraphs, companions), timelines = await asyncio.gather(
        api.get_all(
            ("/articles", [*both, limit]),
            ("/paragraphs", [*both, limit]),
            ("/entities", [*both, limit]),
        ),
        load_timelines(api, ids),
    )
    return {
        "articles": articles,
        "paragraphs": paragraphs,
        "companions": companions,
        "timelines": timelines,
        "both_url": PageUrl(url.root, "/articles", both),
    }
