"""Whom a question or an address means: by id, by Wikidata id, by an id of former times, or nobody."""

from itertools import combinations

import pytest

from app.text import fold_name
from tests.conftest import Api, write_documents
from tests.support.problems import problem


def test_a_wikidata_id_leads_to_the_entity(seeded: Api) -> None:
    answer = seeded.get("/entities/Q2280")

    assert (answer.status_code, answer.headers["location"], answer.content) == (308, "/entities/minsk", b"")
    assert seeded.json("/entities/minsk")["wikidata"] == "Q2280"


def test_a_wikidata_id_may_begin_with_a_small_q(seeded: Api) -> None:
    assert seeded.get("/entities/q2280").headers["location"] == "/entities/minsk"
    assert seeded.json("/articles", entity="q2280")["total"] == seeded.json("/articles", entity="minsk")["total"] > 0


def test_a_former_id_leads_to_the_entity(api: Api, tmp_path) -> None:
    folder = write_documents(tmp_path / "corpus", [{"id": "a", "title": "A", "text": "Mbabane is in Eswatini."}])
    entities = "[{id: eswatini, name: Eswatini, type: place, wikidata: Q1050, formerly: [swaziland]}]"
    (folder / "entities.yaml").write_text(f"builtin: false\nentities: {entities}\n")
    api.seed(folder)

    assert api.get("/entities/swaziland").headers["location"] == "/entities/eswatini"
    for reference in ("eswatini", "swaziland", "Q1050"):
        assert api.json("/articles", entity=reference)["total"] == 1
        assert "warnings" not in api.json("/articles", entity=reference)


def test_entity_filters_take_wikidata_ids(seeded: Api) -> None:
    for parameter in ("entity", "entity_any", "entity_not"):
        by_id, by_wikidata = (seeded.json("/articles", **{parameter: value}) for value in ("minsk", "Q2280"))

        assert by_id["items"] == by_wikidata["items"]
        assert by_id["total"] == by_wikidata["total"] > 0


@pytest.mark.parametrize("address", ["/articles", "/paragraphs", "/entities", "/tags"])
@pytest.mark.parametrize(
    ("parameter", "value", "near"),
    [
        ("entity", "minks", "minsk"),
        ("entity", "Minsk", "minsk"),
        ("entity_any", "kremln", "kremlin"),
        ("tag", "nuclear-weapon", "nuclear-weapons"),
        ("source", "Annotated Article", "Annotated Articles"),
        ("language", "enn", "en"),
        ("id", "trinity-tests", "trinity-test"),
    ],
)
def test_unknown_value_selects_nothing_and_gives_a_warning(
    seeded: Api, address: str, parameter: str, value: str, near: str
) -> None:
    page = seeded.json(address, **{parameter: value})

    assert (page["items"], page["total"], page["next"], page["previous"]) == ([], 0, None, None)
    [warning] = page["warnings"]
    assert set(warning) == {"parameter", "value", "message", "did_you_mean"}
    assert (warning["parameter"], warning["value"]) == (parameter, value)
    assert near in [item["id"] for item in warning["did_you_mean"]]
    for suggestion in warning["did_you_mean"]:
        assert seeded.json(address, **{parameter: suggestion["id"]}).get("warnings") is None


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Ukraine", "ukraine"),
        ("South Korea", "south-korea"),
        ("East Germany", "east-germany"),
        ("Minsk", "minsk"),
        ("Iceland", "iceland"),
        ("МІНСК", "minsk"),
    ],
)
def test_exact_name_is_suggested_first(seeded: Api, name: str, id: str) -> None:
    [warning] = seeded.json("/articles", entity=name)["warnings"]

    assert warning["did_you_mean"][0]["id"] == id


def test_every_name_of_the_corpus_suggests_first_what_has_it(seeded: Api) -> None:
    directory = seeded.service.snapshot.directory
    for entity in directory.entities.values():
        first = directory.suggest_entities(entity.name)[0]

        assert fold_name(entity.name) in map(fold_name, (first.name, *first.aliases))


def test_only_the_first_unknown_values_get_suggestions(seeded: Api) -> None:
    asked = {parameter: [f"minsk{number}" for number in range(50)] for parameter in ("entity", "entity_not")}
    warnings = seeded.json("/articles", **asked)["warnings"]

    assert [bool(warning["did_you_mean"]) for warning in warnings] == [True] * 5 + [False] * 95


def test_only_the_first_wrong_parameters_get_suggestions(seeded: Api) -> None:
    document = problem(seeded.get("/articles", params={f"entity{number}": "x" for number in range(300)}), 422)

    assert len(document["errors"]) == 300
    assert ["did_you_mean" in error for error in document["errors"]] == [True] * 5 + [False] * 295


def test_timeline_warns_of_an_unknown_value(seeded: Api) -> None:
    timeline = seeded.json("/timeline", entity="minks")

    assert timeline["items"] == []
    assert timeline["warnings"][0]["did_you_mean"][0] == {"id": "minsk", "name": "Minsk", "type": "place"}


def test_unknown_excluded_value_excludes_nothing(seeded: Api) -> None:
    page = seeded.json("/articles", entity_not="minks")

    assert page["total"] == seeded.json("/articles")["total"]
    assert page["warnings"][0]["parameter"] == "entity_not"


@pytest.mark.parametrize(
    "address",
    ["/articles/minks", "/entities/minks", "/tags/minks", "/entities/Q999999999", "/articles/minks/paragraphs/0"],
)
def test_an_unknown_id_in_a_path_is_not_found(seeded: Api, address: str) -> None:
    assert f"'{address.split('/')[2]}'" in problem(seeded.get(address), 404)["detail"]


def test_position_beyond_the_last_paragraph_is_404(seeded: Api) -> None:
    count = len(seeded.json("/articles/trinity-test")["paragraphs"])

    assert seeded.get(f"/articles/trinity-test/paragraphs/{count - 1}").status_code == 200
    document = problem(seeded.get(f"/articles/trinity-test/paragraphs/{count}"), 404)
    assert document["detail"] == f"The article 'trinity-test' has no paragraph {count}."


@pytest.mark.parametrize("id", ["мінск", "北京", "zoë-2"])
def test_ids_of_every_script_are_ids(api: Api, tmp_path, id: str) -> None:
    api.seed(write_documents(tmp_path / "corpus", [{"id": id, "title": "A", "text": "Something happened."}]))
    article = api.json(f"/articles/{id}")

    assert article["id"] == id
    assert "".join([article["url"], *article["links"].values(), article["paragraphs"][1]["url"]]).isascii()
    assert api.json(article["url"]) == article
    assert api.json(article["paragraphs"][1]["url"])["text"] == "Something happened."
    assert api.json(article["links"]["paragraphs"])["total"] == 2
    assert api.json("/articles", id=id)["total"] == 1


@pytest.mark.parametrize(
    ("url", "ids"),
    [
        ("/entities?entity_id=minsk&entity_id=Q649", ["minsk", "moscow"]),
        ("/entities?entity_id=minsk&entity_id=mikhail-gorbachev&type=place", ["minsk"]),
        ("/tags?tag_id=deterrence&tag_id=arms-control", ["arms-control", "deterrence"]),
    ],
)
def test_several_are_read_by_id(seeded: Api, url: str, ids: list[str]) -> None:
    page = seeded.json(f"{url}&sort=name")

    assert [item["id"] for item in page["items"]] == ids
    assert page["total"] == len(ids)
    assert "warnings" not in page


def test_list_of_entities_has_those_that_meet_all_conditions(seeded: Api) -> None:
    entities = seeded.walk("/entities?limit=100")
    conditions = [
        ("type=place&type=person", lambda entity: entity["type"] in ("place", "person")),
        ("name_prefix=m", lambda entity: entity["id"] in ids_with_prefix),
        ("entity_id=minsk&entity_id=Q649&entity_id=ussr", lambda entity: entity["id"] in ("minsk", "moscow", "ussr")),
    ]
    ids_with_prefix = {entity["id"] for entity in seeded.walk("/entities?name_prefix=m&limit=100")}
    questions = {
        "&".join(question for question, _ in chosen): [
            entity["id"] for entity in entities if all(meets(entity) for _, meets in chosen)
        ]
        for size in (1, 2, 3)
        for chosen in combinations(conditions, size)
    }
    lists = {question: seeded.walk(f"/entities?{question}&limit=100") for question in questions}

    assert {question: [entity["id"] for entity in listed] for question, listed in lists.items()} == questions
    assert all(0 < len(ids) < len(entities) for ids in questions.values())


def test_counts_of_entities_by_id_are_those_of_the_selection(seeded: Api) -> None:
    [moscow] = seeded.json("/entities?entity=minsk&entity_id=moscow")["items"]

    assert moscow["count"] == seeded.json("/articles?entity=minsk&entity=moscow")["total"]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("/entities?entity_id=minks", "No entity of the corpus has the id 'minks'."),
        ("/tags?tag_id=deterence", "Nothing in the corpus has the tag 'deterence'."),
    ],
)
def test_unknown_id_of_a_list_is_warned_of(seeded: Api, url: str, message: str) -> None:
    page = seeded.json(url)

    assert (page["items"], page["warnings"][0]["message"]) == ([], message)
    assert page["warnings"][0]["did_you_mean"][0]["id"] in ("minsk", "deterrence")


@pytest.mark.parametrize(
    ("url", "similar"),
    [
        ("/entities/Minsk", "minsk"),
        ("/entities/minks", "minsk"),
        ("/entities/gorbachev", "mikhail-gorbachev"),
        ("/tags/deterence", "deterrence"),
        ("/articles/trinity-tests", "trinity-test"),
        ("/articles/trinity-tests/similar", "trinity-test"),
        ("/articles/trinity-tests/paragraphs/0", "trinity-test"),
    ],
)
def test_unknown_id_in_a_path_suggests_similar_ones(seeded: Api, url: str, similar: str) -> None:
    details = problem(seeded.get(url), 404)

    assert details["detail"].endswith(f"; did you mean `{similar}`?")
    assert details["errors"][0]["parameter"] == "id"
    assert details["errors"][0]["did_you_mean"][0] == similar


@pytest.mark.parametrize("kind", ["entities", "tags", "articles"])
def test_long_id_in_a_path_gets_no_suggestion(seeded: Api, kind: str) -> None:
    assert "errors" not in problem(seeded.get(f"/{kind}/{'minsk-' * 30}"), 404)
