"""Suggestions: what is named exactly comes first, then what is spelled alike; meanings before spellings."""

import pytest

from app.search.query.filters import LONGEST_VALUE
from app.seeding.limits import LONGEST_NAME
from app.text import fold_name
from tests.conftest import Api, write_documents
from tests.support.problems import problem, refused


def test_every_name_and_alias_of_the_corpus_suggests_what_has_it_first(seeded: Api) -> None:
    directory = seeded.service.snapshot.directory
    wrong = {}
    for entity in directory.entities.values():
        for name in (entity.name, *entity.aliases):
            first = directory.suggest_entities(name.upper())[0]
            if fold_name(name) not in map(fold_name, (first.name, *first.aliases)):
                wrong[name] = first.id
        named = [other.id for other in directory.entities.values() if fold_name(other.name) == fold_name(entity.name)]
        if directory.suggest_entities(entity.name)[0].id not in named:
            wrong[entity.name] = directory.suggest_entities(entity.name)[0].id

    assert len(directory.entities) > 500
    assert wrong == {}


@pytest.mark.parametrize(
    ("parameter", "value", "first"),
    [
        ("entity", "Ukraine", "ukraine"),
        ("entity", "South Korea", "south-korea"),
        ("entity", "East Germany", "east-germany"),
        ("entity", "Gorbachov", "mikhail-gorbachev"),
        ("entity", "Regan", "ronald-reagan"),
        ("entity", "Sovjet Union", "soviet-union"),
        ("entity", "Mikhail Gorbachov", "mikhail-gorbachev"),
        ("entity", "stanislaw-petrow", "stanislav-petrov"),
        ("entity", "Мінск", "minsk"),
        ("tag", "Nuclear Weapon", "nuclear-weapons"),
        ("source", "annotated articles", "Annotated Articles"),
        ("source", "Annotated", "Annotated Articles"),
    ],
)
def test_likeliest_value_is_suggested_first(seeded: Api, parameter: str, value: str, first: str) -> None:
    [warning] = seeded.json("/articles", **{parameter: value})["warnings"]
    suggested = [suggestion["id"] for suggestion in warning["did_you_mean"]]

    assert suggested[0] == first


def test_no_spelling_is_compared_where_enough_names_begin_alike(seeded: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.search.names.directory.find_similar", lambda *_: 1 / 0)
    suggested = seeded.service.snapshot.directory.suggest_entities("Unite")

    assert [entity.id for entity in suggested] == ["united-states", "united-nations", "united-kingdom"]


def test_author_is_suggested_by_a_part_of_the_name(api: Api, tmp_path) -> None:
    authors = [f"Zoë Author {number:04}" for number in range(1500)]
    documents = [{"id": "many", "title": "-", "text": "-", "authors": authors},
                 {"id": "a", "title": "-", "text": "-", "authors": ["Ann Lee"]}]  # fmt: skip
    api.seed(write_documents(tmp_path / "seeds", documents))
    suggested = {
        asked: [suggestion["id"] for suggestion in api.json("/articles", author=asked)["warnings"][0]["did_you_mean"]]
        for asked in ("Ann", "lee", "ANN LEE", "zoe author 1400")
    }

    assert suggested["Ann"] == suggested["lee"] == suggested["ANN LEE"] == ["Ann Lee"]
    assert suggested["zoe author 1400"][0] == "Zoë Author 1400"


def test_id_that_is_unknown_is_said_to_be_of_an_article(seeded: Api) -> None:
    [warning] = seeded.json("/entities", id="minsk")["warnings"]

    assert warning["message"] == "No article of the corpus has the id 'minsk'."


@pytest.mark.parametrize(
    ("parameter", "meant"),
    [
        ("place", "entity"), ("publisher", "source"), ("unit", "offset_unit"), ("_size", "limit"), ("rows", "limit"),
        ("keyword", "q"), ("date_from", "published_from"), ("date_to", "published_to"), ("wikidata", "entity"),
        ("subject", "tag"), ("category", "tag"), ("byline", "author"), ("orderby", "sort"), ("skip", "cursor"),
        ("select", "fields"), ("type", "entity_type"), ("entity__in", "entity_any"),
    ],
)  # fmt: skip
def test_parameter_of_other_services_leads_to_ours(seeded: Api, parameter: str, meant: str) -> None:
    [error] = problem(seeded.get("/articles", params={parameter: "1"}), 422)["errors"]

    assert error["did_you_mean"] == [meant]


@pytest.mark.parametrize("parameter", ["format", "sentiment", "pretty", "id_not", "date_field"])
def test_parameter_that_is_like_none_has_no_suggestion(seeded: Api, parameter: str) -> None:
    assert (
        refused(seeded.get("/articles", params={parameter: "1"}), parameter) == f"There is no parameter `{parameter}`."
    )


@pytest.mark.parametrize(
    ("parameter", "value", "meant"),
    [
        ("entity_type", "location", "place"), ("entity_type", "people", "person"), ("entity_type", "PER", "person"),
        ("entity_type", "organisation", "organization"), ("sort", "date", "-published"),
        ("sort", "newest", "-published"), ("match", "or", "any"),
    ],
)  # fmt: skip
def test_value_of_other_services_leads_to_ours(seeded: Api, parameter: str, value: str, meant: str) -> None:
    [error] = problem(seeded.get("/articles", params={parameter: value, "q": "x"}), 422)["errors"]

    assert error["did_you_mean"] == [meant]


def test_field_that_is_like_none_has_no_suggestion(seeded: Api) -> None:
    [error] = problem(seeded.get("/articles", params={"fields": "text"}), 422)["errors"]

    assert not error.get("did_you_mean")


def test_every_value_that_is_indexed_can_be_asked_for(api: Api, tmp_path) -> None:
    name = "é" * LONGEST_NAME
    document = {"id": "a", "title": "-", "text": "-", "authors": [name], "source": name, "tags": [name]}
    api.seed(write_documents(tmp_path / "seeds", [document]))
    facets = api.json("/articles", facet=["author", "source", "tag"])["facets"]
    totals = {
        field: api.json("/articles", **{field: facet["values"][0]["value"]})["total"] for field, facet in facets.items()
    }

    assert LONGEST_VALUE == LONGEST_NAME
    assert totals == {"author": 1, "source": 1, "tag": 1}
    assert api.json("/tags", name=name)["total"] == 1
