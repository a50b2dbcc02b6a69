"""Facets: a count beside a list is the total of the same question with that value, for every facet and value."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Api, write_documents
from tests.support import oracle, strategies
from tests.support.catalogue import write_catalogued
from tests.support.problems import refused

FILTERS = {"entity": "entity", "entity_type": "entity_type", "tag": "tag", "author": "author"}
"""The facets that several values of an article can be chosen from, each with the parameter that adds one."""
CHOICES = {**{facet: f"{facet}_any" for facet in FILTERS}, "source": "source", "language": "language"}
"""Facets, each with the parameter by which a question chooses among its values."""
FACETS = (*CHOICES, "role", "year", "month")

often = settings(max_examples=8)


@pytest.fixture
def serve(api: Api, tmp_path):
    """Let the corpus be these articles."""
    return lambda corpus: api.seed(write_catalogued(tmp_path / "seeds", corpus), only=True)


@pytest.fixture
def arms(serve, api):
    """Articles with tags a, b and c, an author and a date."""
    tags = ["a", "ab", "ab", "abc", "c", ""]
    serve(
        [
            {
                "id": f"n{number}",
                "title": "T",
                "text": "Storm",
                "tags": [*names],
                "published_at": f"2025-0{number + 1}",
                "authors": ["Ann"] if names else [],
            }
            for number, names in enumerate(tags)
        ]
    )
    return api


def facet(api, name, url="/articles", **asked):
    return api.json(url, facet=name, facet_size=100, **asked)["facets"][name]["values"]


def values(shown):
    return [(item["value"], item["count"]) for item in shown]


def selected_count(name, counted, shown):
    """Return how many a facet's value selects: as many as it counts; a language also selects its variants."""
    if name != "language":
        return counted["count"]
    return sum(
        value["count"] for value in shown[name]["values"] if f"{value['value']}-".startswith(f"{counted['value']}-")
    )


@often
@given(corpus=strategies.corpora, questions=st.lists(strategies.questions, min_size=4, max_size=4))
def test_facet_count_is_the_total_with_that_value_as_filter(api, serve, corpus, questions):
    serve(corpus)
    for question in questions:
        asked = question | ({"q": question["q"].text} if "q" in question else {})
        url = "/paragraphs" if asked.get("within") == "paragraph" else "/articles"
        shown = api.json(url, **asked, facet=[*FACETS], facet_size=100)["facets"]
        for name, parameter in FILTERS.items():
            without_choice = {key: value for key, value in asked.items() if key != CHOICES[name]}
            for value in shown[name]["values"]:
                more = {**without_choice, parameter: [*asked.get(parameter, ()), value["value"]]}

                assert api.json(url, **more)["total"] == selected_count(name, value, shown)
        for name, parameter in CHOICES.items():
            for value in shown[name]["values"]:
                assert api.json(url, **{**asked, parameter: value["value"]})["total"] == selected_count(
                    name, value, shown
                )


@often
@given(corpus=strategies.corpora, questions=st.lists(strategies.questions, min_size=4, max_size=4))
def test_role_and_date_facets_equal_those_of_the_oracle(api, serve, corpus, questions):
    serve(corpus)
    for question in questions:
        asked = question | ({"q": question["q"].text} if "q" in question else {})
        chosen = [unit for unit in oracle.units(corpus, asked.get("within", "article")) if oracle.holds(unit, question)]
        roles = [{paragraph["role"] for paragraph in unit.paragraphs()} for unit in chosen]
        expected = {role: sum(role in listed for listed in roles) for role in {*strategies.ROLES, "title"}}

        assert dict(values(facet(api, "role", **asked))) == {role: count for role, count in expected.items() if count}
        for interval in ("year", "month"):
            timeline = api.json("/timeline", **asked, interval=interval)["items"]

            assert dict(values(facet(api, interval, **asked))) == {
                bucket["start"]: bucket["count"] for bucket in timeline if bucket["count"]
            }


def test_facet_values_are_sorted_by_count_then_value(arms):
    assert values(facet(arms, "tag")) == [("a", 4), ("b", 3), ("c", 2)]
    assert values(facet(arms, "tag", tag="c")) == [("c", 2), ("a", 1), ("b", 1)]


def test_facet_says_whether_it_has_more_values(arms):
    shown = [arms.json("/articles", facet="tag", facet_size=size)["facets"]["tag"] for size in (1, 2, 3)]

    assert [len(item["values"]) for item in shown] == [1, 2, 3]
    assert [item["more"] for item in shown] == [True, True, False]


def test_selected_facet_values_are_always_listed(arms):
    shown = arms.json("/articles", tag_any=["c", "none"], q="storm", facet="tag", facet_size=1)["facets"]["tag"]

    assert [(value["value"], value["count"], value["selected"]) for value in shown["values"]] == [
        ("a", 4, False),
        ("c", 2, True),
        ("none", 0, True),
    ]
    assert shown["more"]


def test_facet_values_have_labels(seeded: Api):
    shown = seeded.json("/articles", facet=["entity", "tag", "entity_type"], facet_size=100)["facets"]
    names = {
        kind: {item["id"]: item["name"] for item in seeded.walk(path, limit=100)}
        for kind, path in (("entity", "/entities"), ("tag", "/tags"))
    }

    for kind, known in names.items():
        assert all(value["label"] == known[value["value"]] for value in shown[kind]["values"])
    assert all(value["label"] == value["value"] for value in shown["entity_type"]["values"])


def test_facet_value_is_selected_by_wikidata_id(seeded: Api):
    wikidata = seeded.json("/entities/minsk")["wikidata"]
    by_id, by_wikidata = (facet(seeded, "entity", entity=item) for item in ("minsk", wikidata))

    assert by_id == by_wikidata
    assert [item["value"] for item in by_id if item["selected"]] == ["minsk"]


def test_within_a_paragraph_paragraphs_are_counted(seeded: Api):
    article, paragraph = (
        dict(values(facet(seeded, "entity", q="missile", within=value))) for value in ("article", "paragraph")
    )
    most = next(iter(paragraph))

    assert paragraph[most] == seeded.json("/paragraphs", q="missile", entity=most)["total"]
    assert article[most] == seeded.json("/articles", q="missile", entity=most)["total"]


@pytest.mark.parametrize(("url", "name"), [*product(["/paragraphs", "/entities", "/tags"], FACETS)])
def test_facets_are_the_same_for_every_list(seeded: Api, url, name):
    asked = {"q": "missile", "within": "article"}

    assert facet(seeded, name, url, **asked) == facet(seeded, name, **asked)


@pytest.mark.parametrize("url", ["/articles", "/paragraphs", "/entities", "/tags"])
@pytest.mark.parametrize(("mistyped", "meant"), [("entitty", "entity"), ("tags", "tag"), ("yer", "year")])
def test_unknown_facet_suggests_the_nearest(seeded: Api, url, mistyped, meant):
    assert f"did you mean `{meant}`?" in refused(seeded.get(f"{url}?facet={mistyped}"), "facet")


@pytest.mark.parametrize(("size", "bound"), [(0, "at least 1"), (101, "at most 100")])
def test_a_facet_has_bounds(seeded: Api, size, bound):
    assert bound in refused(seeded.get(f"/articles?facet=tag&facet_size={size}"), "facet_size")


def test_facet_prefix_reaches_values_beyond_the_most_frequent(api: Api, tmp_path) -> None:
    articles = [
        {"id": f"a{number}", "title": "A", "text": "Text.", "authors": [f"Ann Number{number:03}", "Éva Last"]}
        for number in range(150)
    ]
    api.seed(write_documents(tmp_path / "corpus", articles))

    first = api.json("/articles", facet="author", facet_size=100)["facets"]["author"]
    assert (len(first["values"]), first["more"]) == (100, True)
    reached = {
        value["value"] for decade in range(15) for value in facet(api, "author", facet_prefix=f"number{decade:02}")
    }
    assert reached == {f"Ann Number{number:03}" for number in range(150)}


@pytest.mark.parametrize("prefix", ["eva", "ÉVA", "las", "Éva La"])
def test_facet_prefix_ignores_case_and_accents(api: Api, tmp_path, prefix: str) -> None:
    article = {"id": "a", "title": "A", "text": "Text.", "authors": ["Éva Last", "Bo"]}
    api.seed(write_documents(tmp_path / "corpus", [article]))

    assert values(facet(api, "author", facet_prefix=prefix)) == [("Éva Last", 1)]
