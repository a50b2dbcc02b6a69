"""What every address promises, whatever it answers: reading only, HEAD, OPTIONS, CORS, and JSON."""

import pytest

from tests.conftest import Api
from tests.support.asgi import ask
from tests.support.problems import problem

RESOURCES = (
    "/articles",
    "/articles?q=war&limit=3",
    "/articles/trinity-test",
    "/articles/trinity-test/paragraphs/0",
    "/paragraphs",
    "/entities",
    "/entities/minsk",
    "/tags",
    "/tags/nuclear-weapons",
    "/timeline",
    "/corpus",
)
OTHERS = ("/", "/health/live", "/health/ready", "/openapi.json", "/docs")
MISSING = ("/nope", "/articles/nope", "/articles/trinity-test/paragraphs/9999", "/entities/nope", "/tags/nope")


@pytest.mark.parametrize("address", [*RESOURCES, *OTHERS])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_write_methods_are_405(seeded: Api, address: str, method: str) -> None:
    answer = seeded.request(method, address)

    assert f"does not take {method}; it takes GET, HEAD, OPTIONS." in problem(answer, 405)["detail"]
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", [*RESOURCES, *OTHERS, *MISSING, "/articles?limit=0", "/entities/Q2280"])
def test_head_is_get_without_a_body(seeded: Api, address: str) -> None:
    got, head = seeded.get(address), seeded.request("HEAD", address)

    assert head.status_code == got.status_code
    assert head.headers == got.headers
    assert head.content == b""
    assert int(head.headers.get("content-length", 0)) == len(got.content)


@pytest.mark.parametrize("address", [*RESOURCES, *OTHERS, "/articles/nope"])
def test_options_lists_the_allowed_methods(seeded: Api, address: str) -> None:
    answer = seeded.request("OPTIONS", address)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_allow_names_the_methods_of_the_route(api: Api) -> None:
    @api.app.post("/notes")
    async def add_note() -> None:
        """Stand for an endpoint that is written to."""

    for method in ("OPTIONS", "GET"):
        assert api.request(method, "/notes").headers["allow"] == "OPTIONS, POST"
    assert api.request("OPTIONS", "/notes").headers["access-control-allow-methods"] == "OPTIONS, POST"
    assert api.request("OPTIONS", "/docs/assets/swagger-ui.css").headers["allow"] == "GET, HEAD, OPTIONS"
    assert api.request("POST", "/docs/assets/swagger-ui.css").headers["allow"] == "GET, HEAD, OPTIONS"


def test_cors_preflight_allows_get(seeded: Api) -> None:
    headers = {
        "Origin": "https://reader.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "If-None-Match",
    }
    answer = seeded.request("OPTIONS", "/articles", headers=headers)

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "*"


@pytest.mark.parametrize("address", [*RESOURCES, *OTHERS, *MISSING, "/articles?limit=0", "/entities/Q2280"])
def test_every_response_allows_any_origin(seeded: Api, address: str) -> None:
    headers = seeded.get(address, headers={"Origin": "https://reader.example"}).headers

    assert headers["access-control-allow-origin"] == "*"
    assert {"ETag", "Link", "Location"} <= set(headers["access-control-expose-headers"].split(", "))


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "*/*",
        "application/*",
        "text/html, */*;q=0.1",
        "text/html,application/json;q=0.9",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "*/*;q=0.001",
        "text/html;q=0, */*",
        "",
        " ",
    ],
)
def test_json_is_returned_if_accepted(seeded: Api, accept: str) -> None:
    answer = seeded.get("/articles?limit=1", headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "application/json;q=0",
        "application/json;q=0.000, */*",
        "text/csv, application/xml",
        "*/*;q=0",
        "application/*;q=0, */*",
        "application/problem+json",
        "json",
        "image/*",
    ],
)
def test_accept_without_json_is_406(seeded: Api, accept: str) -> None:
    for address in RESOURCES:
        problem(seeded.get(address, headers={"Accept": accept}), 406)


def test_accept_may_come_in_several_lines(seeded: Api) -> None:
    lines = [(b"accept", b"application/json"), (b"accept", b"text/html")]

    assert ask(seeded, "/articles", headers=lines).status_code == 200


@pytest.mark.parametrize("address", MISSING)
def test_missing_resource_is_named(seeded: Api, address: str) -> None:
    document = problem(seeded.get(address), 404)

    assert "errors" not in document
    assert "nope" in document["detail"] or "9999" in document["detail"]


@pytest.mark.parametrize("address", ["/articles/", "/articles/trinity-test/", "/entities//", "/corpus/"])
def test_trailing_slash_is_404_that_suggests_the_path_without(seeded: Api, address: str) -> None:
    assert f"try '{address.rstrip('/')}'" in problem(seeded.get(address), 404)["detail"]


@pytest.mark.parametrize(
    "address",
    [
        "//articles",
        "/Articles",
        "/articles;x",
        "/articles/%2e%2e/corpus",
        "/articles/trinity-test/nope",
        "/%00",
        "/articles%2Ftrinity-test%2Fx",
        "/..%2f..%2fetc%2fpasswd",
        "/health",
        "/%F0%9F%98%80",
        "/%ff%fe",
        "/articles/%ff",
        "/articles/a%00b",
        "/entities/%ED%A0%80",
        "/tags/%F0%9F%98%80",
        "/entities/" + "9" * 400,
        "/entities/Q" + "9" * 40,
        "/tags/" + "x" * 9000,
    ],
)
def test_unknown_path_is_404(seeded: Api, address: str) -> None:
    problem(ask(seeded, address), 404)
    assert ask(seeded, address, method="HEAD").status_code == 404


@pytest.mark.parametrize("address", MISSING[:1])
def test_options_of_an_unknown_address_are_not_found(seeded: Api, address: str) -> None:
    problem(seeded.request("OPTIONS", address), 404)


@pytest.mark.parametrize("position", ["99999999999999999999", "-1", "1e3", "x", "1.0", "1.5", "%D9%A1", "+1", "%201"])
def test_a_position_is_a_whole_number_within_bounds(seeded: Api, position: str) -> None:
    document = problem(ask(seeded, f"/articles/trinity-test/paragraphs/{position}"), 422)

    assert document["errors"][0]["parameter"] == "position"
    assert "is not a whole number" in document["detail"] or document["detail"].startswith("`position` m")
