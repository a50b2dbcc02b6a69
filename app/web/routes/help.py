"""`/help.html`: how to search, with examples from the corpus."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.web.api_client import ApiDep
from app.web.links import read_page_url
from app.web.search_examples import load_examples
from app.web.templating import render_page

router = APIRouter()


@router.get("/help.html")
async def show_help(request: Request, api: ApiDep) -> Response:
    """Return the page that explains the search language."""
    queries, filters = await load_examples(api, read_page_url(request))
    return await render_page(request, "help.html", queries=queries, filters=filters)
