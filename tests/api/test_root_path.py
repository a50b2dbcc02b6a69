"""Behind a proxy every address in an answer begins with the path prefix, whether or not the proxy takes it off."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.conftest import SEEDS, Api, Fresh, seed_into
from tests.support.problems import problem

ADDRESSES = (
    "/",
    "/articles?limit=2",
    "/articles?limit=1&include=paragraphs",
    "/articles/trinity-test",
    "/paragraphs?limit=2",
    "/articles/trinity-test/paragraphs/1",
    "/entities?limit=2",
    "/entities/minsk",
    "/tags?limit=2",
    "/timeline",
    "/tags/nuclear-weapons",
    "/corpus",
    "/articles?q=war&limit=2&sort=title",
)


@pytest.fixture(scope="module")
def prefixed(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    settings = fresh(tmp_path_factory.mktemp("prefixed"), root_path="/news")
    seed_into(settings, SEEDS)
    api = Api(settings)
    yield api
    api.close()


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("seen", ["", "/news"])
def test_every_url_in_a_response_starts_with_the_root_path(prefixed: Api, address: str, seen: str) -> None:
    answer = prefixed.get(seen + address)
    links = re.findall(r'"(/[^"]*)"', answer.text) + re.findall(r"<([^>]*)>", answer.headers.get("link", ""))

    assert answer.status_code == 200
    assert links or address in ("/timeline", "/corpus")
    for link in links:
        assert link.startswith("/news/")
        assert prefixed.get(link).status_code == prefixed.get(link.removeprefix("/news")).status_code == 200
    assert answer.headers.get("etag") == prefixed.get(seen + address).headers.get("etag")
    assert address == "/" or "etag" in answer.headers


@pytest.mark.parametrize("seen", ["", "/news"])
def test_redirect_keeps_the_root_path(prefixed: Api, seen: str) -> None:
    assert prefixed.get(f"{seen}/entities/Q2280").headers["location"] == "/news/entities/minsk"


@pytest.mark.parametrize("seen", ["", "/news"])
def test_a_problem_names_the_address_that_the_client_asked(prefixed: Api, seen: str) -> None:
    for address, status in (("/articles/nope", 404), ("/articles?limit=0", 422), ("/nope", 404), ("/tags/", 404)):
        answer = prefixed.get(seen + address)

        assert answer.status_code == status
        assert answer.json()["instance"] == f"/news{address.split('?')[0]}"
    assert "'/news/'" in prefixed.get(f"{seen}/nope").json()["detail"]


@pytest.mark.parametrize("seen", ["", "/news"])
def test_methods_and_health_endpoints_work(prefixed: Api, seen: str) -> None:
    assert prefixed.request("OPTIONS", f"{seen}/articles").status_code == 204
    assert prefixed.request("OPTIONS", f"{seen}/nope").status_code == 404
    assert prefixed.request("POST", f"{seen}/articles").status_code == 405
    assert prefixed.get(f"{seen}/articles", headers={"Accept": "text/html"}).status_code == 406
    assert prefixed.get(f"{seen}/health/ready").json()["status"] == "ready"
    assert json.loads(prefixed.get(f"{seen}/openapi.json").text)["servers"] == [{"url": "/news"}]


def test_path_that_only_starts_like_the_root_path_is_404(prefixed: Api) -> None:
    problem_of = prefixed.get("/newsarticles").json()

    assert problem_of["status"] == 404
    assert problem_of["instance"] == "/news/newsarticles"


def test_path_without_the_root_path_is_404(seeded: Api) -> None:
    problem(seeded.get("/news/articles"), 404)
