"""Local entities: names that no catalogue knows become identities across articles, until a catalogue claims them."""

import json

import pytest

from tests.conftest import write_documents


@pytest.fixture
def folder(tmp_path):
    """A folder of articles, beside that of the database."""
    return tmp_path / "articles"


def seed_texts(api, folder, texts, **options):
    documents = [{"id": id, "title": "-", "text": text, "language": "en"} for id, text in texts.items()]
    return api.seed(write_documents(folder, documents), rules="likely", **options)


def write_entities(folder, *entities):
    (folder / "entities.yaml").write_text(json.dumps({"builtin": False, "entities": entities}))


def test_a_name_in_several_articles_is_one_local_entity(api, folder):
    seed_texts(
        api,
        folder,
        {"a": "They saw Angela Trellick. Then Trellick left.", "b": "The minister met Angela Trellick."},
    )
    entity = api.json("/entities/angela-trellick")

    assert (entity["name"], entity["type"], entity["local"]) == ("Angela Trellick", "person", True)
    assert (entity["count"], entity["mentions"]) == (2, 3)


def test_a_mention_of_the_rules_says_its_evidence_and_confidence(api, folder):
    seed_texts(api, folder, {"a": "They saw Angela Trellick."})
    (mention,) = api.json("/articles/a/paragraphs/1")["mentions"]

    assert (mention["origin"], mention["evidence"], mention["exact"]) == ("rules", "given name", "Angela Trellick")
    assert 0 < mention["confidence"] <= 1
    assert mention["entity"]["id"] == "angela-trellick"


def test_ids_stay_the_same_when_articles_are_added_before_and_seeded_again(api, folder):
    texts = {"m": "They saw Angela Trellick near the Trellick River."}
    seed_texts(api, folder, texts)
    ids = {entity["id"] for entity in api.walk("/entities")}
    seed_texts(api, folder, {"a": "Trellick Inc. hired Robert Trellick.", **texts, "z": "Angela Trellick won."})
    more = {entity["id"] for entity in api.walk("/entities")}

    assert ids == {"angela-trellick", "trellick-river"}
    assert ids < more
    assert seed_texts(api, folder, {"a": "x", **texts}).revision
    assert {entity["id"] for entity in api.walk("/entities")} == ids


def test_the_same_name_of_another_type_is_another_entity(api, folder):
    seed_texts(
        api, folder, {"a": "Shares of Lincoln Trellick, Inc. fell.", "b": "They saw Lincoln Trellick, 45, there."}
    )

    assert {(item["id"], item["type"]) for item in api.walk("/entities")} == {
        ("lincoln-trellick", "organization"),
        ("lincoln-trellick-person", "person"),
    }


def test_a_catalogue_entry_takes_over_the_local_entity_and_the_old_id_redirects(api, folder):
    texts = {"a": "They saw Angela Trellick. Then Trellick left."}
    seed_texts(api, folder, texts)
    write_entities(folder, {"id": "trellick", "name": "Angela Trellick", "type": "person", "description": "Judge"})
    api.seed(folder, rules="likely")
    response = api.get("/entities/angela-trellick")
    mentions = api.json("/articles/a/paragraphs/1")["mentions"]

    assert (response.status_code, response.headers["location"]) == (308, "/entities/trellick")
    assert api.json("/entities/trellick")["local"] is False
    assert [(mention["origin"], mention["entity"]["id"]) for mention in mentions] == [("catalogue", "trellick")] * 2
    assert api.json("/entities")["total"] == 1


def test_of_two_entries_with_one_name_the_first_takes_it_over(api, folder):
    seed_texts(api, folder, {"a": "They saw Angela Trellick."})
    write_entities(folder, *({"id": id, "name": "Angela Trellick", "type": "person"} for id in ("judge", "pilot")))
    api.seed(folder, rules="likely")

    assert api.get("/entities/angela-trellick").headers["location"] == "/entities/judge"
    assert api.json("/entities/pilot")["mentions"] == 0


def test_a_new_entry_may_say_that_a_name_has_another_type(api, folder):
    seed_texts(api, folder, {"a": "They saw Angela Trellick."})
    write_entities(folder, {"id": "angela-ship", "name": "Angela Trellick", "type": "product"})
    api.seed(folder, rules="likely")

    assert api.get("/entities/angela-trellick").headers["location"] == "/entities/angela-ship"


def test_an_entry_with_the_same_id_ends_the_local_entity(api, folder):
    seed_texts(api, folder, {"a": "They saw Angela Trellick."})
    write_entities(folder, {"name": "Angela Trellick", "type": "person"})
    api.seed(folder, rules="likely")
    entity = api.json("/entities/angela-trellick")

    assert (entity["local"], entity["mentions"]) == (False, 1)


def test_a_document_that_describes_a_local_entity_ends_its_locality(api, folder):
    seed_texts(api, folder, {"a": "They saw Angela Trellick."})
    mention = {"paragraph": 0, "start": 0, "end": 15, "type": "person"}
    described = {
        "id": "b",
        "title": "Angela Trellick",
        "paragraphs": [{"role": "title", "text": "Angela Trellick"}, {"text": "x"}],
        "mentions": [{**mention, "entity": {"name": "Angela Trellick", "type": "person", "wikidata": "Q9"}}],
    }
    api.seed(write_documents(folder.parent / "more", [described]), rules="likely")
    entity = api.json("/entities/angela-trellick")

    assert (entity["local"], entity["wikidata"], entity["mentions"]) == (False, "Q9", 2)


def test_a_body_of_common_words_is_marked_without_an_entity(api, folder):
    seed_texts(api, folder, {"a": "Then the Supreme Court ruled."})
    (mention,) = api.json("/articles/a/paragraphs/1")["mentions"]

    assert (mention["exact"], mention["type"], mention["entity"]) == ("Supreme Court", "organization", None)
    assert api.json("/entities")["total"] == 0


def test_rules_that_are_switched_off_take_their_marks_away(api, folder):
    seed_texts(api, folder, {"a": "They saw Angela Trellick."})
    outcome = api.seed(folder, rules="off")

    assert outcome.changed == 1
    assert api.json("/entities")["total"] == 0
