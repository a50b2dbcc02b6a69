"""`/paragraphs.html`: the paragraphs that meet all filters at once, each with the way to its article."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.api_client import ApiDep
from app.web.lists import load_list, read_list_url
from app.web.templating import render_page

router = APIRouter()

FACETS: Final = {
    "entity": "Named",
    "tag": "Subjects",
    "source": "Sources",
    "language": "Languages",
}
"""Fields that are counted beside the list, and their headings."""


@router.get("/paragraphs.html")
async def show_paragraphs(request: Request, api: ApiDep) -> Response:
    """Return the page with the paragraphs that the question selects."""
    url = read_list_url(request)
    shown = [("highlight", "offsets")] if url.get("q") else []
    content = await load_list(api, url, FACETS, shown)
    return await render_page(request, "paragraphs.html", facets=FACETS, **content)
