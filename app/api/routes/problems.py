"""`/docs/problems`: the page that explains each type of problem, to which `type` of a problem leads."""

from html import escape
from string import Template

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from app.api.middleware.security import content_security_policy
from app.api.problem_types import PROBLEM_TYPES
from app.api.routing import PageRoute

router = APIRouter(route_class=PageRoute, include_in_schema=False)

PAGE = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Problems: Annotated articles</title>
<link rel="icon" href="$root/docs/assets/favicon-32x32.png">
<style>
  :root { color-scheme: light dark; --line: #8884; --link: #0b5fbd; --target: #ffd54f44 }
  @media (prefers-color-scheme: dark) { :root { --link: #7cb7ff } }
  body { max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem; font: 1.05rem/1.55 system-ui, sans-serif }
  h1 { margin: 0; font-size: 2rem; line-height: 1.2 }
  a { color: var(--link) }
  code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere }
  section { padding: .25rem .75rem; border-top: 1px solid var(--line) }
  section:target { background: var(--target) }
  h2 { margin: .75rem 0 0; font-size: 1.1rem }
  p { margin: .5rem 0 }
</style>
<h1>Problems</h1>
<p>A response with an error is <code>application/problem+json</code> (RFC 9457). Its <code>type</code> is the URL of a
section of this page, and ends in a code that stays the same; <code>detail</code> says what is wrong with the request.
See the <a href="$root/docs">docs</a>.</p>
$sections
</html>
""")


@router.get("/docs/problems")
async def read_problem_types(request: Request) -> HTMLResponse:
    """Return the page."""
    html = render_page(request.app.state.service.settings.root_path)
    policy = content_security_policy(html, img="'self'")
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


def render_page(root: str) -> str:
    """Return the page as HTML."""
    sections = [
        f'<section id="{code}">\n<h2>{escape(problem.title)}</h2>\n'
        f"<p><code>{code}</code>, status {problem.status}</p>\n<p>{mark_code(problem.explanation)}</p>\n</section>"
        for code, problem in PROBLEM_TYPES.items()
    ]
    return PAGE.substitute(root=escape(root), sections="\n".join(sections))


def mark_code(text: str) -> str:
    """Return text as HTML, with what stands between backticks as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))
