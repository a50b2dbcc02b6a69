"""Dates as Jekyll, feeds, mail, data sets and people write them."""

import json

import pytest

from app.seeding.normalize.date_formats import parse_lone_date, parse_written_date
from app.seeding.normalize.month_names import MONTHS, find_month


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("2016-10-07 14:00:00 -4", "2016-10-07T18:00:00+00:00"),
        ("2016-10-07 9:00:00 -0400", "2016-10-07T13:00:00+00:00"),
        ("2016-10-07 9:00 +05:30", "2016-10-07T03:30:00+00:00"),
        ("2016-10-07 14:00:00 UTC", "2016-10-07T14:00:00+00:00"),
        ("Fri, 07 Oct 2016 14:00:00 GMT", "2016-10-07T14:00:00+00:00"),
        ("7 Oct 2016 14:00 EST", "2016-10-07T19:00:00+00:00"),
        ("Thu, 18 Dec 2025 09:30:00 +0100 (CET)", "2025-12-18T08:30:00+00:00"),
        ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24+00:00"),
        ("20240501T100000Z", "2024-05-01T10:00:00+00:00"),
        ("20240501100000", "2024-05-01T10:00:00+00:00"),
        ("1714557600", "2024-05-01T10:00:00+00:00"),
        ("1714557600123", "2024-05-01T10:00:00.123000+00:00"),
        ("October 7, 2016 3:00 PM", "2016-10-07T15:00:00+00:00"),
        ("October 7, 2016, at 12:05 a.m.", "2016-10-07T00:05:00+00:00"),
        ("2025-12-18t09:30:00z", "2025-12-18T09:30:00+00:00"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00"),
        ("2024/05/01 10:00", "2024-05-01T10:00:00+00:00"),
    ],
)
def test_a_time_is_read_with_its_offset(words, at):
    published = parse_written_date(words)

    assert (published.at.isoformat(), published.precision) == (at, "second")


@pytest.mark.parametrize(
    "words",
    [
        "20240501", "2024/05/01", "2024.05.01", "1.5.2024", "01.05.2024", "1. Mai 2024", "1. mai 2024", "May 1, 2024",
        "Wed, 1 May 2024", "01-May-2024", "1er mai 2024", "1 de mayo de 2024", "1º de maio de 2024", "1 maggio 2024",
        "1 мая 2024", "1 мая 2024 г.", "1 травня 2024", "1 maja 2024", "2024. május 1.", "1 Mayıs 2024", "2024年5月1日",
        "2024년 5월 1일",
    ],
)  # fmt: skip
def test_a_day_is_read_in_figures_and_in_many_languages(words):
    published = parse_written_date(words)

    assert (published.at.date().isoformat(), published.precision) == ("2024-05-01", "day")


@pytest.mark.parametrize("language", [language for language in MONTHS if "-" not in language])
def test_every_month_of_a_language_is_known_by_its_full_name(language):
    numbers = [find_month(name) for name in MONTHS[language].split()]

    assert all(number in {None, index} for index, number in enumerate(numbers, start=1))
    assert numbers.count(None) <= 1


@pytest.mark.parametrize("words", ["12/18/2025", "05/01/2024 10:00"])
def test_a_date_that_may_have_the_day_or_the_month_first_is_a_fault_that_says_so(words):
    with pytest.raises(ValueError, match="may have the day or the month first; expected 2025"):
        parse_written_date(words)


@pytest.mark.parametrize(
    "words", ["1 May 2024 25:00", "13:00 PM", "1 May 2024 13:00 PM", "2024-05-01 10", "1 Foo 2024"]
)
def test_what_is_no_date_is_refused(words):
    with pytest.raises(ValueError, match="is not a date"):
        parse_written_date(words)


@pytest.mark.parametrize("text", ["20240501", "1714557600", "2024", "May 2024"])
def test_a_number_alone_in_a_text_is_no_dateline(text):
    assert parse_lone_date(text) is None


def published_days(articles):
    return [article.published and article.published.at.date().isoformat() for article in articles]


def test_an_empty_date_is_no_date(reading):
    articles, findings = reading("a.json", json.dumps({"title": "T", "text": "A.", "date": ""}))

    assert (published_days(articles), findings) == ([None], [])


def test_the_date_in_a_jekyll_file_name_is_taken_unless_the_article_has_one(reading):
    reading("_posts/2016-10-03-minsk-talks.md", "# Talks\n\nText.\n")
    articles, _ = reading("_posts/2016-10-04-other.md", "---\ndate: 2020-01-01\n---\n# Other\n\nText.\n")

    assert published_days(articles) == ["2016-10-03", "2020-01-01"]
    assert [article.id for article in articles] == ["posts-2016-10-03-minsk-talks", "posts-2016-10-04-other"]


def test_seconds_since_1970_may_be_a_number(reading):
    articles, _ = reading("a.json", json.dumps({"title": "T", "text": "A.", "published_at": 1714557600}))

    assert published_days(articles) == ["2024-05-01"]
