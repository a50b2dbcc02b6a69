"""The registry: one id per entity across the corpus, also when the catalogue changes."""

import json

import pytest

from tests.conftest import every_database, write_documents
from tests.support.documents import document, mentioning, place, write_entities

pytestmark = every_database


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "seeds"


def entity_counts(api):
    """Every named entity: its id, and in how many articles it is named."""
    return {row["id"]: row["count"] for row in api.walk("/entities")}


def redirect(api, path):
    answer = api.get(path)
    return answer.status_code, answer.headers.get("Location")


def test_two_names_with_one_wikidata_id_are_one_entity(api, folder):
    english, belarusian = place("Minsk", wikidata="Q2280"), place("Мінск", wikidata="Q2280")
    api.seed(write_documents(folder, [mentioning("a", english), mentioning("b", belarusian)]))

    assert entity_counts(api) == {"minsk": 2}
    assert api.json("/articles/b")["paragraphs"][1]["mentions"][0]["exact"] == "Мінск"


def test_same_name_and_type_are_one_entity_unless_wikidata_ids_differ(api, folder):
    named = [place("Springfield"), place("Springfield", wikidata="Q28515"), place("Springfield", wikidata="Q135615")]
    api.seed(write_documents(folder, [mentioning(id, entity) for id, entity in zip("abc", named, strict=True)]))

    assert entity_counts(api) == {"springfield": 2, "springfield-place": 1}
    assert redirect(api, "/entities/Q28515") == (308, "/entities/springfield")


def test_second_entity_of_a_name_has_its_type_in_its_id(api, folder):
    planet = {"name": "Mercury", "type": "other"}
    product = {"name": "Mercury", "type": "product"}
    api.seed(write_documents(folder, [mentioning("a", planet), mentioning("b", product)]))

    assert entity_counts(api) == {"mercury": 1, "mercury-product": 1}


def test_name_of_two_catalogue_entities_matches_neither(api, folder):
    write_documents(folder, [mentioning("a", place("Georgia")), mentioning("b", place("Georgia"))])
    write_entities(folder, place("Georgia", id="georgia"), place("Georgia", id="georgia-us"))
    api.seed(folder)

    assert entity_counts(api) == {"georgia-place": 2}


def test_id_of_a_name_without_letters_is_its_type(api, folder):
    api.seed(write_documents(folder, [mentioning("a", place("!!!"))]))

    assert entity_counts(api) == {"place": 1}


def test_catalogue_entity_takes_over_the_document_entity_with_its_wikidata_id(api, folder):
    write_documents(folder, [mentioning("a", place("Мінск", wikidata="Q2280"))])
    api.seed(folder)
    write_entities(folder, place("Minsk", wikidata="Q2280", aliases=["Мінск"]))
    api.seed(folder)

    assert entity_counts(api) == {"minsk": 1}
    assert redirect(api, "/entities/мінск") == (308, "/entities/minsk")
    assert api.json("/articles", entity="мінск")["total"] == 1


def test_document_entities_that_match_one_catalogue_entity_are_merged(api, folder):
    write_documents(folder, [mentioning("a", place("Minsk")), mentioning("b", place("Мінск", wikidata="Q2280"))])
    api.seed(folder)
    write_entities(folder, place("Minsk", wikidata="Q2280"))
    api.seed(folder)

    assert entity_counts(api) == {"minsk": 2}
    assert redirect(api, "/entities/мінск") == (308, "/entities/minsk")


def test_former_id_redirects_to_the_entity(api, folder):
    write_documents(folder, [mentioning("a", "astana")])
    write_entities(folder, place("Astana"))
    api.seed(folder)
    write_documents(folder, [mentioning("a", "astana")])
    write_entities(folder, place("Nur-Sultan", formerly=["astana"]))
    api.seed(folder)

    assert entity_counts(api) == {"nur-sultan": 1}
    assert redirect(api, "/entities/astana") == (308, "/entities/nur-sultan")


def test_two_entities_may_swap_wikidata_ids(api, folder):
    write_documents(folder, [document("a")])
    write_entities(folder, place("One", wikidata="Q1"), place("Two", wikidata="Q2"))
    api.seed(folder)
    write_entities(folder, place("One", wikidata="Q2"), place("Two", wikidata="Q1"))
    api.seed(folder)

    assert redirect(api, "/entities/Q1") == (308, "/entities/two")
    assert redirect(api, "/entities/Q2") == (308, "/entities/one")


def test_catalogue_entity_of_another_type_does_not_replace_a_document_entity(api, folder):
    write_documents(folder, [mentioning("a", place("Mercury"))])
    api.seed(folder)
    write_entities(folder, {"name": "Mercury", "type": "product"})
    api.seed(folder)

    assert entity_counts(api) == {"mercury-place": 1}
    assert api.json("/entities/mercury")["type"] == "product"


def test_unused_entities_and_tags_are_deleted(api, folder):
    api.seed(write_documents(folder, [mentioning("a", place("Atlantis")) | {"tags": ["Myths"]}, document("b")]))
    api.seed(write_documents(folder, [document("b")]))

    assert api.get("/entities/atlantis").status_code == 404
    assert api.get("/tags/myths").status_code == 404


def test_renamed_tag_is_renamed_in_articles_of_other_roots(api, folder, tmp_path):
    api.seed(write_documents(folder, [document("a", tags=["arms-control"])]))
    other = write_documents(tmp_path / "other", [document("b")])
    (other / "tags.yaml").write_text(json.dumps({"builtin": False, "tags": [{"name": "Arms control"}]}))
    api.seed(other)

    assert api.json("/articles/a")["tags"] == [{"id": "arms-control", "name": "Arms control"}]


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        (["C++", "C#", "C", "c++"], {"c-plus-plus", "c-sharp", "c"}),
        (["#talks", "Talks", "talks!"], {"talks"}),
        (["Climate change", "climate-change"], {"climate-change"}),
        (["❤", "★"], {"heavy-black-heart", "black-star"}),
        (["R&D", "A+", "F#/G"], {"r-d", "a-plus", "f-sharp-g"}),
        (["İstanbul"], {"istanbul"}),
    ],
)
def test_tags_that_symbols_tell_apart_are_several_tags(api, folder, names, ids):
    api.seed(write_documents(folder, [document(f"a{number}", tags=[name]) for number, name in enumerate(names)]))

    assert {row["id"] for row in api.walk("/tags")} == ids


SPELLINGS = ["Zoë O'Neill", "Zoë  O'Neill", "Zoë\nO’Neill", "Zoë\u00a0Oʼneill".replace("n", "N", 1), "Zoë O‘Neill"]


@pytest.mark.parametrize("is_known", [False, True])
def test_white_space_and_apostrophes_make_no_other_entity_of_a_name(api, folder, is_known):
    named = [{"name": name, "type": "person"} for name in SPELLINGS]
    documents = [mentioning(f"a{number}", entity) for number, entity in enumerate(named)]
    write_documents(folder, documents)
    if is_known:
        write_entities(folder, {"id": "zoe", "name": "Zoë O’Neill", "type": "person"})
    api.seed(folder)

    assert entity_counts(api) == {"zoe" if is_known else "zoë-o-neill": len(SPELLINGS)}
    assert "\n" not in api.json("/articles/a2")["entities"][0]["name"]
