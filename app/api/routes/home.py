"""`/`: the home page for browsers, and the list of URLs for other clients."""

from html import escape
from string import Template
from urllib.parse import unquote_plus

import orjson
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.api.docs.examples import QUESTIONS
from app.api.docs.responses import COMMON, declare_responses
from app.api.middleware.negotiation import accepts_html
from app.api.middleware.security import content_security_policy
from app.api.routing import PageRoute
from app.schemas import Schema

router = APIRouter(tags=["corpus"], route_class=PageRoute, responses={**COMMON, **declare_responses(304)})

PAGE = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Annotated articles</title>
<link rel="icon" href="$root/docs/assets/favicon-32x32.png">
<style>
  :root { color-scheme: light dark; --line: #8884; --link: #0b5fbd }
  @media (prefers-color-scheme: dark) { :root { --link: #7cb7ff } }
  body { max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem; font: 1.05rem/1.55 system-ui, sans-serif }
  h1 { margin: 0; font-size: 2rem; line-height: 1.2 }
  h2 { margin: 2.5rem 0 .5rem; font-size: 1.1rem }
  a { color: var(--link) }
  code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere }
  .to { display: inline-block; margin: .75rem 0; padding: .5rem 1.1rem; border-radius: .4rem;
        background: #0b5fbd; color: #fff; text-decoration: none }
  ul { margin: 0; padding: 0; list-style: none }
  li { padding: .6rem 0; border-top: 1px solid var(--line) }
  small { display: block; font-size: .9rem; opacity: .75 }
</style>
<h1>Annotated articles</h1>
<p>A read-only REST API to search articles, and the people, places, organizations, events and products that they mention
at exact offsets.</p>
<a class="to" href="$root/docs">Read the docs and try it out</a>
<h2>Five queries to start with</h2>
<ul>
$questions
</ul>
<h2>For programs</h2>
<p>The <a href="$root/openapi.json">OpenAPI document</a>; the <a href="$root/corpus">corpus</a> as a whole. Clients that
don't accept HTML get the list of URLs from this one.</p>
</html>
""")


class ServiceIndex(Schema):
    """URLs of the service."""

    articles: str
    """Articles."""
    paragraphs: str
    """Paragraphs of all articles."""
    entities: str
    """Entities that articles mention."""
    tags: str
    """Tags of articles."""
    timeline: str
    """Number of articles by time."""
    corpus: str
    """The corpus as a whole."""
    docs: str
    """Interactive documentation."""
    openapi: str
    """The OpenAPI document."""


@router.get(
    "/", response_model=ServiceIndex, responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
)
async def read_index(request: Request) -> Response:
    """Return the URLs of the service; with `Accept: text/html`, as browsers send, a page that links to them."""
    root = request.app.state.service.settings.root_path
    headers = {"Vary": "Accept"}
    if accepts_html(",".join(request.headers.getlist("accept")).encode()):
        html = render_page(root)
        policy = content_security_policy(html, img="'self'")
        return HTMLResponse(html, headers={**headers, "Content-Security-Policy": policy})
    index = {name: f"{root}/{name}" for name in ServiceIndex.model_fields} | {"openapi": f"{root}/openapi.json"}
    return Response(orjson.dumps(index), headers=headers, media_type="application/json")


def render_page(root: str) -> str:
    """Return the home page as HTML."""
    questions = [
        f'<li><a href="{escape(f"{root}/{url}")}"><code>/{escape(unquote_plus(url))}</code></a>'
        f"<small>{escape(description)}</small></li>"
        for url, description in QUESTIONS.items()
    ]
    return PAGE.substitute(root=escape(root), questions="\n".join(questions))
