"""Exports give exactly what the lists give, in their order, whole, and can be gone on with."""

import csv
import io
import json
import sqlite3
from contextlib import closing

import orjson
import pytest
from pyarrow import parquet

from app.api.exports import documents, response
from app.database.document_store import pin_documents
from app.export.formats import FEED_FORMATS, TABLE_FORMATS, TEXT_FORMATS
from tests.conftest import write_documents
from tests.support.documents import document, mentioning, place
from tests.support.export_readers import READERS

QUESTIONS = [
    "",
    "q=missile",
    "q=missile&sort=published",
    "entity=minsk&sort=title",
    "tag=arms-control&published_to=1990",
]


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def lines(answer):
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("question", QUESTIONS)
def test_json_lines_of_articles_are_the_whole_articles_of_the_list(seeded, question):
    listed = seeded.walk(f"/articles?include=paragraphs&limit=100&{question}")

    assert lines(seeded.get(f"/articles.jsonl?{question}")) == listed


@pytest.mark.parametrize("question", QUESTIONS)
def test_json_lines_of_paragraphs_are_the_paragraphs_of_the_list(seeded, question):
    assert lines(seeded.get(f"/paragraphs.jsonl?{question}")) == seeded.walk(f"/paragraphs?limit=100&{question}")


@pytest.mark.parametrize("suffix", TABLE_FORMATS)
@pytest.mark.parametrize("name", ["articles", "paragraphs", "mentions", "entities", "tags", "timeline"])
def test_every_table_is_there_in_every_format(seeded, name, suffix):
    answer = seeded.get(f"/{name}.{suffix}?q=missile")

    assert (answer.status_code, answer.headers["content-type"]) == (200, TABLE_FORMATS[suffix].media_type)
    assert answer.headers["content-disposition"] == f"attachment; filename={name}-r1.{suffix}"
    assert len(answer.content) > 50


@pytest.mark.parametrize(
    ("name", "key"), [("articles", "id"), ("entities", "id"), ("tags", "id"), ("timeline", "start")]
)
def test_rows_of_csv_are_the_items_of_the_list(seeded, name, key):
    question = "q=missile&published_from=1950"
    listed = (
        seeded.walk(f"/{name}?limit=100&{question}")
        if name != "timeline"
        else seeded.json(f"/{name}?{question}")["items"]
    )

    assert [row[key] for row in read_csv(seeded.get(f"/{name}.csv?{question}").text)] == [item[key] for item in listed]


@pytest.mark.parametrize(
    "path",
    [
        *("/articles.csv?", "/paragraphs.csv?", "/mentions.csv?", "/entities.csv?", "/tags.csv?", "/timeline.csv?"),
        *("/mentions.csv?type=person&type=place&", "/mentions.csv?of=minsk&of=moscow&", "/mentions.csv?exact=Moscow&"),
        *("/entities.csv?type=person&", "/timeline.csv?by=about&interval=year&"),
    ],
)
@pytest.mark.parametrize("question", ["", "q=missile", "entity=minsk", "source=nobody"])
def test_complete_export_has_as_many_rows_as_its_head_says(seeded, path, question):
    answer = seeded.get(path + question)

    assert int(answer.headers["x-total-count"]) == len(read_csv(answer.text))


@pytest.mark.parametrize("by", ["published", "about"])
def test_timeline_is_exported_by_the_same_dates_as_it_is_listed(seeded, by):
    question = f"q=missile&interval=year&by={by}"
    rows = read_csv(seeded.get(f"/timeline.csv?{question}").text)
    listed = seeded.json(f"/timeline?{question}")["items"]

    assert [(row["start"], int(row["count"]), int(row["total"])) for row in rows] == [
        (period["start"], period["count"], period["total"]) for period in listed
    ]
    assert len({period["count"] for period in listed}) > 1


def test_parquet_has_the_rows_of_csv_with_types(seeded):
    table = parquet.read_table(io.BytesIO(seeded.get("/mentions.parquet?entity=minsk").content)).to_pylist()
    rows = read_csv(seeded.get("/mentions.csv?entity=minsk").text)

    assert [(str(row["start"]), row["exact"]) for row in table] == [(row["start"], row["exact"]) for row in rows]
    assert table[0]["tags"] == rows[0]["tags"].split("|")


@pytest.mark.parametrize("suffix", READERS)
def test_texts_have_every_mention_of_the_articles(seeded, suffix):
    articles = seeded.walk("/articles?include=paragraphs&limit=100&q=chernobyl")
    found = READERS[suffix](seeded.get(f"/articles.{suffix}?q=chernobyl").content, articles)
    one = seeded.json("/articles/chernobyl")
    found_in_one = READERS[suffix](seeded.get(f"/articles/chernobyl.{suffix}").content, [one])

    assert len(found) > 0.95 * sum(
        len(paragraph["mentions"]) for article in articles for paragraph in article["paragraphs"]
    )
    assert sorted(found_in_one, key=str) == sorted((each for each in found if each[0] == "chernobyl"), key=str)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("name", ["articles", "paragraphs"])
def test_an_export_goes_on_after_the_last_item(seeded, name, question):
    whole = lines(seeded.get(f"/{name}.jsonl?{question}"))
    for number in (0, len(whole) // 2, len(whole) - 1):
        last = whole[number]
        after = last["id"] if name == "articles" else f"{last['article']['id']}/{last['position']}"

        assert lines(seeded.get(f"/{name}.jsonl?{question}&after={after}")) == whole[number + 1 :]


def test_after_something_that_is_not_there_is_a_422_that_names_it(seeded):
    answer = seeded.get("/articles.csv?after=minsk-talks")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "after"
    assert "minsk-talks" in answer.json()["detail"]


def test_limit_and_fields_choose_rows_and_columns(seeded):
    text = seeded.get("/articles.csv?sort=title&limit=3&fields=title&fields=id").text

    assert [list(row) for row in read_csv(text)] == [["title", "id"]] * 3
    assert [row["id"] for row in read_csv(text)] == [
        item["id"] for item in seeded.json("/articles?sort=title&limit=3")["items"]
    ]


def test_mentions_of_a_long_article_are_all_exported(api, tmp_path):
    long = {"id": "a", "title": "A title", "text": "\n\n".join(["Minsk is a city."] * 250)}
    api.seed(write_documents(tmp_path / "seeds", [long], builtin=True))
    positions = {
        question: [int(row["position"]) for row in read_csv(api.get(f"/mentions.csv?{question}").text)]
        for question in ("", "of=minsk", "of=minsk&after=a/199")
    }

    assert positions[""] == positions["of=minsk"] == [*range(1, 251)]
    assert positions["of=minsk&after=a/199"] == [*range(200, 251)]


def test_offset_unit_changes_the_offsets(api, tmp_path):
    api.seed(write_documents(tmp_path / "seeds", [mentioning("a", place("😀😀 Minsk"), place("Kyiv"))]))
    starts = {
        unit: [
            (int(row["start"]), int(row["end"])) for row in read_csv(api.get(f"/mentions.csv?offset_unit={unit}").text)
        ]
        for unit in ("codepoint", "utf16", "utf8")
    }

    assert starts == {
        "codepoint": [(0, 8), (9, 13)],
        "utf16": [(0, 10), (11, 15)],
        "utf8": [(0, 14), (15, 19)],
    }


@pytest.mark.parametrize("path", ["/articles.docx", "/tags.md", "/articles/chernobyl.csv", "/mentions.tei.xml"])
def test_unknown_suffix_is_a_404_that_lists_the_formats(seeded, path):
    answer = seeded.get(path)

    assert answer.status_code == 404
    assert ".md" in answer.json()["detail"] if "chernobyl" in path else ".csv" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/articles", "as in '/articles.jsonl': .jsonl, .csv"),
        ("/articles/chernobyl", "as in '/articles/chernobyl.txt': .txt, .md"),
        ("/entities", "as in '/entities.jsonl': .jsonl, .csv"),
        ("/entities/minsk", "which the Accept header excludes."),
    ],
)
def test_accept_of_another_format_is_a_406_that_names_the_suffixes(seeded, path, sentence):
    answer = seeded.get(path, headers={"Accept": "text/csv"})

    assert answer.status_code == 406
    assert sentence in answer.json()["detail"]
    assert (".csv" in answer.json()["detail"]) == (path in ("/articles", "/entities"))


@pytest.mark.parametrize(("name", "id"), [("entities", "entity_id"), ("tags", "tag_id")])
def test_exports_of_values_take_ids_and_fields_as_their_lists_do(seeded, name, id):
    wanted = [item["id"] for item in seeded.json(f"/{name}?limit=3&sort=name")["items"]][1:]
    text = seeded.get(f"/{name}.csv", params={id: wanted, "fields": ["name", "id"], "sort": "name"}).text

    assert [list(row) for row in read_csv(text)] == [["name", "id"]] * 2
    assert [row["id"] for row in read_csv(text)] == wanted


def test_missing_library_is_a_404_that_names_the_extra(seeded, monkeypatch):
    monkeypatch.setattr("app.export.formats.find_spec", lambda module: None if module == "pyarrow" else module)
    answer = seeded.get("/mentions.parquet")

    assert answer.status_code == 404
    assert "extra `parquet`" in answer.json()["detail"]
    assert ".arrow" not in answer.json()["detail"]


def test_unknown_value_of_a_filter_is_told_in_a_header(seeded):
    answer = seeded.get("/articles.csv?entity=minks")

    assert answer.headers["x-warnings"] == "No entity of the corpus has the id 'minks'."
    assert len(read_csv(answer.text)) == 0


def test_warnings_of_values_that_no_header_can_hold_are_escaped(seeded):
    answer = seeded.get("/articles.csv", params={"entity": "м\r\nX-Evil: 1"})

    assert answer.headers["x-warnings"] == r"No entity of the corpus has the id '\u043c\r\nX-Evil: 1'."
    assert "x-evil" not in answer.headers


def test_file_of_an_article_is_named_in_any_script(api, tmp_path):
    api.seed(write_documents(tmp_path / "seeds", [document("мінск")]))
    answer = api.get("/articles/мінск.md")

    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == ("inline; filename*=UTF-8''%D0%BC%D1%96%D0%BD%D1%81%D0%BA-r1.md")


def test_head_makes_nothing(seeded, monkeypatch):
    def refuse(_engine):
        raise AssertionError

    made = seeded.get("/articles.csv?q=missile")
    monkeypatch.setattr(documents, "pin_documents", refuse)
    answer = seeded.request("HEAD", "/articles.csv?q=missile")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers == made.headers
    assert int(answer.headers["x-total-count"]) == len(read_csv(made.text))


def test_matching_etag_returns_304(seeded, monkeypatch):
    etag = seeded.get("/articles.csv?q=missile").headers["etag"]
    other = seeded.get("/articles.csv?q=bomb").headers["etag"]
    monkeypatch.setattr(documents, "pin_documents", None)
    answer = seeded.get("/articles.csv?q=missile", headers={"If-None-Match": f"{other}, W/{etag}"})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == etag != other


def test_fifth_export_at_once_is_told_when_to_come_back(seeded):
    taken = [response.SLOTS.acquire(blocking=False) for _ in range(response.MAX_EXPORTS)]
    try:
        answer = seeded.get("/articles.csv")
    finally:
        for _ in filter(None, taken):
            response.SLOTS.release()

    assert all(taken)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert seeded.get("/articles.csv").status_code == 200


def test_every_export_gives_its_place_back(seeded, monkeypatch):
    monkeypatch.setattr(documents, "pin_documents", None)
    failed = [seeded.get("/articles.csv").status_code for _ in range(response.MAX_EXPORTS + 1)]
    monkeypatch.undo()

    assert failed == [500] * (response.MAX_EXPORTS + 1)
    assert seeded.get("/articles.csv").status_code == 200


def test_pinned_documents_stay_when_they_are_purged(api, tmp_path):
    api.seed(write_documents(tmp_path / "seeds", [document("a"), document("b")]))
    key = api.service.documents.find_key("a", 1)
    engine = api.service.documents.engine
    with pin_documents(engine) as documents:
        with closing(sqlite3.connect(engine.url.database)) as connection, connection:
            connection.execute("DELETE FROM article")
            connection.execute("DELETE FROM paragraph")
        [(head, paragraphs, _)] = documents.read_articles([key])

    assert (orjson.loads(head)["id"], len(paragraphs)) == ("a", 2)


def test_every_format_of_a_text_is_documented_with_its_media_type(seeded):
    paths = seeded.json("/openapi.json")["paths"]
    operation = paths["/articles.{suffix}"]["get"]
    [suffix] = [each for each in operation["parameters"] if each.get("name") == "suffix"]

    assert set(suffix["schema"]["enum"]) == {*TABLE_FORMATS, *TEXT_FORMATS, *FEED_FORMATS}
    assert {"text/csv", "application/tei+xml", "application/zip"} <= set(operation["responses"]["200"]["content"])
    assert "/articles/{id}.{suffix}" in paths
