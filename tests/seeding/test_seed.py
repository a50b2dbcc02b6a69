"""What a run makes of the corpus that it finds: added, changed, kept, moved, removed, refused."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app.database.engine import open_database, read_transaction, write_transaction
from app.database.revisions import RETENTION
from app.models import Article, Revision
from tests.conftest import write_documents


def document(id, text="A text.", **more):
    return {"id": id, "title": f"Title of {id}", "text": text, "mentions": [], **more}


def naming(id, *entities):
    """A document that names these entities, one after another."""
    names = [entity if isinstance(entity, str) else entity["name"] for entity in entities]
    mentions = []
    for name, entity in zip(names, entities, strict=True):
        start = " ".join(names).index(name)
        mentions.append({"start": start, "end": start + len(name), "type": "place", "entity": entity})
    return document(id, " ".join(names)) | {"mentions": mentions}


def place(name, **more):
    return {"name": name, "type": "place", **more}


def entities(folder, *entries):
    (folder / "entities.yaml").write_text(json.dumps({"builtin": False, "entities": list(entries)}))


def counts(outcome):
    return outcome.added, outcome.changed, outcome.unchanged, outcome.removed


def ids(api):
    return sorted(article["id"] for article in api.walk("/articles"))


def since(api):
    """In which revision each live article came."""
    engine = open_database(api.settings.database)
    with read_transaction(engine) as connection:
        rows = connection.execute(select(col(Article.id), col(Article.since)).where(col(Article.until).is_(None)))
        found = dict(rows.all())
    engine.dispose()
    return found


@pytest.fixture
def folder(tmp_path):
    return write_documents(tmp_path / "seeds", [document("a"), document("b")])


def test_a_second_run_changes_nothing(api, folder):
    first = api.seed(folder)
    revision = api.json("/corpus")["revision"]
    second = api.seed(folder)

    assert counts(first) == (2, 0, 0, 0)
    assert counts(second) == (0, 0, 2, 0)
    assert second.revision is None
    assert api.json("/corpus")["revision"] == revision


def test_a_changed_article_is_replaced_under_its_id_and_its_neighbour_keeps_its_row(api, folder):
    api.seed(folder)
    write_documents(folder, [document("a", "Another text."), document("b")])
    outcome = api.seed(folder)

    assert counts(outcome) == (0, 1, 1, 0)
    assert api.json("/articles/a")["lead"] == "Another text."
    assert since(api) == {"a": 2, "b": 1}


def test_an_article_that_left_its_file_is_removed(api, folder):
    api.seed(folder)
    write_documents(folder, [document("b")])

    assert counts(api.seed(folder)) == (0, 0, 1, 1)
    assert ids(api) == ["b"]


def test_a_renamed_file_is_the_same_article(api, folder):
    api.seed(folder)
    (folder / "articles.jsonl").rename(folder / "other.jsonl")
    outcome = api.seed(folder, prune=True)

    assert counts(outcome) == (0, 0, 2, 0)
    assert outcome.revision is None
    assert since(api) == {"a": 1, "b": 1}


def test_a_file_may_be_renamed_and_back_again(api, folder):
    api.seed(folder)
    (folder / "articles.jsonl").rename(folder / "other.jsonl")
    api.seed(folder)
    (folder / "other.jsonl").rename(folder / "articles.jsonl")
    api.seed(folder, prune=True)

    assert ids(api) == ["a", "b"]


def test_an_article_moves_to_another_folder_when_its_own_file_is_gone(api, folder, tmp_path):
    api.seed(folder)
    (folder / "articles.jsonl").unlink()
    other = write_documents(tmp_path / "other", [document("a", "Moved.")])
    api.seed(other)

    assert api.json("/articles/a")["lead"] == "Moved."
    assert ids(api) == ["a", "b"]


def test_prune_removes_only_what_is_gone_from_under_the_given_paths(api, folder, tmp_path):
    other = write_documents(tmp_path / "other", [document("c")])
    api.seed(folder, other)
    (folder / "articles.jsonl").unlink()
    (other / "articles.jsonl").unlink()

    assert counts(api.seed(folder)) == (0, 0, 0, 0)
    assert counts(api.seed(folder, prune=True)) == (0, 0, 0, 2)
    assert ids(api) == ["c"]


def test_only_makes_the_corpus_exactly_these_paths(api, folder, tmp_path):
    api.seed(folder)
    other = write_documents(tmp_path / "other", [document("c")])

    assert counts(api.seed(other, only=True)) == (1, 0, 0, 2)
    assert ids(api) == ["c"]


def test_a_new_name_in_the_catalogue_rewrites_only_the_articles_that_have_it(api, tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    entities(folder, place("Minsk"))
    (folder / "a.txt").write_text("Minsk and Riga\n\nA talk in Minsk.\n\nIt went on in Riga.")
    (folder / "b.txt").write_text("Minsk\n\nA talk in Minsk.\n\nIt went on.")
    api.seed(folder)
    entities(folder, place("Minsk"), place("Riga"))
    outcome = api.seed(folder)

    assert counts(outcome) == (0, 1, 1, 0)
    assert since(api) == {"a": 2, "b": 1}
    assert api.json("/articles", entity="riga")["total"] == 1


def test_other_roots_call_an_entity_by_its_new_id_and_name(api, folder, tmp_path):
    write_documents(folder, [naming("a", place("Мінск", wikidata="Q2280"))])
    api.seed(folder)
    other = write_documents(tmp_path / "other", [document("b")])
    entities(other, place("Minsk", wikidata="Q2280"))
    api.seed(other)

    assert api.json("/articles/a")["entities"] == [{"id": "minsk", "name": "Minsk", "type": "place", "count": 1}]
    assert [(row["id"], row["count"]) for row in api.walk("/entities")] == [("minsk", 1)]
    assert api.get("/entities/мінск").headers["Location"] == "/entities/minsk"


def test_the_root_path_of_the_last_run_leads_everywhere(api, folder, tmp_path):
    api.seed(folder)
    other = write_documents(tmp_path / "other", [document("c")])
    api.service.settings = api.settings = api.settings.model_copy(update={"root_path": "/news"})
    api.seed(other)

    assert {article["url"] for article in api.walk("/articles")} == {f"/news/articles/{id}" for id in "abc"}


def test_what_was_retired_goes_after_ten_minutes_and_an_index_that_has_followed_stays(api, folder, caplog):
    api.seed(folder)
    write_documents(folder, [document("a", "Second.")])
    api.seed(folder)
    engine = open_database(api.settings.database)
    with write_transaction(engine) as connection:
        first, second = connection.execute(select(col(Revision.at)).order_by(col(Revision.number))).scalars()
        connection.execute(update(Revision).values(at=second - RETENTION - timedelta(seconds=1)))
    write_documents(folder, [document("a", "Third.")])
    caplog.set_level("INFO", "articles")
    caplog.clear()
    api.seed(folder)
    with read_transaction(engine) as connection:
        rows = connection.execute(select(col(Article.id), col(Article.since)).order_by(col(Article.key))).all()
        purged = connection.execute(select(col(Revision.purged)).order_by(col(Revision.number))).scalars().all()
    engine.dispose()

    assert first < second
    assert rows == [("a", 2), ("a", 3)]
    assert purged == [0, 0, 2]
    assert api.json("/articles/a")["lead"] == "Third."
    assert "built anew" not in caplog.text
