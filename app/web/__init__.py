"""The reader: HTML pages that show what the API answers, and everything of which works without a script.

A page has the address of the API's resource with `.html` behind it: `/articles.html?q=missile` shows
`/articles?q=missile`. It asks the API in process (`api_client.py`) and has no other way to the data; what is slow is
decided there, and templates are rendered in a thread. Its response gets an ETag and goes into the cache. Any problem of
the API becomes an error page with the same status. The policy of `templating.py` allows no inline style and no inline
script: looks belong into `static/style.css`, charts are SVG with attributes and a table beside them.

To add a page, write it in a new file `routes/sources.py`:

    from fastapi import APIRouter, Request
    from starlette.responses import Response

    from app.web.api_client import ApiDep
    from app.web.templating import render_page

    router = APIRouter()


    @router.get("/sources.html")
    async def show_sources(request: Request, api: ApiDep) -> Response:
        '''Return the page with the sources of the corpus.'''
        corpus = await api.get("/corpus")
        return await render_page(request, "sources.html", sources=corpus["sources"])

its template in a new file `templates/sources.html`:

    {% extends "layout.html" %}
    {% block title %}Sources{% endblock %}
    {% block main %}
    <h1>Sources</h1>
    <ul>
      {% for source in sources %}
      <li dir="auto">{{ source.value }}: {{ source.count|count("article") }}</li>
      {% endfor %}
    </ul>
    {% endblock %}

and add the module to `PAGES` in `application.py`:

    sources,

A template gets `url`, the `PageUrl` of the page, from which it makes links to other questions (`url.add("tag", id)`),
and `root`, with which every path begins. `macros.html` has the parts of pages: the timeline, facets, the links of a
list, dates and names; `lists.py` and `lists.html` have what the pages of lists share; `formats.py` has the filters.
A page that every page links to has a line in `templating.NAVIGATION`.
"""

from app.web.application import add_pages

__all__ = ["add_pages"]
