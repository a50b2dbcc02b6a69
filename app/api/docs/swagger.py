"""Swagger UI, served without other hosts, and the OpenAPI document that it shows."""

import orjson
from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from app.api.docs.corpus_examples import adapt_examples
from app.api.middleware.security import content_security_policy
from app.api.routing import CachedRoute, PageRoute
from app.system.threads import run_in_low_priority_thread

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
"""Hides the choice of the only server, and puts parameters above their descriptions on small screens."""

DARK_MODE = """<script>
  matchMedia("(prefers-color-scheme: dark)").matches && document.documentElement.classList.add("dark-mode")
</script>
"""
"""Swagger UI has dark colours, but asks no browser whether they are wanted."""


def add_docs(app: FastAPI, root_path: str) -> None:
    """Add the routes of the OpenAPI document and of Swagger UI, whose files come from a package, not another host."""
    app.mount(ASSETS, StaticFiles(packages=[("fastapi_swagger", "resources")]), name="assets")

    cached = APIRouter(route_class=CachedRoute, include_in_schema=False)
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)

    @cached.get("/openapi.json")
    async def read_openapi(request: Request) -> Response:
        """Return the OpenAPI document. The first request generates it in a thread: it takes .3 s."""
        snapshot = request.app.state.service.snapshot

        def write_document() -> bytes:
            document = app.openapi()
            return orjson.dumps(adapt_examples(document, snapshot) if snapshot else document)

        return Response(await run_in_low_priority_thread(write_document), media_type="application/json")

    @pages.get("/docs")
    async def read_docs() -> HTMLResponse:
        """Return the page with Swagger UI."""
        page = get_swagger_ui_html(
            openapi_url=f"{root_path}/openapi.json",
            title=f"{app.title}: the API",
            swagger_js_url=f"{root_path}{ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{root_path}{ASSETS}/swagger-ui.css",
            swagger_favicon_url=f"{root_path}{ASSETS}/favicon-32x32.png",
            swagger_ui_parameters={
                "deepLinking": True,
                "filter": True,
                "tryItOutEnabled": True,
                "displayRequestDuration": True,
                "docExpansion": "list",
                "defaultModelsExpandDepth": 0,
                "syntaxHighlight": {"theme": "nord"},
            },
        )
        html = bytes(page.body).decode().replace("</head>", f"{STYLE}{DARK_MODE}</head>")
        policy = content_security_policy(html, script="'self'", style="'self'", img="'self' data:", connect="'self'")
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    app.include_router(cached)
    app.include_router(pages)
