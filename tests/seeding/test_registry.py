"""One identity across the corpus, whoever brings it first and whatever the catalogue learns later."""

import json

import pytest

from tests.conftest import write_documents
from tests.seeding.test_seed import document, entities, naming, place


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "seeds"


def listed(api):
    """Every named entity: its id, and in how many articles it is named."""
    return {row["id"]: row["count"] for row in api.walk("/entities")}


def moved(api, path):
    answer = api.get(path)
    return answer.status_code, answer.headers.get("Location")


def test_a_wikidata_id_makes_two_names_one_entity(api, folder):
    english, belarusian = place("Minsk", wikidata="Q2280"), place("Мінск", wikidata="Q2280")
    api.seed(write_documents(folder, [naming("a", english), naming("b", belarusian)]))

    assert listed(api) == {"minsk": 2}
    assert api.json("/articles/b")["paragraphs"][1]["mentions"][0]["exact"] == "Мінск"


def test_name_and_type_make_one_entity_until_wikidata_ids_differ(api, folder):
    named = [place("Springfield"), place("Springfield", wikidata="Q28515"), place("Springfield", wikidata="Q135615")]
    api.seed(write_documents(folder, [naming(id, entity) for id, entity in zip("abc", named, strict=True)]))

    assert listed(api) == {"springfield": 2, "springfield-place": 1}
    assert moved(api, "/entities/Q28515") == (308, "/entities/springfield")


def test_another_type_of_the_same_name_has_its_type_in_its_id(api, folder):
    planet = {"name": "Mercury", "type": "other"}
    product = {"name": "Mercury", "type": "product"}
    api.seed(write_documents(folder, [naming("a", planet), naming("b", product)]))

    assert listed(api) == {"mercury": 1, "mercury-product": 1}


def test_a_name_that_two_of_the_catalogue_share_is_neither_of_them(api, folder):
    write_documents(folder, [naming("a", place("Georgia")), naming("b", place("Georgia"))])
    entities(folder, place("Georgia", id="georgia"), place("Georgia", id="georgia-us"))
    api.seed(folder)

    assert listed(api) == {"georgia-place": 2}


def test_a_name_without_letters_has_its_type_for_an_id(api, folder):
    api.seed(write_documents(folder, [naming("a", place("!!!"))]))

    assert listed(api) == {"place": 1}


def test_what_documents_brought_keeps_its_identity_when_the_catalogue_knows_its_wikidata_id(api, folder):
    write_documents(folder, [naming("a", place("Мінск", wikidata="Q2280"))])
    api.seed(folder)
    entities(folder, place("Minsk", wikidata="Q2280", aliases=["Мінск"]))
    api.seed(folder)

    assert listed(api) == {"minsk": 1}
    assert moved(api, "/entities/мінск") == (308, "/entities/minsk")
    assert api.json("/articles", entity="мінск")["total"] == 1


def test_what_the_catalogue_says_is_one_becomes_one(api, folder):
    write_documents(folder, [naming("a", place("Minsk")), naming("b", place("Мінск", wikidata="Q2280"))])
    api.seed(folder)
    entities(folder, place("Minsk", wikidata="Q2280"))
    api.seed(folder)

    assert listed(api) == {"minsk": 2}
    assert moved(api, "/entities/мінск") == (308, "/entities/minsk")


def test_a_former_id_leads_to_the_entity_from_the_run_on_that_tells_it(api, folder):
    write_documents(folder, [naming("a", "astana")])
    entities(folder, place("Astana"))
    api.seed(folder)
    write_documents(folder, [naming("a", "astana")])
    entities(folder, place("Nur-Sultan", formerly=["astana"]))
    api.seed(folder)

    assert listed(api) == {"nur-sultan": 1}
    assert moved(api, "/entities/astana") == (308, "/entities/nur-sultan")


def test_a_wikidata_id_may_move_from_one_entity_to_another(api, folder):
    write_documents(folder, [document("a")])
    entities(folder, place("One", wikidata="Q1"), place("Two", wikidata="Q2"))
    api.seed(folder)
    entities(folder, place("One", wikidata="Q2"), place("Two", wikidata="Q1"))
    api.seed(folder)

    assert moved(api, "/entities/Q1") == (308, "/entities/two")
    assert moved(api, "/entities/Q2") == (308, "/entities/one")


def test_a_type_that_the_catalogue_takes_leaves_the_documents_their_own_entity(api, folder):
    write_documents(folder, [naming("a", place("Mercury"))])
    api.seed(folder)
    entities(folder, {"name": "Mercury", "type": "product"})
    api.seed(folder)

    assert listed(api) == {"mercury-place": 1}
    assert api.json("/entities/mercury")["type"] == "product"


def test_what_no_article_names_any_more_is_forgotten_at_once(api, folder):
    api.seed(write_documents(folder, [naming("a", place("Atlantis")) | {"tags": ["Myths"]}, document("b")]))
    api.seed(write_documents(folder, [document("b")]))

    assert api.get("/entities/atlantis").status_code == 404
    assert api.get("/tags/myths").status_code == 404


def test_a_tag_is_called_as_the_catalogue_calls_it_now(api, folder, tmp_path):
    api.seed(write_documents(folder, [document("a", tags=["arms-control"])]))
    other = write_documents(tmp_path / "other", [document("b")])
    (other / "tags.yaml").write_text(json.dumps({"builtin": False, "tags": [{"name": "Arms control"}]}))
    api.seed(other)

    assert api.json("/articles/a")["tags"] == [{"id": "arms-control", "name": "Arms control"}]
