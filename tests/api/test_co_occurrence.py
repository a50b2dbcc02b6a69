"""What belongs to a selection: association counted by hand, and entities and tags found by their names."""

import json
import re
from itertools import product
from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Api, write_documents
from tests.support import oracle, strategies
from tests.support.catalogue import write_catalogued
from tests.support.problems import refused

often = settings(max_examples=7)


@pytest.fixture
def serve(api: Api, tmp_path):
    """Let the corpus be these articles."""
    return lambda corpus: api.seed(write_catalogued(tmp_path / "seeds", corpus), only=True)


@pytest.fixture
def named(api: Api, tmp_path):
    """A corpus that names these entities, each in as many articles as stands beside it."""

    def named(*entities):
        articles = [
            {"title": "T", "text": "A", "mentions": [{"start": 0, "end": 1, "entity": entity["id"], "type": "law"}]}
            for entity, count in entities
            for _ in range(count)
        ]
        folder = write_documents(
            tmp_path / "seeds", [{"id": f"a{number}", **article} for number, article in enumerate(articles)]
        )
        listed = [{"type": "person", **entity} for entity, _ in entities]
        (folder / "entities.yaml").write_text(json.dumps({"builtin": False, "entities": listed}))
        api.seed(folder)
        return api

    return named


def npmi(together, one, other, everything):
    """Normalised pointwise mutual information, of probabilities."""
    if together == everything:
        return 1.0
    both = together / everything
    return log(both / (one / everything * other / everything)) / -log(both)


@often
@given(corpus=strategies.corpora, questions=st.lists(strategies.questions.filter(bool), min_size=5, max_size=5))
def test_association_equals_npmi_counted_by_the_oracle(api, serve, corpus, questions):
    serve(corpus)
    restricted = [question for question in questions if {*question} - {"within", "q_in"}]
    for question, (path, field) in product(restricted, [("/entities", "entity"), ("/tags", "tag")]):
        asked = question | ({"q": question["q"].text} if "q" in question else {})
        everything = oracle.units(corpus, question.get("within", "article"))
        chosen = [unit for unit in everything if oracle.holds(unit, question)]
        totals = dict(oracle.counted(everything, field))
        rows = api.walk(path, **asked, sort="-association", limit=2)
        expected = {
            id: npmi(count, len(chosen), totals[id], len(everything))
            for id, count in oracle.counted(chosen, field, question)
        }

        assert all(row["association"] == pytest.approx(expected[row["id"]], abs=1e-4) for row in rows)
        assert all(-1 <= row["association"] <= 1 for row in rows)
        assert rows == sorted(rows, key=lambda row: (-row["association"], row["id"]))


@pytest.mark.parametrize("path", ["/entities", "/tags"])
@pytest.mark.parametrize("asked", [{}, {"within": "paragraph"}, {"name_prefix": "a"}, {"facet": "tag"}])
def test_association_needs_a_filter(seeded: Api, path, asked):
    message = refused(seeded.get(path, params={**asked, "sort": "-association"}), "sort")

    assert "only with a filter" in message
    assert {item["association"] for item in seeded.json(path, **asked)["items"]} == {None}


def test_co_occurring_entities_share_a_paragraph(seeded: Api):
    companions = seeded.walk("/entities", entity="minsk", within="paragraph", limit=7)
    counts = {companion["id"]: companion["count"] for companion in companions}

    assert "minsk" not in counts
    assert counts == {id: seeded.json("/paragraphs", entity=["minsk", id])["total"] for id in counts}


def test_name_finds_every_candidate(named):
    api = named(
        ({"id": "georgia", "name": "Georgia", "type": "place"}, 2),
        ({"id": "georgia-us", "name": "State of Georgia", "type": "place", "aliases": ["Géorgia"]}, 3),
        ({"id": "georgian", "name": "Georgian"}, 1),
    )
    page = api.json("/entities", name="GEORGIA")

    assert [(item["id"], item["matched"]) for item in page["items"]] == [
        ("georgia-us", "Géorgia"),
        ("georgia", "Georgia"),
    ]
    assert page["total"] == 2
    assert "warnings" not in page


def test_name_that_no_article_mentions_is_warned_of(named):
    api = named(
        ({"id": "springfield", "name": "Springfield", "type": "place"}, 2),
        ({"id": "springfield-oregon", "name": "Springfield, Oregon", "aliases": ["Springfield"]}, 0),
    )
    page = api.json("/entities", name="springfield")

    assert [item["id"] for item in page["items"]] == ["springfield"]
    assert page["warnings"] == [
        {
            "parameter": "name",
            "value": "springfield",
            "message": "1 more of this name is mentioned in no article.",
            "did_you_mean": [{"id": "springfield-oregon", "name": "Springfield, Oregon"}],
        }
    ]


def test_unknown_name_suggests_similar_ones(seeded):
    [entity], [tag] = (
        seeded.json(f"/{kind}", name=name)["warnings"]
        for kind, name in {"entities": "reagan", "tags": "summit"}.items()
    )

    assert entity["message"] == "Nothing in the corpus has the name 'reagan'."
    assert entity["did_you_mean"][0]["id"] == "ronald-reagan"
    assert tag["did_you_mean"][0]["id"] == "summits"


def test_name_prefix_finds_names_with_such_a_word_most_mentioned_first(named):
    api = named(
        ({"id": "zoe", "name": "Zoë Baird"}, 1),
        ({"id": "bo", "name": "Bo Baird"}, 2),
        ({"id": "le-pen", "name": "Jean-Marie Le Pen", "aliases": ["The Menhir", "Le Breton"]}, 1),
    )
    expected = {
        "zo": [("zoe", "Zoë Baird")],
        "BAI": [("bo", "Bo Baird"), ("zoe", "Zoë Baird")],
        "zoe b": [("zoe", "Zoë Baird")],
        "bair": [("bo", "Bo Baird"), ("zoe", "Zoë Baird")],
        "pen": [("le-pen", "Jean-Marie Le Pen")],
        "marie le": [("le-pen", "Jean-Marie Le Pen")],
        "the men": [("le-pen", "The Menhir")],
        "le": [("le-pen", "Jean-Marie Le Pen")],
        "aird": [],
        "-": [],
    }
    items = {prefix: api.json("/entities", name_prefix=prefix)["items"] for prefix in expected}

    assert {
        prefix: [(entity["id"], entity["matched"]) for entity in entities] for prefix, entities in items.items()
    } == expected


def test_name_is_searched_within_the_selection(seeded: Api):
    everywhere, selected = (
        {item["id"] for item in seeded.walk("/entities", name_prefix="uni", **asked)}
        for asked in ({}, {"q": "sputnik"})
    )

    assert selected < everywhere
    assert selected == everywhere & {item["id"] for item in seeded.walk("/entities", q="sputnik")}


@pytest.mark.parametrize(("prefix", "field"), [("luka", "/entities"), ("nuc", "/tags"), ("wea", "/tags")])
def test_name_prefix_results_say_what_matched(seeded: Api, prefix, field):
    items = seeded.walk(field, name_prefix=prefix)

    assert items
    assert all(f" {prefix}" in f" {item['matched'].lower().replace('-', ' ')}" for item in items)
    assert [item["count"] for item in items] == sorted((item["count"] for item in items), reverse=True)


@pytest.mark.parametrize("prefix", ["u", "UN", "uni", "unit", "k", "kh"])
@pytest.mark.parametrize("asked", [{}, {"within": "paragraph"}, {"type": "person"}, {"q": "missile"}])
def test_name_prefix_finds_the_same_when_cached(seeded: Api, prefix, asked):
    begins = re.compile(rf"(?<!\w){prefix}", re.IGNORECASE)
    everything = seeded.walk("/entities", limit=100, **asked)
    expected = [
        item | {"matched": next(filter(begins.search, names))}
        for item in everything
        if any(map(begins.search, names := [item["name"], *item["aliases"]]))
    ]

    assert [seeded.walk("/entities", name_prefix=prefix, limit=3, **asked) for _ in range(2)] == [expected] * 2


def test_tag_is_found_by_name(seeded: Api):
    tag = seeded.json("/tags")["items"][0]

    assert [item["id"] for item in seeded.json("/tags", name=tag["name"].upper())["items"]] == [tag["id"]]


def test_fuzzy_term_finds_the_right_spelling(seeded: Api):
    page = seeded.json("/paragraphs", q="lukashenka~1")

    assert page["total"] >= 1
    assert all("Lukashenko" in item["text"] for item in page["items"])
