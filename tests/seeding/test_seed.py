"""Seeding runs: articles are added, changed, kept, moved and removed."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select, update
from sqlmodel import col

from app.database.engine import open_database, read_transaction, write_transaction
from app.database.revisions import RETENTION
from app.models import Article, ArticleTag, Mention, Revision
from app.seeding.seed import BadFilesError
from tests.conftest import every_database, write_documents
from tests.support.documents import document, mentioning, place, write_entities

pytestmark = every_database


def counts(outcome):
    return outcome.added, outcome.changed, outcome.unchanged, outcome.removed


def ids(api):
    return sorted(article["id"] for article in api.walk("/articles"))


def revisions_of_articles(api):
    """The revision in which each live article was added."""
    engine = open_database(api.settings.database)
    with read_transaction(engine) as connection:
        rows = connection.execute(select(col(Article.id), col(Article.since)).where(col(Article.until).is_(None)))
        revisions = dict(rows.all())
    engine.dispose()
    return revisions


def list_indexes(api):
    """The names of the secondary indexes of the tables that a first run fills without them."""
    engine = open_database(api.settings.database)
    with read_transaction(engine) as connection:
        tables = [inspect(connection).get_indexes(model.__tablename__) for model in (Mention, ArticleTag)]
    engine.dispose()
    return {index["name"] for indexes in tables for index in indexes}


@pytest.fixture
def folder(tmp_path):
    return write_documents(tmp_path / "seeds", [document("a"), document("b")])


def test_second_run_changes_nothing(api, folder):
    first = api.seed(folder)
    revision = api.json("/corpus")["revision"]
    second = api.seed(folder)

    assert counts(first) == (2, 0, 0, 0)
    assert counts(second) == (0, 0, 2, 0)
    assert second.revision is None
    assert api.json("/corpus")["revision"] == revision


def test_tables_have_their_indexes_after_a_first_run_that_fails_and_one_that_succeeds(api, folder):
    write_documents(folder, [document("a"), {"id": "b"}])
    with pytest.raises(BadFilesError):
        api.seed(folder)
    after_failure = list_indexes(api)
    write_documents(folder, [document("a"), document("b")])
    api.seed(folder)

    assert after_failure == list_indexes(api) == {"ix_mention_entity", "ix_article_tag_tag"}


def test_changed_article_gets_a_new_row_and_others_in_its_file_keep_theirs(api, folder):
    api.seed(folder)
    write_documents(folder, [document("a", "Another text."), document("b")])
    outcome = api.seed(folder)

    assert counts(outcome) == (0, 1, 1, 0)
    assert api.json("/articles/a")["lead"] == "Another text."
    assert revisions_of_articles(api) == {"a": 2, "b": 1}


def test_article_removed_from_its_file_is_removed(api, folder):
    api.seed(folder)
    write_documents(folder, [document("b")])

    assert counts(api.seed(folder)) == (0, 0, 1, 1)
    assert ids(api) == ["b"]


def test_renaming_a_file_changes_no_article(api, folder):
    api.seed(folder)
    (folder / "articles.jsonl").rename(folder / "other.jsonl")
    outcome = api.seed(folder, prune=True)

    assert counts(outcome) == (0, 0, 2, 0)
    assert outcome.revision is None
    assert revisions_of_articles(api) == {"a": 1, "b": 1}


def test_file_may_be_renamed_and_renamed_back(api, folder):
    api.seed(folder)
    (folder / "articles.jsonl").rename(folder / "other.jsonl")
    api.seed(folder)
    (folder / "other.jsonl").rename(folder / "articles.jsonl")
    api.seed(folder, prune=True)

    assert ids(api) == ["a", "b"]


def test_article_may_move_to_another_folder_if_its_file_is_gone(api, folder, tmp_path):
    api.seed(folder)
    (folder / "articles.jsonl").unlink()
    other = write_documents(tmp_path / "other", [document("a", "Moved.")])
    api.seed(other)

    assert api.json("/articles/a")["lead"] == "Moved."
    assert ids(api) == ["a", "b"]


def test_prune_removes_only_articles_of_files_missing_under_the_paths(api, folder, tmp_path):
    other = write_documents(tmp_path / "other", [document("c")])
    (folder / "kept.json").write_text(json.dumps(document("k")))
    api.seed(folder, other)
    (folder / "articles.jsonl").unlink()
    (other / "articles.jsonl").unlink()

    assert counts(api.seed(folder)) == (0, 0, 1, 0)
    assert counts(api.seed(folder, prune=True)) == (0, 0, 1, 2)
    assert ids(api) == ["c", "k"]


def test_only_removes_articles_outside_the_paths(api, folder, tmp_path):
    api.seed(folder)
    other = write_documents(tmp_path / "other", [document("c")])

    assert counts(api.seed(other, only=True)) == (1, 0, 0, 2)
    assert ids(api) == ["c"]


def test_new_catalogue_entity_rewrites_only_articles_with_its_name(api, tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    write_entities(folder, place("Minsk"))
    (folder / "a.txt").write_text("Minsk and Riga\n\nA talk in Minsk.\n\nIt went on in Riga.")
    (folder / "b.txt").write_text("Minsk\n\nA talk in Minsk.\n\nIt went on.")
    api.seed(folder)
    write_entities(folder, place("Minsk"), place("Riga"))
    outcome = api.seed(folder)

    assert counts(outcome) == (0, 1, 1, 0)
    assert revisions_of_articles(api) == {"a": 2, "b": 1}
    assert api.json("/articles", entity="riga")["total"] == 1


def test_renamed_entity_is_renamed_in_articles_of_other_roots(api, folder, tmp_path):
    write_documents(folder, [mentioning("a", place("Мінск", wikidata="Q2280"))])
    api.seed(folder)
    other = write_documents(tmp_path / "other", [document("b")])
    write_entities(other, place("Minsk", wikidata="Q2280"))
    api.seed(other)

    assert [(each["id"], each["name"], each["wikidata"]) for each in api.json("/articles/a")["entities"]] == [
        ("minsk", "Minsk", "Q2280")
    ]
    assert [(row["id"], row["count"]) for row in api.walk("/entities")] == [("minsk", 1)]
    assert api.get("/entities/мінск").headers["Location"] == "/entities/minsk"


def test_new_root_path_applies_to_urls_of_all_articles(api, folder, tmp_path):
    api.seed(folder)
    other = write_documents(tmp_path / "other", [document("c")])
    api.service.settings = api.settings = api.settings.model_copy(update={"root_path": "/news"})
    api.seed(other)

    assert {article["url"] for article in api.walk("/articles")} == {f"/news/articles/{id}" for id in "abc"}


def test_retired_articles_are_purged_after_ten_minutes_without_rebuilding_the_index(api, folder, caplog):
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
