"""For any small corpus and any question, every list is what one finds by looking at every document."""

from collections import Counter
from itertools import cycle, product
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.query.builder import build_selection
from app.search.query.filters import FilterParams
from app.search.selection import MatchAll, Selection
from tests.support import oracle
from tests.support.catalogue import write_catalogued
from tests.support.strategies import corpora, questions

SORTS = ("-published", "published", "-updated", "updated", "title", "word_count", "-word_count")


def laws(test):
    """A test for any corpus and several questions about it."""
    often = settings(max_examples=10)
    return often(given(corpus=corpora, several=st.lists(questions, min_size=8, max_size=8))(test))


@pytest.fixture
def serve(api, tmp_path):
    """Let the corpus be these articles."""
    return lambda corpus: api.seed(write_catalogued(tmp_path / "seeds", corpus), only=True)


def parameters(asked):
    return asked | ({"q": asked["q"].text} if "q" in asked else {})


def selected(corpus, asked, default="article"):
    return [unit for unit in oracle.units(corpus, asked.get("within", default)) if oracle.holds(unit, asked)]


@laws
def test_articles_are_those_that_the_oracle_selects(api, serve, corpus, several):
    serve(corpus)
    for asked, sort in zip(several, cycle(SORTS), strict=False):
        page = api.json("/articles", **parameters(asked), sort=sort, limit=100)
        chosen = {unit.article["id"] for unit in selected(corpus, asked)}
        expected = [unit for unit in oracle.units(corpus, "article") if unit.article["id"] in chosen]

        assert [item["id"] for item in page["items"]] == [unit.article["id"] for unit in oracle.ordered(expected, sort)]
        assert page["total"] == len(expected)


@laws
def test_paragraphs_are_those_that_the_oracle_selects(api, serve, corpus, several):
    serve(corpus)
    for asked, sort in zip(several, cycle(SORTS), strict=False):
        page = api.json("/paragraphs", **parameters(asked), sort=sort, limit=100)
        chosen = selected(corpus, asked, "paragraph")
        expected = [
            unit
            for unit in oracle.units(corpus, "paragraph")
            if unit in chosen or oracle.Unit(unit.article, None) in chosen
        ]

        assert [(item["article"]["id"], item["position"]) for item in page["items"]] == [
            (unit.article["id"], unit.position) for unit in oracle.ordered(expected, sort)
        ]
        assert page["total"] == len(expected)


@laws
def test_entities_are_those_of_the_selection_without_those_of_the_filters(api, serve, corpus, several):
    serve(corpus)
    for asked in several:
        page = api.json("/entities", **parameters(asked), limit=100)
        named = {oracle.own_id(id) for suffix in ("", "_any", "_not") for id in asked.get(f"entity{suffix}", ())}
        named |= {oracle.fold(name) for name in asked.get("entity_name", ())}
        listed = [] if asked.get("local") == "true" else oracle.counted(selected(corpus, asked), "entity", asked)
        expected = [row for row in listed if row[0] not in named]

        assert [(row["id"], row["count"]) for row in page["items"]] == expected
        assert page["total"] == len(expected)


@laws
def test_tags_are_those_of_the_selection(api, serve, corpus, several):
    serve(corpus)
    for asked in several:
        page = api.json("/tags", **parameters(asked), limit=100)
        expected = oracle.counted(selected(corpus, asked), "tag")

        assert [(row["id"], row["count"]) for row in page["items"]] == expected
        assert page["total"] == len(expected)


@laws
def test_timeline_counts_the_selection_by_date(api, serve, corpus, several):
    serve(corpus)
    # The days of these corpora are 29,000.
    for asked, interval in [*product(several, ["year", "month"]), *((asked, "day") for asked in several[:1])]:
        page = api.json("/timeline", **parameters(asked), interval=interval)
        page["items"] = [bucket for bucket in page["items"] if bucket["count"]]
        chosen, everything = selected(corpus, asked), oracle.units(corpus, asked.get("within", "article"))
        counts, totals = (Counter(unit.time(interval) for unit in units) for units in (chosen, everything))

        assert page == {
            "items": [{"start": at, "count": counts[at], "total": totals[at]} for at in sorted(filter(None, counts))],
            "undated": counts[None],
            **({"warnings": page["warnings"]} if "warnings" in page else {}),
        }


@pytest.mark.parametrize(
    ("published", "asked", "total"),
    [
        ("1946", {"published_to": "1945"}, 0),
        ("1945-12-31T23:59:59Z", {"published_to": "1945"}, 1),
        ("1945-12-31T23:59:59Z", {"published_to": "1945-12-31T23:59:58.5Z"}, 0),
        ("2025-12-18T09:30:00Z", {"published_from": "2025-12-18T09:30:00.5Z"}, 0),
        ("2025-12-18T09:30:00.5Z", {"published_from": "2025-12-18T09:30:00.4999Z"}, 1),
        ("2025-12-18T09:30:00.5Z", {"published_from": "2025-12-18T09:30:00.500001Z"}, 0),
        ("2025-12-18T09:30:00.5Z", {"published_to": "2025-12-18T09:30:00.4999Z"}, 0),
        ("2016-12-31T23:59:60Z", {"published_from": "2016-12-31t23:59:60z", "published_to": "2017"}, 1),
        ("2019-06-15T23:30:00-05:00", {"published_to": "2019-06-15"}, 0),
        ("2019-06-15T23:30:00-05:00", {"published_from": "2019-06-16", "published_to": "2019-06-16"}, 1),
        ("6001", {"published_to": "6000"}, 0),
    ],
)
def test_dates_hold_to_the_fraction_of_a_second(api, serve, published, asked, total):
    serve([{"title": "Title", "text": "Text", "published_at": published}])

    assert api.json("/articles", **asked)["total"] == total


@pytest.mark.parametrize(
    ("dates", "asked", "total", "selection"),
    [
        (["1969", "2025"], {"published_from": "1969"}, 2, MatchAll),
        (["1969", "2025"], {"published_to": "2025-12-31"}, 2, MatchAll),
        (["1969", "2025"], {"published_from": "1950", "published_to": "2050"}, 2, MatchAll),
        (["1969", "2025"], {"published_to": "2025-12-30"}, 2, Selection),
        (["1969", "2025"], {"published_from": "1969-01-01T00:00:01Z"}, 1, Selection),
        (["1969", None], {"published_from": "1950", "published_to": "2050"}, 1, Selection),
    ],
)
def test_date_bounds_are_compared_only_if_they_exclude_something(api, serve, dates, asked, total, selection):
    serve([{"title": "Title", "text": "Text", "published_at": published} for published in dates])
    selected, _ = build_selection(FilterParams(**asked), api.service.snapshot)

    assert api.json("/articles", **asked)["total"] == total
    assert type(selected) is selection


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("2019-06-15T23:30:00-05:00", "2019-06-15T23:30:00-05:00"),
        ("2019-06-15 23:30:00.149 +0530", "2019-06-15T23:30:00.149+05:30"),
        ("2019-06-15t23:30:00.149000z", "2019-06-15T23:30:00.149Z"),
        ("2019-06-15T23:30:00", "2019-06-15T23:30:00Z"),
        ("Sat, 15 Jun 2019 23:30:00 EST", "2019-06-15T23:30:00-05:00"),
        ("0001-01-01T00:00:00-05:00", "0001-01-01T00:00:00-05:00"),
        ("2019-06-15", "2019-06-15"),
    ],
)
def test_times_keep_their_offset_and_fraction(api, serve, written, answer):
    serve([{"id": "a", "title": "Title", "text": "Text", "published_at": written}])
    paragraph = api.json("/articles/a/paragraphs/0")

    assert api.json("/articles/a")["published_at"] == answer
    assert paragraph["article"]["published_at"] == answer


def test_articles_are_sorted_by_the_fraction_of_a_second(api, serve):
    times = {"a": "12:00:00.2+02:00", "b": "10:00:00.1Z", "c": "10:00:00.15Z", "d": "10:00:00Z"}
    serve({"id": id, "title": "T", "text": "T", "published_at": f"2019-06-15T{time}"} for id, time in times.items())
    first = api.json("/articles", limit=2, fields="id")

    assert [item["id"] for item in first["items"]] == ["a", "c"]
    assert [item["id"] for item in api.json(first["next"])["items"]] == ["b", "d"]


@pytest.mark.parametrize(
    ("parameter", "value"), [("author", "José"), ("source", "Café"), ("tag", "été"), ("id", "élan")]
)
def test_a_value_is_found_however_its_accents_are_encoded(api, serve, parameter, value):
    serve([{"id": "élan", "title": "Title", "text": "Text", "authors": ["José"], "source": "Café", "tags": ["Été"]}])

    assert [api.json("/articles", **{parameter: normalize(form, value)})["total"] for form in ("NFC", "NFD")] == [1, 1]
