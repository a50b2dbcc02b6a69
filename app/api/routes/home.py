"""The front door: a short page for who comes with a browser, the list of addresses for who comes with a client."""

from html import escape
from string import Template
from urllib.parse import unquote_plus

import orjson
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.api.docs.examples import QUESTIONS
from app.api.docs.responses import COMMON
from app.api.middleware.security import content_security_policy
from app.schemas import Schema

router = APIRouter(tags=["corpus"], responses=COMMON)

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
<p>Articles with the people, places, organizations, events and products that they name, each at its exact place and
under one identity, as a read-only REST API.</p>
<a class="to" href="$root/docs">Read the docs and try it out</a>
<h2>Five questions to begin with</h2>
<ul>
$questions
</ul>
<h2>For programs</h2>
<p><a href="$root/openapi.json">The OpenAPI document</a>; <a href="$root/corpus">what is served</a>. Who asks this
address for JSON gets the list of all others.</p>
</html>
""")


class ServiceIndex(Schema):
    """The addresses of the service."""

    articles: str
    """Articles that filters select; the address of each one begins so, too."""
    paragraphs: str
    """Paragraphs that filters select."""
    entities: str
    """Whom and what the selected articles name."""
    tags: str
    """Under which tags the selected articles stand."""
    timeline: str
    """When the selected articles appeared."""
    corpus: str
    """What is served, as a whole."""
    docs: str
    """The page on which all this can be tried out."""
    openapi: str
    """The OpenAPI document."""


@router.get(
    "/", response_model=ServiceIndex, responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}}
)
async def read_index(request: Request) -> Response:
    """The addresses of the service; a browser, which asks for `text/html`, gets a page that leads to them."""
    root = request.app.state.service.settings.root_path
    headers = {"Vary": "Accept"}
    if "text/html" in request.headers.get("accept", "").lower():
        html = page(root)
        policy = content_security_policy(html, img="'self'")
        return HTMLResponse(html, headers={**headers, "Content-Security-Policy": policy})
    index = {name: f"{root}/{name}" for name in ServiceIndex.model_fields} | {"openapi": f"{root}/openapi.json"}
    return Response(orjson.dumps(index), headers=headers, media_type="application/json")


def page(root: str) -> str:
    """What a browser is shown."""
    questions = [
        f'<li><a href="{escape(f"{root}/{address}")}"><code>/{escape(unquote_plus(address))}</code></a>'
        f"<small>{escape(said)}</small></li>"
        for address, said in QUESTIONS.items()
    ]
    return PAGE.substitute(root=escape(root), questions="\n".join(questions))
