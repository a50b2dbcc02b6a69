"""The documentation page, served by ourselves, and what it says before the first operation."""

from urllib.parse import unquote_plus

import orjson
from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from app.api.docs.examples import QUESTIONS
from app.api.middleware.security import content_security_policy
from app.api.routing import CachedRoute
from app.system.threads import run_in_low_priority_thread

SUMMARY = "Articles, and whom and what they name, at exact offsets and under one identity across the corpus."

QUESTIONS_TOLD = "\n".join(
    f"* [`/{unquote_plus(address)}`]({address})  \n  {said}" for address, said in QUESTIONS.items()
)

INTRODUCTION = f"""
**One filter language, everywhere.** Filters select articles, or paragraphs under `within=paragraph`. Every list
answers about the same selection with its own resource:

{QUESTIONS_TOLD}

**Several values:** repeat the parameter. Without a suffix all of them must hold (`entity=minsk&entity=moscow`), with
`_any` at least one (`tag_any=deterrence&tag_any=arms-control`), with `_not` none (`entity_not=united-states`).
Different parameters must all hold. `q` takes `"phrases"`, `OR`, `-not`, `prefix*` and `( )`.

**Pages:** follow `next` until it is null. **Offsets** count Unicode code points; `offset_unit` asks for others.
**Caching:** send an answer's `ETag` back as `If-None-Match`. **Mistakes** are told by name, with the nearest that would
have been right. Every address answers `GET`, `HEAD` and `OPTIONS`, also to pages of other sites; nothing can be
changed.
"""

TAGS = [
    {"name": "articles", "description": "Found by filters, and read one by one."},
    {"name": "paragraphs", "description": "Where everything that is asked for stands together."},
    {"name": "mentions", "description": "What paragraphs name, a flat row for each mention."},
    {"name": "entities", "description": "Whom and what a selection names."},
    {"name": "tags", "description": "The subjects that articles stand under."},
    {"name": "timeline", "description": "When a selection appeared."},
    {"name": "exports", "description": "Whole selections as files, in many formats."},
    {"name": "corpus", "description": "What is served."},
    {"name": "health", "description": "How the service is."},
]

ASSETS = "/docs/assets"

STYLE = """<style>
  .swagger-ui .scheme-container { display: none }
  .swagger-ui .info { margin: 30px 0 }
  .swagger-ui .info li { margin: .5em 0 }
  .swagger-ui .markdown code, .swagger-ui .renderedMarkdown code { color: #7316b4; font-weight: 500 }
  @media (max-width: 640px) {
    .swagger-ui .info ul { padding-left: 1.2em }
    .swagger-ui .opblock-body table.parameters :is(tr, td),
    .swagger-ui .responses-table :is(tr, td) { display: block; width: auto; max-width: 100%; padding: 2px 0 }
    .swagger-ui .opblock-body table.parameters thead, .swagger-ui .responses-table thead { display: none }
    .swagger-ui .parameters-col_description :is(input, select), .swagger-ui .filter { max-width: 100%; width: 100% }
  }
</style>
"""
"""One server needs no choosing; and on a phone a parameter stands above its description, not beside it."""


def add_docs(app: FastAPI, root_path: str) -> None:
    """Serve Swagger UI from the package that ships it; nothing is asked of another host."""
    app.mount(ASSETS, StaticFiles(packages=[("fastapi_swagger", "resources")]), name="assets")

    cached = APIRouter(route_class=CachedRoute, include_in_schema=False)

    @cached.get("/openapi.json")
    async def read_openapi() -> Response:
        """The OpenAPI document. It is made when it is first asked for, which takes its time."""
        return Response(
            await run_in_low_priority_thread(lambda: orjson.dumps(app.openapi())), media_type="application/json"
        )

    app.include_router(cached)

    @app.get("/docs", include_in_schema=False)
    async def read_docs() -> HTMLResponse:
        """The page on which the operations can be tried out."""
        page = get_swagger_ui_html(
            openapi_url=f"{root_path}/openapi.json",
            title=f"{app.title}: the API",
            swagger_js_url=f"{root_path}{ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{root_path}{ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{root_path}{ASSETS}/favicon-32x32.png",
            swagger_ui_parameters={
                "deepLinking": True, "filter": True, "tryItOutEnabled": True, "displayRequestDuration": True,
                "docExpansion": "list", "defaultModelsExpandDepth": 0, "syntaxHighlight": {"theme": "nord"},
            },
        )  # fmt: skip
        html = bytes(page.body).decode().replace("</head>", f"{STYLE}</head>")
        policy = content_security_policy(html, script="'self'", style="'self'", img="'self' data:", connect="'self'")
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})
