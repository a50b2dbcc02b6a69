"""Conditional requests: a matching ETag gets 304, and only that."""

from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest

from tests.conftest import Api, write_documents
from tests.support.asgi import ask
from tests.support.problems import problem

RESOURCES = (
    "/articles",
    "/articles?q=war",
    "/articles?limit=1",
    "/articles/trinity-test",
    "/articles/trinity-test?offset_unit=utf8",
    "/articles/trinity-test/paragraphs/0",
    "/paragraphs",
    "/entities",
    "/entities/minsk",
    "/tags",
    "/tags/nuclear-weapons",
    "/timeline",
    "/timeline?interval=year",
    "/corpus",
    "/openapi.json",
    "/docs",
    "/",
)


@pytest.mark.parametrize("address", RESOURCES)
def test_every_response_has_etag_and_last_modified(seeded: Api, address: str) -> None:
    headers = seeded.get(address).headers

    assert headers["etag"].startswith('"')
    assert headers["cache-control"] == "no-cache"
    assert parsedate_to_datetime(headers["last-modified"]).tzinfo is not None


def test_equal_requests_have_equal_etags_and_others_differ(seeded: Api) -> None:
    tags = [seeded.get(address).headers["etag"] for address in RESOURCES]

    assert tags == [seeded.get(address).headers["etag"] for address in RESOURCES]
    assert len(set(tags)) == len(RESOURCES)


@pytest.mark.parametrize("address", RESOURCES)
@pytest.mark.parametrize("form", ["{}", "W/{}", '"a", {}', '"a",W/{},"b"', '{} , "x"', "*", '"x", *'])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_matching_etag_returns_304(seeded: Api, address: str, form: str, method: str) -> None:
    first = seeded.get(address).headers
    answer = seeded.request(method, address, headers={"If-None-Match": form.format(first["etag"])})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == first["etag"]
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["last-modified"] == first["last-modified"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("etag", ['"x"', "", "x", 'W/"x"', "W/", ",,,", '"*"', "\udcff"])
def test_other_etag_returns_200(seeded: Api, etag: str) -> None:
    headers = [(b"if-none-match", etag.encode(errors="surrogateescape"))]

    assert ask(seeded, "/articles", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "urls",
    [
        ("/articles?limit=2", "/articles?limit=2&", "/articles?limit=02", "/articles?&limit=%32"),
        ("/articles", "/articles?", "/articles?limit=20", "/articles?offset_unit=codepoint"),
        ("/articles?q=war&match=all&tag=nuclear-testing", "/articles?tag=nuclear-testing&q=war"),
        ("/articles?q=caf%C3%A9&q_in=body", "/articles?q_in=body&q=caf%C3%A9"),
        ("/entities?tag=caf%C3%A9", "/entities?tag=cafe%CC%81", "/entities?sort=-count&tag=caf%C3%A9"),
        ("/articles?q=a+b", "/articles?q=a%20b"),
        ("/articles/trinity-test?q=test", "/articles/trinity-test?highlight=offsets&q=test"),
        ("/timeline", "/timeline?interval=month"),
        ("/openapi.json", "/openapi.json?v=2"),
        ("/docs", "/docs?v=2"),
    ],
)
def test_queries_with_one_meaning_share_etag_and_body(seeded: Api, urls: tuple[str, ...]) -> None:
    responses = [seeded.get(url) for url in urls]

    assert {response.status_code for response in responses} == {200}
    assert len({response.headers["etag"] for response in responses}) == 1
    assert len({response.content for response in responses}) == 1
    assert seeded.get(urls[-1], headers={"If-None-Match": responses[0].headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/articles?entity=minsk&entity=moscow", "/articles?entity=moscow"),
        ("/articles?published_from=2025", "/articles?published_to=2025"),
        ("/articles?limit=2", "/articles?limit=3"),
        ("/articles?q=a%2Bb", "/articles?q=a+b"),
        ("/articles?facet=tag&facet=entity", "/articles?facet=entity&facet=tag"),
    ],
)
def test_queries_with_different_meanings_have_different_etags(seeded: Api, one: str, other: str) -> None:
    assert seeded.get(one).headers["etag"] != seeded.get(other).headers["etag"]


@pytest.mark.parametrize("address", RESOURCES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_unmodified_resource_returns_304(seeded: Api, address: str, method: str) -> None:
    first = seeded.get(address).headers
    response = seeded.request(method, address, headers={"If-Modified-Since": first["last-modified"]})

    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == first["etag"]
    assert response.headers["last-modified"] == first["last-modified"]
    assert {*response.headers["vary"].split(", ")} >= {*first["vary"].split(", ")}


def test_if_modified_since_compares_times(seeded: Api) -> None:
    modified = parsedate_to_datetime(seeded.get("/corpus").headers["last-modified"])
    statuses = [
        seeded.get("/corpus", headers={"If-Modified-Since": format_datetime(modified + shift, usegmt=True)}).status_code
        for shift in (timedelta(seconds=-1), timedelta(0), timedelta(seconds=1))
    ]

    assert statuses == [200, 304, 304]


def test_times_of_all_three_http_forms_are_read(seeded: Api) -> None:
    forms = ("Sunday, 06-Nov-50 08:49:37 GMT", "Sun Nov  6 08:49:37 2050", "Sun, 06 Nov 2050 08:49:37 GMT")

    assert [seeded.get("/corpus", headers={"If-Modified-Since": form}).status_code for form in forms] == [304] * 3


@pytest.mark.parametrize("since", ["", "x", "2025", "Mon, 99 Foo 2026 07:28:21 GMT", "9" * 5_000, "Mon, ,,"])
def test_invalid_if_modified_since_has_no_effect(seeded: Api, since: str) -> None:
    assert seeded.get("/corpus", headers={"If-Modified-Since": since}).status_code == 200


def test_if_none_match_overrides_if_modified_since(seeded: Api) -> None:
    modified = seeded.get("/corpus").headers["last-modified"]

    for etag in ('"x"', ""):
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        assert seeded.get("/corpus", headers=headers).status_code == 200


@pytest.mark.parametrize("url", ["/articles/nope", "/articles?limit=0"])
def test_if_modified_since_does_not_hide_errors(seeded: Api, url: str) -> None:
    modified = seeded.get("/corpus").headers["last-modified"]

    assert seeded.get(url, headers={"If-Modified-Since": modified}).status_code in (404, 422)


def test_page_and_list_of_urls_have_different_etags(seeded: Api) -> None:
    page, urls = (seeded.get("/", headers={"Accept": accept}).headers for accept in ("text/html", "*/*"))

    assert page["etag"] != urls["etag"]
    assert "Accept" in page["vary"].split(", ")


def test_if_none_match_may_be_several_headers(seeded: Api) -> None:
    tag = seeded.get("/corpus").headers["etag"].encode()
    lines = [(b"if-none-match", tag), (b"if-none-match", b'"x"')]

    assert ask(seeded, "/corpus", headers=lines).status_code == 304


@pytest.mark.parametrize("address", ["/articles/nope", "/nope", "/tags/nope", "/articles/trinity-test/paragraphs/99"])
def test_if_none_match_star_on_missing_resource_is_404(seeded: Api, address: str) -> None:
    problem(seeded.get(address, headers={"If-None-Match": "*"}), 404)


def test_if_none_match_star_on_invalid_query_is_422(seeded: Api) -> None:
    problem(seeded.get("/articles?limit=0", headers={"If-None-Match": "*"}), 422)


def test_redirect_is_temporary(seeded: Api) -> None:
    answer = seeded.get("/entities/Q2280", headers={"If-None-Match": "*"})

    assert (answer.status_code, answer.headers["cache-control"]) == (308, "no-cache")


def test_new_revision_has_new_etags(api: Api, tmp_path) -> None:
    article = {"id": "a", "title": "A", "text": "Something happened."}
    api.seed(write_documents(tmp_path / "corpus", [article]))
    first = {address: api.get(address).headers["etag"] for address in ("/articles", "/articles/a", "/corpus")}
    api.seed(write_documents(tmp_path / "corpus", [article]))
    for address, tag in first.items():
        assert api.get(address, headers={"If-None-Match": tag}).status_code == 304
    api.seed(write_documents(tmp_path / "corpus", [{**article, "title": "B"}]))

    for address, tag in first.items():
        answer = api.get(address, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert answer.headers["etag"] != tag


def test_before_the_first_revision_if_none_match_gets_503(api: Api) -> None:
    for address in ("/articles", "/corpus", "/health/ready", "/entities/minsk"):
        answer = api.get(address, headers={"If-None-Match": "*"})

        problem(answer, 503)
        assert answer.headers["retry-after"] == "1"
    assert api.get("/health/live").json() == {"status": "live"}


def test_a_failure_is_a_problem_and_is_logged(api: Api, tmp_path, monkeypatch, caplog) -> None:
    api.seed(write_documents(tmp_path / "corpus", [{"id": "a", "title": "A", "text": "Something happened."}]))
    monkeypatch.setattr(api.service.documents, "read_items", lambda keys: 1 / 0)

    document = problem(api.get("/articles"), 500)
    assert document["detail"] == "The service failed to answer; the failure was logged."
    assert "ZeroDivisionError" in caplog.text
    assert api.request("HEAD", "/articles").content == b""


def test_a_failure_without_the_corpus_is_a_problem_with_cors_headers(api: Api, monkeypatch, caplog) -> None:
    monkeypatch.setattr(api.service, "wait_until_opened", lambda: 1 / 0)
    response = api.get("/health/ready")

    assert problem(response, 500)["instance"] == "/health/ready"
    assert response.headers["access-control-allow-origin"] == "*"
    assert "ZeroDivisionError" in caplog.text
