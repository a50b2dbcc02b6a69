"""Routes: `QueryRoute` changes nothing but speed, and what it does not know it leaves to FastAPI."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, Header, HTTPException, Query
from starlette.responses import PlainTextResponse, Response

from app.api.deps import CorpusDep
from app.api.params import NoParams
from app.api.query_string import QueryStringDep, get_query_string
from app.api.routing import QueryRoute
from app.main import create_app
from tests.conftest import Api

REQUESTS = [
    "/articles",
    "/articles?limit=2",
    "/articles?q=war&limit=2",
    "/articles?q=war&sort=title&facet=tag&facet=entity",
    "/articles?entity=minsk&entity=moscow&fields=id",
    "/articles?include=paragraphs&limit=1",
    "/articles?entity=minks",
    "/articles?q=%22cold+war%22&highlight=markup&offset_unit=utf16&limit=3",
    "/articles?published_from=1962-10",
    "/articles/trinity-test",
    "/articles/trinity-test?q=bomb&highlight=markup",
    "/articles/nope",
    "/articles/trinity-test/similar?limit=2",
    "/articles/trinity-test/paragraphs/1",
    "/articles/trinity-test/paragraphs/99",
    "/paragraphs?entity=united-states&limit=2",
    "/entities?name_prefix=khr",
    "/entities?entity=minsk&sort=-association",
    "/entities/minsk",
    "/entities/nope",
    "/entities/Q2280",
    "/tags?limit=3",
    "/tags/nuclear-testing",
    "/tags/nope",
    "/timeline?interval=year&q=war",
    "/corpus",
    "/articles?limit=0",
    "/articles?limit=5&limit=6",
    "/articles?limit=0&limit=6&sirt=title&entity=",
    "/articles?q=%ff",
    "/articles?%ff=1",
    "/articles?" + "id=x&" * 1001,
    "/articles?sort=relevance",
    "/articles?highlight=markup",
    "/articles?cursor=nonsense",
    "/articles?page_size=3",
    "/articles?fields=urll",
    "/articles?q=%22",
    "/articles?q=",
    "/articles?entity_type=person,place",
    "/articles?published_from=yesterday",
    "/articles?within=x&match=y",
    "/articles?" + "&".join(f"x{number}=1" for number in range(12)),
    "/articles?" + "entity=x&" * 51,
    "/articles/trinity-test?limit=1",
    "/articles/trinity-test/paragraphs/x",
    "/articles/trinity-test/paragraphs/-1",
    "/articles/trinity-test/paragraphs/x?highlight=y",
    "/articles/trinity-test/similar?limit=1000",
    "/entities?type=persons",
    "/entities/minsk?x=1",
    "/tags/nuclear-testing?q=%ff",
    "/corpus?x=1&x=2",
    "/timeline?interval=x",
]


def serve(seeded: Api, *routers: APIRouter, without: type | tuple[()] = ()) -> Api:
    """Return an application over the seeds with these routers, and without the routes of a class."""
    api = Api(seeded.settings.model_copy(update={"cache": 0}))
    routes = api.app.router.routes
    routes[:] = [route for route in routes if not isinstance(route, without)]
    for router in routers:
        api.app.include_router(router)
    return api


@pytest.fixture(scope="module")
def plain(seeded: Api):
    """The same endpoints in a plain router of FastAPI."""
    router = APIRouter()
    for route in create_app(seeded.settings).routes:
        if isinstance(route, QueryRoute):
            router.add_api_route(route.path, route.endpoint, name=route.name, dependencies=route.dependencies)
    api = serve(seeded, router, without=QueryRoute)
    yield api
    api.close()


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda url: url[:60])
def test_without_query_route_every_answer_is_the_same(seeded: Api, plain: Api, request_: str) -> None:
    fast, slow = seeded.get(request_), plain.get(request_)

    assert (slow.status_code, slow.content) == (fast.status_code, fast.content)


def test_a_new_router_is_included_as_fastapi_shows_it_and_is_cached(seeded: Api) -> None:
    router = APIRouter(prefix="/new", route_class=QueryRoute, dependencies=[Depends(get_query_string)])

    @router.get("/{name}")
    def read_new(name: str, anything: Annotated[NoParams, Query()], corpus: CorpusDep) -> Response:
        return Response(f"{name} {anything} {corpus.snapshot.weight}")

    api = serve(seeded, router)

    assert api.get("/new/x").text == f"x  {api.service.snapshot.weight}"
    assert api.get("/new/x", headers={"If-None-Match": api.get("/new/x").headers["etag"]}).status_code == 304
    assert api.get("/new/x?y=1").json()["detail"] == "There is no parameter `y`."
    assert api.json("/openapi.json")["paths"]["/new/{name}"]["get"]["operationId"] == "read_new"
    api.close()


def test_query_route_leaves_other_dependencies_to_fastapi(seeded: Api) -> None:
    router = APIRouter(prefix="/new", route_class=QueryRoute, dependencies=[Depends(get_query_string)])

    @router.get("")
    async def read_new(corpus: CorpusDep, host: Annotated[str, Header()]) -> dict[str, str]:
        return {"host": host, "revision": corpus.snapshot.state.id}

    api = serve(seeded, router)

    assert api.json("/new") == {"host": "test", "revision": api.service.snapshot.state.id}
    assert api.get("/new?y=1").json()["detail"] == "There is no parameter `y`."
    api.close()


@pytest.mark.parametrize("nested", [False, True])
def test_dependencies_of_include_router_run(seeded: Api, nested: bool) -> None:
    def require_key(key: Annotated[str, Header()] = "") -> None:
        if key != "secret":
            raise HTTPException(403, "Send the key.")

    router = APIRouter(prefix="/new", route_class=QueryRoute, dependencies=[Depends(get_query_string)])

    @router.get("/{name}")
    def read_new(name: str, corpus: CorpusDep, query: QueryStringDep) -> Response:
        return Response(f"{name} {query.parameters} {corpus.snapshot.weight}")

    outer = APIRouter()
    outer.include_router(router, dependencies=[Depends(require_key)])
    api = serve(seeded, outer) if nested else serve(seeded)
    if not nested:
        api.app.include_router(router, dependencies=[Depends(require_key)])
        api.app.include_router(router, prefix="/open")

    assert api.get("/new/x").json()["detail"] == "Send the key."
    assert api.get("/new/y", headers={"Key": "secret"}).text == f"y [] {api.service.snapshot.weight}"
    assert api.get("/new/y?z=1", headers={"Key": "secret"}).json()["detail"] == "There is no parameter `z`."
    if not nested:
        assert api.get("/open/new/x").text == f"x [] {api.service.snapshot.weight}"
    api.close()


def test_an_endpoint_that_returns_no_json_is_documented(seeded: Api) -> None:
    router = APIRouter()

    @router.get("/robots.txt", response_class=PlainTextResponse)
    def read_robots() -> str:
        return "User-agent: *"

    api = serve(seeded, router)

    assert "text/plain" in api.json("/openapi.json")["paths"]["/robots.txt"]["get"]["responses"]["200"]["content"]
    api.close()
