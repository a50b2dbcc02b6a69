"""Pages: `next` leads through everything once and in order, `previous` leads back, and no cursor leads astray."""

import json
from base64 import urlsafe_b64encode
from itertools import cycle

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import write_documents
from tests.support.problems import refused
from tests.support.strategies import tied_corpora

LISTS = (
    "/articles",
    "/articles?sort=published",
    "/articles?sort=title",
    "/articles?q=storm",
    "/articles?within=paragraph&entity=ann",
    "/articles?source_not=nobody",
    "/paragraphs",
    "/paragraphs?sort=published",
    "/paragraphs?sort=title",
    "/paragraphs?q=storm",
    "/entities",
    "/entities?sort=name",
    "/entities?q=storm&sort=-association",
    "/tags",
    "/tags?sort=name",
    "/tags?q=storm&sort=-association",
)
"""Every list in every order."""

often = settings(max_examples=6)


@pytest.fixture
def serve(api, tmp_path):
    """Let the corpus be these articles."""
    return lambda corpus: api.seed(write_documents(tmp_path / "seeds", corpus), only=True)


def turn(api, url, limit):
    """The page at this address, with a limit of its own, and a `Link` header that says the same as the body."""
    answer = api.get(httpx.URL(url).copy_set_param("limit", limit))
    assert answer.status_code == 200, answer.text
    page = answer.json()
    links = [f'<{page[way]}>; rel="{name}"' for way, name in (("next", "next"), ("previous", "prev")) if page[way]]
    assert answer.headers.get("link", "") == ", ".join(links)
    return page


def pages(api, url, way, limits):
    """The pages from this address on, as far as they go."""
    turned = []
    for limit in cycle(limits):
        page = turn(api, url, limit)
        turned.append(page)
        url = page[way]
        if url is None:
            break
    return turned


def items(turned):
    return [item for page in turned for item in page["items"]]


@often
@given(corpus=tied_corpora, limits=st.lists(st.integers(1, 6), min_size=1, max_size=4))
def test_next_visits_every_item_once_and_in_order(api, serve, corpus, limits):
    serve(corpus)
    for url in LISTS:
        whole = turn(api, url, 100)
        there = pages(api, url, "next", limits)

        assert (whole["next"], whole["previous"], there[0]["previous"]) == (None, None, None)
        assert items(there) == whole["items"]
        assert all(page["items"] for page in there[1:])
        assert {page["total"] for page in there} == {whole["total"]} == {len(whole["items"])}


@often
@given(corpus=tied_corpora, limit=st.integers(1, 5))
def test_previous_leads_back_through_the_same_pages(api, serve, corpus, limit):
    serve(corpus)
    for url in LISTS:
        there = pages(api, url, "next", [limit])
        back = pages(api, there[-1]["previous"], "previous", [limit])[::-1] if len(there) > 1 else []

        assert [(item["items"], bool(item["next"]), bool(item["previous"])) for item in back] == [
            (item["items"], bool(item["next"]), bool(item["previous"])) for item in there[:-1]
        ]


@often
@given(corpus=tied_corpora, limits=st.lists(st.integers(1, 6), min_size=2, max_size=4))
def test_previous_visits_every_item_with_any_limits(api, serve, corpus, limits):
    serve(corpus)
    for url in LISTS:
        there = pages(api, url, "next", limits)
        back = pages(api, there[-1]["previous"], "previous", limits)[::-1] if len(there) > 1 else []

        assert items(back) == items(there[:-1])


@pytest.mark.parametrize("path", ["/articles", "/paragraphs"])
def test_equally_relevant_items_are_sorted_by_id(api, serve, path):
    serve([{"id": f"a{number % 10}{number}", "title": "Storm", "text": "Storm"} for number in range(25)])
    listed = items(pages(api, f"{path}?q=storm", "next", [3, 4]))
    ids = [item.get("id") or (item["article"]["id"], item["position"]) for item in listed]

    assert ids == sorted(ids)
    assert len(ids) == (25 if path == "/articles" else 50)


@pytest.mark.parametrize("one_in", [1, 2, 40])
def test_exclusion_equals_all_minus_matches(api, serve, one_in):
    days = [None, "2024-01-01", "2024-01-02"]
    serve(
        [
            {
                "id": f"a{number}",
                "title": f"Storm {number % 7}",
                "text": "Storm",
                "published_at": days[number % 3],
                "tags": [] if number % one_in else ["Unwanted"],
            }
            for number in range(240)
        ]
    )
    for sort in ("-published", "published", "title"):
        articles = api.walk("/articles", sort=sort, limit=100)
        untagged = [article["id"] for article in articles if not article["tags"]]
        first = api.json("/articles", sort=sort, limit=20, tag_not="unwanted")

        assert [item["id"] for item in api.walk("/articles", sort=sort, limit=7, tag_not="unwanted")] == untagged
        assert (first["total"], [item["id"] for item in first["items"]]) == (len(untagged), untagged[:20])


def test_cursor_of_another_query_is_refused(api, serve):
    mentions = [{"start": 0, "end": 5, "entity": {"name": name, "type": "person"}} for name in ("Ann", "Bo", "Cy")]
    document = {"text": "storm", "tags": ["Arms", "Talks"], "mentions": mentions}
    serve([{"title": f"Storm {number}", **document} for number in range(3)])
    for url in LISTS:
        _, _, cursor = turn(api, url, 1)["next"].partition("cursor=")
        for other in {*LISTS, httpx.URL(url).copy_set_param("tag", "arms")} - {url}:
            answer = api.get(httpx.URL(other).copy_set_param("cursor", cursor))

            assert refused(answer, "cursor") == "`cursor` belongs to another query; leave it out to start."


forged = st.text(min_size=1) | st.lists(st.none() | st.integers() | st.floats() | st.text(), max_size=4).map(
    lambda payload: urlsafe_b64encode(json.dumps(payload).encode()).decode()
)


@often
@given(forged)
def test_forged_cursor_is_refused(seeded, cursor):
    for url in LISTS:
        answer = seeded.get(httpx.URL(url).copy_set_param("cursor", cursor))

        assert "leave it out to start" in refused(answer, "cursor")


def dated(*months):
    """Articles of these months, each with the month in its title."""
    return [
        {"id": f"of-{month}", "title": f"Storm {month:02}", "text": "Storm", "published_at": f"2025-{month:02}"}
        for month in months
    ]


def months(page):
    return [int((item.get("article") or item)["title"][-2:]) for item in page["items"]]


@pytest.mark.parametrize("sort", ["published", "title"])
@pytest.mark.parametrize("path", ["/articles", "/paragraphs"])
def test_cursor_by_date_or_title_continues_in_another_revision(api, serve, sort, path):
    serve(dated(1, 3, 5, 7, 9))
    first = turn(api, f"{path}?sort={sort}&q=storm&q_in=title", 2)
    serve(dated(2, 4, 5, 6, 9))
    second = turn(api, first["next"], 2)

    assert months(first) == [1, 3]
    assert months(second) == [4, 5]
    assert months(turn(api, second["next"], 2)) == [6, 9]
    assert months(turn(api, second["previous"], 2)) == [2]


@pytest.mark.parametrize("sort", ["published", "title"])
def test_cursor_of_a_page_that_is_gone_leads_to_the_remaining_items(api, serve, sort):
    serve(dated(1, 2, 3, 4, 5, 6))
    second = turn(api, turn(api, f"/articles?sort={sort}", 2)["next"], 2)
    serve(dated(1, 2, 3, 4))
    after = turn(api, second["next"], 2)

    assert (after["items"], after["next"]) == ([], None)
    assert months(turn(api, after["previous"], 2)) == [3, 4]

    serve(dated(3, 4))

    assert months(turn(api, second["previous"], 2)) == [3, 4]


@pytest.mark.parametrize("path", ["/articles", "/paragraphs"])
def test_cursor_by_relevance_of_an_older_revision_is_refused(api, serve, path):
    serve(dated(1, 2, 3))
    after = turn(api, f"{path}?q=storm", 1)["next"]
    serve(dated(1, 2, 3, 4))

    assert "start again" in refused(api.get(after), "cursor")
