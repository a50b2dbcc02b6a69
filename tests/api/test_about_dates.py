"""Dates that texts talk about: shown with every paragraph, filtered by, and counted by `/timeline?by=about`."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlmodel import col

from app.database.engine import open_database, write_transaction
from app.models import Paragraph
from app.settings import Settings
from tests.conftest import Api, Fresh, seed_into, serving_documents, write_documents
from tests.support.catalogue import write_catalogued
from tests.support.documents import document, mentioning, place, write_entities
from tests.support.problems import refused
from tests.support.strategies import corpora, questions

UNITS: dict[str, Callable[[str], int]] = {
    "codepoint": len,
    "utf16": lambda text: len(text.encode("utf-16-le")) // 2,
    "utf8": lambda text: len(text.encode()),
}


TEXTS = {
    "year": ["😀 “Chernobyl” was in 1986."],
    "days": ["It began on 26 April 1986.", "They met last week.", "The 1980s ended on 31 December 1989."],
    "none": ["Nothing happened."],
}
DOCUMENTS = [
    {"id": id, "title": id.title(), "language": "en", "paragraphs": paragraphs, "published_at": "2024-05-15"}
    for id, paragraphs in TEXTS.items()
]
"""Articles of May 2024: about 1986, about days of 1986 and 2024, and about no date."""


@pytest.fixture(scope="module")
def corpus(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The application over these documents."""
    with serving_documents(fresh(tmp_path_factory.mktemp("corpus") / "data"), DOCUMENTS) as api:
        yield api


def test_a_paragraph_has_its_dates(corpus: Api) -> None:
    paragraphs = corpus.json("/articles/days")["paragraphs"]

    assert [[(date["exact"], date["value"]) for date in paragraph["dates"]] for paragraph in paragraphs] == [
        [],
        [("26 April 1986", "1986-04-26")],
        [("last week", "2024-05-06/2024-05-12")],
        [("1980s", "198X"), ("31 December 1989", "1989-12-31")],
    ]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("url", ["/articles/year", "/articles/year/paragraphs/1", "/paragraphs?about_to=1986"])
def test_offsets_of_dates_are_in_the_unit_of_the_response(corpus: Api, url: str, unit: str) -> None:
    before, exact, _ = "😀 “Chernobyl” was in 1986.".partition("1986")
    response = corpus.json(url, offset_unit=unit)
    paragraphs = response.get("paragraphs") or response.get("items") or [response]
    dates = [date for paragraph in paragraphs for date in paragraph["dates"] if date["exact"] == exact]

    assert [(date["start"], date["end"]) for date in dates] == [(UNITS[unit](before), UNITS[unit](before + exact))]


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"about_from": "1986", "about_to": "1986"}, {"year", "days"}),
        ({"about_from": "1986-04-26", "about_to": "1986-04-26"}, {"days"}),
        ({"about_from": "1986-04-27", "about_to": "1986"}, set()),
        ({"about_from": "1980", "about_to": "1989-12-30"}, {"year", "days"}),
        ({"about_from": "2024-05-12"}, {"days"}),
        ({"about_from": "2024-05-13"}, set()),
        ({"about_to": "1985"}, set()),
        ({"about_from": "0001", "about_to": "9999"}, {"year", "days"}),
    ],
)
def test_a_date_of_the_text_lies_within_the_period_asked_for(
    corpus: Api, filters: dict[str, str], ids: set[str]
) -> None:
    for url in ("/articles", "/paragraphs", "/mentions", "/entities", "/tags"):
        assert corpus.get(url, params=filters).status_code == 200
    assert {item["id"] for item in corpus.json("/articles", **filters)["items"]} == ids
    assert {item["article"]["id"] for item in corpus.json("/paragraphs", **filters)["items"]} == ids


def test_words_and_date_must_meet_in_one_paragraph_if_asked(corpus: Api) -> None:
    asked = {"q": "met", "about_to": "1986"}

    assert corpus.json("/articles", **asked)["total"] == 1
    assert corpus.json("/articles", **asked, within="paragraph")["total"] == 0
    assert corpus.json("/articles", **{**asked, "q": "began"}, within="paragraph")["total"] == 1


@pytest.mark.parametrize(
    ("within", "interval", "counts", "undated"),
    [
        ("article", "year", {"1986": 2, "1989": 1, "2024": 1}, 1),
        ("article", "month", {"1986-04": 1, "1989-12": 1, "2024-05": 1}, 2),
        ("paragraph", "year", {"1986": 2, "1989": 1, "2024": 1}, 4),
    ],
)
def test_timeline_counts_by_dates_of_the_texts(
    corpus: Api, within: str, interval: str, counts: dict[str, int], undated: int
) -> None:
    timeline = corpus.json("/timeline", by="about", within=within, interval=interval)

    assert {item["start"]: item["count"] for item in timeline["items"] if item["count"]} == counts
    assert timeline["undated"] == undated


def test_timeline_has_periods_between_the_bounds_only(corpus: Api) -> None:
    items = corpus.json("/timeline", by="about", interval="day", about_from="2024-05-08", about_to="2024-05-10")[
        "items"
    ]

    assert items == [{"start": f"2024-05-{day:02}", "count": 1, "total": 1} for day in (8, 9, 10)]


def test_too_many_periods_of_dates_are_refused_with_the_way_out(api: Api, tmp_path: Path) -> None:
    document = {"id": "a", "title": "From 1.1.1066 to 2.2.2002", "language": "de", "text": "Text."}
    api.seed(write_documents(tmp_path / "corpus", [document]), only=True)

    assert "set `about_from` and `about_to`." in refused(api.get("/timeline?by=about&interval=day"), "interval")
    assert api.get("/timeline?by=about&interval=day&about_from=1990").status_code == 200


def test_dates_stay_when_an_article_is_written_again(api: Api, tmp_path: Path) -> None:
    folder = write_documents(tmp_path / "corpus", [mentioning("a", place('Мінск "1986"', wikidata="Q2280"))])
    api.seed(folder)
    dates = api.json("/articles/a")["paragraphs"][1]["dates"]
    other = write_documents(tmp_path / "other", [document("b")])
    write_entities(other, place("Minsk", wikidata="Q2280"))
    api.seed(other)
    (paragraph,) = api.json("/paragraphs", entity="minsk")["items"]

    assert paragraph["dates"] == dates == [{"start": 7, "end": 11, "exact": "1986", "value": "1986"}]
    assert api.json("/articles", about_from="1986", about_to="1986")["total"] == 1


def test_articles_of_an_older_program_have_no_dates_until_they_are_seeded_again(
    settings: Settings, tmp_path: Path
) -> None:
    seed_into(settings, write_documents(tmp_path / "seeds", DOCUMENTS))
    engine = open_database(settings.database)
    with write_transaction(engine) as connection:
        for row in connection.execute(select(Paragraph)).mappings().all():
            older = {name: value for name, value in orjson.loads(row["rendered"]).items() if name != "dates"}
            is_row = (col(Paragraph.article) == row["article"], col(Paragraph.position) == row["position"])
            connection.execute(update(Paragraph).where(*is_row).values(rendered=orjson.dumps(older)))
    engine.dispose()
    rmtree(settings.index)
    older_api = Api(settings)

    assert older_api.json("/paragraphs", id="year", offset_unit="utf8")["total"] == 2
    assert older_api.json("/articles", about_from="1986")["total"] == 0
    older_api.close()


@settings(max_examples=10)
@given(corpora, questions, st.sampled_from(["year", "month", "day"]))
def test_a_period_counts_what_its_filter_selects(
    api: Api, tmp_path: Path, documents: Any, asked: Any, interval: str
) -> None:
    api.seed(write_catalogued(tmp_path / "seeds", documents), only=True)
    asked = {name: value for name, value in asked.items() if not name.startswith("about")}
    asked |= {"q": asked["q"].text} if "q" in asked else {}
    timeline = api.json("/timeline", **asked, by="about", interval=interval)

    for item in timeline["items"][:20]:
        period = {"about_from": item["start"], "about_to": item["start"]}
        url = "/paragraphs" if asked.get("within") == "paragraph" else "/articles"
        assert api.json(url, **asked, **period)["total"] == item["count"]


@pytest.mark.parametrize(
    ("query", "parameter", "message"),
    [
        ("about_from=1986-13", "about_from", "'1986-13' is not a date"),
        ("about_from=1986-04-26T01:23:00Z", "about_from", "has a time of day; expected 1986, 1986-04 or 1986-04-26"),
        ("about_from=1987&about_to=1986", "about_to", "this is before `about_from`"),
        ("by=date", "by", "one of published, about"),
    ],
)
def test_what_is_no_period_is_refused_with_a_sentence(seeded: Api, query: str, parameter: str, message: str) -> None:
    assert message in refused(seeded.get(f"/timeline?{query}"), parameter)


def test_dates_of_the_example_articles_are_exact_and_make_a_timeline(seeded: Api) -> None:
    article = seeded.json("/articles/chernobyl")
    dates = [(paragraph["text"], date) for paragraph in article["paragraphs"] for date in paragraph["dates"]]

    assert "1986-04-26" in {date["value"] for _, date in dates}
    assert all(text[date["start"] : date["end"]] == date["exact"] for text, date in dates)
    assert seeded.json("/articles?about_from=1986-04-26&about_to=1986-04-26")["total"] >= 1
