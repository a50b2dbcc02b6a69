"""The date of an article's last update is shown, filtered and sorted by, and exported in every format that has one."""

import csv
import io
import json
import sqlite3
from contextlib import closing

import pytest

from tests.conftest import serving_documents
from tests.support.problems import refused

UPDATES = {"a": "2024-05-03T10:00:00+02:00", "b": "2023", "c": None, "d": "2024-05"}


DOCUMENTS = [
    {"id": id, "title": id, "text": "Text.", "published_at": "2020-01-01", "updated_at": updated}
    for id, updated in UPDATES.items()
]


@pytest.fixture(scope="module")
def corpus(fresh, tmp_path_factory):
    with serving_documents(fresh(tmp_path_factory.mktemp("corpus") / "data"), DOCUMENTS) as api:
        yield api


@pytest.fixture(scope="module")
def older(fresh, tmp_path_factory):
    """The application over the corpus as an older program rendered its first article."""
    with serving_documents(fresh(tmp_path_factory.mktemp("older") / "data"), DOCUMENTS) as api:
        with closing(sqlite3.connect(api.service.documents.engine.url.database)) as connection, connection:
            rendered = f"""replace(CAST(rendered AS TEXT), ',"updated_at":"{UPDATES["a"]}"', '')"""
            connection.execute(f"UPDATE article SET rendered = CAST({rendered} AS BLOB)")
        yield api


def ids(page):
    return [item["id"] for item in page["items"]]


def test_date_of_update_is_shown_as_it_is_known(corpus):
    assert {item["id"]: item["updated_at"] for item in corpus.json("/articles")["items"]} == UPDATES
    assert corpus.json("/articles/a")["updated_at"] == UPDATES["a"]
    assert [row["updated_at"] for row in csv.DictReader(io.StringIO(corpus.get("/articles.csv").text))] == [
        updated or "" for updated in UPDATES.values()
    ]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("sort=-updated", ["a", "d", "b", "c"]),
        ("sort=updated", ["b", "d", "a", "c"]),
        ("sort=updated&updated_from=2024", ["d", "a"]),
        ("sort=updated&updated_from=2024-05-03T08:00:00Z", ["a"]),
        ("sort=updated&updated_to=2024-05-03T07:59:59Z", ["b", "d"]),
        ("updated_from=2023&updated_to=2023", ["b"]),
        ("missing=updated_at", ["c"]),
        ("has=updated_at&sort=title", ["a", "b", "d"]),
    ],
)
@pytest.mark.parametrize("limit", [1, 10])
def test_articles_are_selected_and_sorted_by_their_update(corpus, question, ids, limit):
    assert [item["id"] for item in corpus.walk(f"/articles?{question}&limit={limit}")] == ids
    assert [json.loads(line)["id"] for line in corpus.get(f"/articles.jsonl?{question}").text.splitlines()] == ids


@pytest.mark.parametrize("question", ["updated_from=soon", "updated_from=2025&updated_to=2024"])
def test_invalid_bounds_of_the_update_are_refused(corpus, question):
    assert refused(corpus.get(f"/articles?{question}"), question.rpartition("&")[2].partition("=")[0])


@pytest.mark.parametrize(
    ("suffix", "written"),
    [
        ("md", 'updated_at: "2024-05-03T10:00:00+02:00"'),
        ("tei.xml", '<change when="2024-05-03T10:00:00+02:00"/>'),
        ("schema.jsonld", '"dateModified":"2024-05-03T10:00:00+02:00"'),
        ("ninjs.jsonl", '"versionCreated":"2024-05-03T08:00:00Z"'),
        ("atom", "<updated>2024-05-03T08:00:00Z</updated>"),
        ("feed.json", '"date_modified":"2024-05-03T08:00:00Z"'),
        ("jsonl", '"updated_at":"2024-05-03T10:00:00+02:00"'),
    ],
)
def test_formats_that_know_a_date_of_update_have_it(corpus, suffix, written):
    assert written in corpus.get(f"/articles.{suffix}?id=a").text


@pytest.mark.parametrize("suffix", ["csv", "md", "tei.xml", "schema.jsonld", "ninjs.jsonl", "atom", "feed.json"])
def test_article_that_an_older_program_rendered_is_exported_without_it(older, suffix):
    answer = older.get(f"/articles.{suffix}?id=a")

    assert answer.status_code == 200
    assert "2024-05-03" not in answer.text
