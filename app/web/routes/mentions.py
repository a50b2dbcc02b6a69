"""`/mentions.html`: a concordance, every mention with the words before and after it."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.lists.concordance import MOST_SORTED
from app.web.api_client import ApiDep
from app.web.lists import load_list, read_list_url
from app.web.templating import render_page

router = APIRouter()

FACETS: Final = {"tag": "Subjects", "source": "Sources", "language": "Languages"}
"""Fields whose paragraphs are counted beside the list, and their headings."""

CONTEXT: Final = "50"
"""Characters of text on either side of a mention: they fill a line of a tablet."""

SORTS: Final = (("-published", "newest"), ("published", "oldest"))

CONTEXT_SORTS: Final = (("left", "words before"), ("right", "words after"))
"""Orders of at most `MOST_SORTED` mentions."""


@router.get("/mentions.html")
async def show_mentions(request: Request, api: ApiDep) -> Response:
    """Return the page with the mentions in the selected paragraphs."""
    url = read_list_url(request)
    context = [] if url.get("context") else [("context", CONTEXT)]
    content = await load_list(api, url, FACETS, context)
    total = content["page"]["total"]
    sorts = SORTS if total is None or total > MOST_SORTED else (*SORTS, *CONTEXT_SORTS)
    return await render_page(request, "mentions.html", facets=FACETS, sorts=sorts, most_sorted=MOST_SORTED, **content)
