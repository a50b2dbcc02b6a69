"""Exports are of one revision, whatever is seeded and purged meanwhile, and take little memory."""

import sqlite3
from contextlib import closing

import psutil
import pytest

from app.api.deps import Corpus
from app.api.exports import documents
from app.api.exports.documents import export_articles, export_mentions
from app.api.exports.export import ExportSource
from app.api.exports.params import ArticleExportParams, MentionExportParams
from app.api.query_string import QueryString
from tests.conftest import write_documents
from tests.support.documents import document, mentioning, place
from tests.support.problems import refused

ARTICLES = 300
"""More than are read at once."""

ROUNDS, SIZE = 200, 100_000
"""An export of 20 MB, more than it may take: how often the one article is read, and its size in bytes."""


@pytest.fixture
def source(api, tmp_path):
    """What exports of a corpus are made from, whose articles mention two places each."""
    seeds = [mentioning(f"a{number:03}", place("Minsk"), place("Kyiv")) for number in range(ARTICLES)]
    api.seed(write_documents(tmp_path / "seeds", seeds))
    return ExportSource(Corpus(api.service.snapshot, ""), QueryString("/articles", []), "")


def replace_and_purge(api, folder, *documents):
    """Make the corpus another one, and delete what was there before."""
    api.seed(write_documents(folder, documents or [document("other")]), only=True)
    with closing(sqlite3.connect(api.service.documents.engine.url.database)) as connection, connection:
        connection.execute("DELETE FROM article WHERE until IS NOT NULL")
        connection.execute("DELETE FROM paragraph WHERE article NOT IN (SELECT key FROM article)")


@pytest.mark.parametrize(
    ("export", "params"), [(export_articles, ArticleExportParams()), (export_mentions, MentionExportParams())]
)
def test_export_that_has_begun_is_whole_when_its_articles_are_purged(api, tmp_path, source, export, params):
    pieces = export("jsonl", params, source).pieces
    before = b"".join(export("jsonl", params, source).pieces)
    first = next(pieces)
    replace_and_purge(api, tmp_path / "other")

    assert first + b"".join(pieces) == before
    assert api.json("/articles")["total"] == 1


def test_export_that_begins_after_its_articles_are_purged_says_so_and_nothing_else(api, tmp_path, monkeypatch):
    api.seed(write_documents(tmp_path / "seeds", [document("a")]))
    old = api.service.snapshot
    replace_and_purge(api, tmp_path / "other")
    monkeypatch.setattr(api.service, "snapshot", old)
    answer = api.get("/articles.csv")

    assert answer.status_code == 503
    assert "lacks articles that are served" in answer.json()["detail"]


@pytest.mark.parametrize(("name", "last"), [("articles", "a1"), ("paragraphs", "a1/1"), ("mentions", "a1/1")])
def test_cut_export_goes_on_in_the_revision_after_a_purge(api, tmp_path, name, last):
    seeds = [mentioning(f"a{number}", place("Minsk"), place("Kyiv")) for number in range(6)]
    api.seed(write_documents(tmp_path / "seeds", seeds))
    replace_and_purge(api, tmp_path / "other", *seeds[:2], *seeds[3:], mentioning("a7", place("Oslo")))
    path = f"/{name}.csv?sort=title&fields=article" if name == "paragraphs" else f"/{name}.csv?sort=title"
    whole, rest = api.get(path).text.splitlines(), api.get(f"{path}&after={last}").text.splitlines()

    assert rest[0] == whole[0]
    assert len(rest) > 3
    assert rest[1:] == [row for row in whole[1:] if row.startswith(("a3", "a4", "a5", "a7"))]


def test_export_after_an_article_that_was_deleted_names_the_way_out(api, tmp_path):
    api.seed(write_documents(tmp_path / "seeds", [document("a"), document("b")]))
    replace_and_purge(api, tmp_path / "other")
    message = refused(api.get("/articles.csv?after=b"), "after")

    assert "'b'" in message
    assert "take the one before" in message


@pytest.mark.parametrize("suffix", ["jsonl", "doccano.jsonl", "atom"])
def test_long_export_takes_little_memory(api, tmp_path, monkeypatch, suffix):
    api.seed(write_documents(tmp_path / "seeds", [document("a", "Storm. " * (SIZE // 7))]))
    [article] = documents.read_articles(iter([(api.service.documents.find_key("a", 1), None)]), api.service.documents)
    monkeypatch.setattr(documents, "read_articles", lambda _keys, _documents: (article for _ in range(ROUNDS)))
    source = ExportSource(Corpus(api.service.snapshot, ""), QueryString("/articles", []), "")
    export = export_articles(suffix, ArticleExportParams(), source)
    next(export.pieces)
    before = most = psutil.Process().memory_info().rss
    for _ in export.pieces:
        most = max(most, psutil.Process().memory_info().rss)

    assert max(export.report.rows, export.report.articles) == ROUNDS
    assert most - before < 15_000_000
