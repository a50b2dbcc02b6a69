"""Whatever is asked, at whatever address: an answer or a problem, never a failure and never a look inside."""

from urllib.parse import quote, quote_from_bytes

from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.routes.articles import ArticleListParams
from app.api.routes.entities import EntityListParams
from app.api.routes.tags import TagListParams
from app.api.routes.timeline import TimelineParams
from app.api.validation_messages import SYNONYMS
from tests.conftest import Api
from tests.support.asgi import ask
from tests.support.problems import LEAKS, problem

QUESTIONS = (ArticleListParams, EntityListParams, TagListParams, TimelineParams)
NAMES = sorted(
    {name for question in QUESTIONS for name in question.model_fields} | set(SYNONYMS) | {"", "Q", "facet[]"}
)

SENSIBLE = st.sampled_from(
    [
        "war",
        "nuclear weapons",
        '"atomic bomb"~2',
        "bomb*",
        "minsk",
        "united-states",
        "Q2280",
        "place",
        "person",
        "body",
        "title",
        "nuclear-weapons",
        "en",
        "paragraph",
        "article",
        "-published",
        "published",
        "relevance",
        "name",
        "-count",
        "2025",
        "1945-07",
        "1945-07-16",
        "1962-10-22T19:00:00-04:00",
        "1",
        "5",
        "100",
        "utf8",
        "utf16",
        "paragraphs",
        "url",
        "id",
        "mentions",
        "year",
        "day",
        "any",
        "all",
        "offsets",
        "markup",
        "entity",
        "tag",
        "-association",
    ]
)
SENSELESS = st.one_of(
    st.text(max_size=30).map(quote),
    st.binary(max_size=12).map(quote_from_bytes),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        [
            "",
            "0",
            "-0",
            "%00",
            "%ff",
            "null",
            "true",
            "[]",
            "{}",
            "'; DROP TABLE article; --",
            "%25s",
            "..%2f",
            "9" * 30,
            "w" * 2000,
            "1e999",
            "NaN",
            "%e2%80%ae",
            "%F0%9F%98%80",
        ]
    ),
)
PARAMETER = st.tuples(st.sampled_from(NAMES), st.one_of(SENSIBLE.map(quote), SENSELESS)).map("=".join)
SEGMENT = st.one_of(
    st.sampled_from(
        [
            "articles",
            "paragraphs",
            "entities",
            "tags",
            "timeline",
            "corpus",
            "trinity-test",
            "minsk",
            "Q2280",
            "nuclear-weapons",
            "0",
            "3",
            "99999999999999999999",
            "similar",
            "health",
            "live",
            "docs",
            "",
        ]
    ),
    SENSELESS.filter(lambda value: "/" not in value),
)
LISTS = ("/articles", "/paragraphs", "/entities", "/tags", "/timeline", "/articles/trinity-test/paragraphs/1")
ADDRESS = st.one_of(st.sampled_from(LISTS), st.lists(SEGMENT, max_size=5).map(lambda parts: "/" + "/".join(parts)))
HEADER = st.tuples(
    st.sampled_from([b"accept", b"if-none-match", b"origin", b"range", b"if-modified-since", b"content-type"]),
    st.one_of(
        st.sampled_from([b"*", b"*/*", b"text/html", b"application/json;q=0", b'W/"x"', b"bytes=0-1"]),
        st.binary(max_size=8),
    ),
)
METHOD = st.sampled_from(["GET", "GET", "GET", "HEAD", "OPTIONS", "POST", "DELETE", "TRACE", "BREW"])


@given(ADDRESS, st.lists(PARAMETER, max_size=6), METHOD, st.lists(HEADER, max_size=2))
@settings(max_examples=300)
def test_any_request_gets_a_response_or_a_problem(
    seeded: Api, address: str, parameters: list[str], method: str, headers: list[tuple[bytes, bytes]]
) -> None:
    answer = ask(seeded, address, "&".join(parameters).encode(), method, headers)

    assert answer.status_code in {200, 204, 304, 308, 404, 405, 406, 422}
    assert answer.headers["access-control-allow-origin"] == "*"
    is_page = address == "/" and (b"accept", b"text/html") in headers
    if is_page and answer.status_code >= 400:
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    elif answer.status_code >= 400 and method != "HEAD":
        document = problem(answer, answer.status_code)
        echoed = address + "".join(parameters) + document["instance"]
        leak = LEAKS.search(document["detail"])
        assert not leak or leak[0].casefold() in echoed.casefold()


@given(st.sampled_from(LISTS[:5]), st.lists(PARAMETER, min_size=1, max_size=3))
@settings(max_examples=100)
def test_repeated_request_gets_the_same_response(seeded: Api, address: str, parameters: list[str]) -> None:
    query = "&".join(parameters).encode()
    first, second = (ask(seeded, address, query) for _ in range(2))

    assert (first.status_code, first.content) == (second.status_code, second.content)
