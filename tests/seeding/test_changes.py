"""What a run changed: the difference between the corpus before it and after it, and nothing else."""

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.settings import Settings
from tests.conftest import Api
from tests.support.documents import mentioning, place, write_entities

PLACES = ["Minsk", "Riga", "Kyiv"]
FILES = st.dictionaries(
    st.sampled_from(["one", "two", "three"]),
    st.lists(st.sampled_from(PLACES), max_size=3, unique=True),
    min_size=1,
)
ENTRIES = st.lists(
    st.sampled_from(
        [
            {"id": "minsk", "name": "Minsk", "type": "place"},
            {"id": "capital", "name": "Minsk", "type": "place"},
            {"id": "riga", "name": "Riga", "type": "place", "description": "A port."},
            {"id": "rome", "name": "Rome", "type": "place"},
        ]
    ),
    max_size=3,
    unique_by=lambda entry: entry["name"],
)
DESCRIPTION = ("name", "type", "description", "wikidata", "aliases", "local")


def write_state(folder: Path, files: dict[str, list[str]], entries: list[dict[str, Any]]) -> None:
    for path in folder.glob("*.json"):
        path.unlink()
    for id, names in files.items():
        (folder / f"{id}.json").write_text(json.dumps(mentioning(id, *map(place, names)) if names else nobody(id)))
    write_entities(folder, *entries)


def nobody(id: str) -> dict[str, Any]:
    return {"id": id, "title": f"Title of {id}", "text": "Nobody.", "mentions": []}


def read_state(api: Api) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the articles and the entities of the corpus, by id."""
    if api.service.snapshot is None:
        return {}, {}
    articles = {item["id"]: item for item in api.walk("/articles", include="paragraphs")}
    return articles, {item["id"]: item for item in api.walk("/entities")}


def compare(before: dict[str, Any], after: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return what came and went, and what differs in these keys, or in any."""
    both = before.keys() & after.keys()
    changed = [id for id in both if any(before[id][key] != after[id][key] for key in keys or after[id])]
    kinds = {"added": after.keys() - before.keys(), "changed": changed, "removed": before.keys() - after.keys()}
    return {kind: {"count": len(ids), "ids": sorted(ids)} for kind, ids in kinds.items()}


@settings(max_examples=15)
@given(st.lists(st.tuples(FILES, ENTRIES), min_size=2, max_size=4))
def test_changes_are_the_difference_of_what_is_served(states: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "seeds"
        folder.mkdir()
        api = Api(Settings(data=Path(temporary) / "data"))
        for files, entries in states:
            write_state(folder, files, entries)
            articles, entities = read_state(api)
            changes = api.seed(folder, prune=True).changes.to_json()
            new_articles, new_entities = read_state(api)

            assert changes["articles"] == compare(articles, new_articles)
            for kind in ("added", "removed"):
                assert changes["entities"][kind] == compare(entities, new_entities)[kind]
            described = {*compare(entities, new_entities, *DESCRIPTION)["changed"]["ids"]}
            # An entity that is not mentioned is in no list, but in the catalogue.
            assert described <= {*changes["entities"]["changed"]["ids"]}
            counts = {
                entity["id"]: entity["after"]
                for entity in changes["mentions"]["entities"]
                if entity["after"]["articles"]
            }
            expected = {
                id: {"mentions": entity["mentions"], "articles": entity["count"]} for id, entity in new_entities.items()
            }
            assert counts.items() <= expected.items()
            assert all(
                expected[id] == {"mentions": row["mentions"], "articles": row["count"]}
                for id, row in entities.items()
                if id in expected and id not in counts
            )
            assert changes["mentions"]["after"] == sum(entity["mentions"] for entity in new_entities.values())
        api.close()


def test_corpus_tells_what_the_last_revisions_changed(api: Api, tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for number in range(7):
        write_state(folder, {"one": ["Minsk"], f"x{number}": PLACES}, [])
        api.seed(folder, prune=True)
    first, *others = api.json("/corpus")["changes"]

    assert [item["revision"]["number"] for item in (first, *others)] == [7, 6, 5, 4, 3]
    assert first["revision"] == api.json("/corpus")["revision"]
    assert first["articles"] == {
        "added": {"count": 1, "ids": ["x6"]},
        "changed": {"count": 0, "ids": []},
        "removed": {"count": 1, "ids": ["x5"]},
    }
    assert first["mentions"] == {"before": 4, "after": 4, "entities": []}


def test_a_revision_names_the_first_ids_and_the_number_of_all(api: Api, tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    write_state(folder, {f"a{number:02}": [] for number in range(12)}, [])
    outcome = api.seed(folder)
    added = api.json("/corpus")["changes"][0]["articles"]["added"]

    assert added == {"count": 12, "ids": [f"a{number:02}" for number in range(10)]}
    assert len(outcome.changes.to_json()["articles"]["added"]["ids"]) == 12
