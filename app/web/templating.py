"""Templates: render a page with Jinja2 in a thread, with a strict Content-Security-Policy."""

from functools import cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fastapi import Request
from starlette.responses import HTMLResponse

from app.system.threads import run_in_low_priority_thread
from app.web.formats import FILTERS
from app.web.links import name_page, read_page_url
from app.web.mention_markup import mark_mentions

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER: Final = Path(__file__).parent
STATIC: Final = FOLDER / "static"

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No inline style or script and no other host, so that markup which slips through does nothing."""


NAVIGATION: Final = (
    ("/articles", "Articles"),
    ("/entities", "Names"),
    ("/tags", "Subjects"),
    ("/timeline", "Timeline"),
    ("/compare", "Compare"),
    ("/corpus", "Corpus"),
    ("/help", "Help"),
)
"""Paths and labels of the pages that every page links to."""


def hash_static_files() -> str:
    """Return a hash of the style sheet and the script, which makes their URLs change with them."""
    contents = (path.read_bytes() for path in sorted(STATIC.iterdir()) if path.is_file())
    return blake2b(b"".join(contents), digest_size=6).hexdigest()


@cache
def load_environment() -> "Environment":
    """Return the environment of the templates, which is loaded for the first page."""
    # A server that shows no page need not load the library: 25 ms of the .8 s until its first answer.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS, mark_mentions=mark_mentions, page_url=name_page)
    environment.globals.update(static_version=hash_static_files(), navigation=NAVIGATION)
    return environment


async def render_page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page. Its template also gets `url`, the `PageUrl` of this page, and `root`, the prefix of all paths."""
    url = read_page_url(request)
    # It takes 1 to 5 ms, seconds for a book, and 80 ms for the first page of a process, which loads Jinja2, too.
    render = partial(render_template, template, url=url, root=url.root, **context)
    html = await run_in_low_priority_thread(render)
    headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
    return HTMLResponse(html, status, headers)


def render_template(template: str, **context: Any) -> bytes:
    """Return a template as UTF-8. A question may hold bytes that are no letters; each becomes a question mark."""
    return load_environment().get_template(template).render(**context).encode("utf-8", "replace")
