"""Dates that texts talk about: every way of writing one is found, at its place, with its value."""

import re
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.dates import parse_date
from app.seeding.article import NewArticle, NewParagraph, PreciseDate
from app.seeding.time_expressions import find_dates, find_time_expressions
from app.seeding.time_expressions.lexicon import CLASSES, FOLDER, list_words, load_time_lexicon
from app.seeding.time_expressions.rules import ALTERNATIVES, TIME_EXPRESSION


def split(words):
    return words.split()


WEDNESDAY = PreciseDate(*parse_date("2024-05-15"))
MONTHS = {
    "en": split("January February March April May June July August September October November December"),
    "de": split("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    "es": split("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
}
WEEKDAYS = split("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
FORMS = [
    ("en", "{month} {day.day}, {day.year}", 10),
    ("en", "{day.day} {month} {day.year}", 10),
    ("en", "{weekday}, {month} {day.day}, {day.year}", 10),
    ("en", "{short}. {day.day}, {day.year}", 10),
    ("en", "{day.day}th of {month}, {day.year}", 10),
    ("en", "{day}", 10),
    ("en", "{month} {day.year}", 7),
    ("en", "late {month} {day.year}", 7),
    ("en", "{day.year}", 4),
    ("de", "{day.day}. {month} {day.year}", 10),
    ("de", "{day.day}.{day.month}.{day.year}", 10),
    ("de", "Ende {month} {day.year}", 7),
    ("es", "{day.day} de {month} de {day.year}", 10),
    ("es", "{day.day}/{day.month}/{day.year}", 10),
    ("es", "{month} de {day.year}", 7),
    ("fr", "{day.year}", 4),
]
"""Languages, ways of writing a date in them, and how many characters of the day they tell."""
VALUE = re.compile(r"\d\d(\d\d|\dX|XX)(-\d\d){0,2}(/\d{4}(-\d\d){0,2})?")
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
WORDS = st.lists(st.sampled_from(["Пламя", "ran", "naïve", "😀", "(", "“", "towns,", "e\u0301"]), max_size=4).map(
    " ".join
)


def find(text, language="en", published=WEDNESDAY):
    """Return the expressions of a text with their values."""
    spans = find_time_expressions(text, load_time_lexicon(language), published)
    return [(text[start:end], value) for start, end, value in spans]


@given(st.sampled_from(FORMS), DAYS, WORDS, WORDS)
def test_a_date_in_any_form_is_found_at_its_place_with_its_value(form, day, before, after):
    language, pattern, length = form
    month = MONTHS.get(language, MONTHS["en"])[day.month - 1]
    written = pattern.format(day=day, month=month, short=month[:3], weekday=WEEKDAYS[day.weekday()])
    text = f"{before} in {written} {after}"

    assert find(text, language, None) == [(written, day.isoformat()[:length])]


ANY_WORDS = st.lists(
    st.sampled_from(
        split(
            "the last next this 5 two May 31 1986 1999-2005 days weeks months years century ago Friday 9/11 late of - "
            ", ' s weekend today first quarter summer 0 2000 in 99999 Zz 1.5.2024 ١٩٨٦ 30-31"
        )
    ),
    max_size=12,
).map(" ".join)


@given(st.dates(), ANY_WORDS)
def test_whatever_the_words_a_value_is_an_iso_date_of_an_exact_span(day, text):
    published = PreciseDate(datetime(day.year, day.month, day.day, tzinfo=UTC), "day")
    expressions = list(find_time_expressions(text, load_time_lexicon("en"), published))

    assert all(VALUE.fullmatch(value) for _, _, value in expressions)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end, _ in expressions)
    assert all(one.end <= other.start for one, other in pairwise(expressions))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It fell today and yesterday; tomorrow too.",
            {"today": "2024-05-15", "yesterday": "2024-05-14", "tomorrow": "2024-05-16"},
        ),
        ("It was said on Wednesday, and on Thursday.", {"Wednesday": "2024-05-15", "Thursday": "2024-05-09"}),
        ("They will meet on Thursday.", {"Thursday": "2024-05-16"}),
        ("They met last Friday; next Friday they go on.", {"last Friday": "2024-05-10", "next Friday": "2024-05-17"}),
        (
            "last week, next month, last year",
            {"last week": "2024-05-06/2024-05-12", "next month": "2024-06", "last year": "2023"},
        ),
        ("earlier this year, the past decade", {"earlier this year": "2024", "past decade": "201X"}),
        (
            "two years ago, three months ago, a decade ago",
            {"two years ago": "2022", "three months ago": "2024-02", "a decade ago": "2014"},
        ),
        ("24 hours ago and two weeks ago", {"24 hours ago": "2024-05-14", "two weeks ago": "2024-04-29/2024-05-05"}),
        (
            "in the past 30 days; the next two years",
            {"past 30 days": "2024-04-15/2024-05-15", "next two years": "2024/2026"},
        ),
        ("in May and in June, since October", {"May": "2024-05", "June": "2024-06", "October": "2023-10"}),
        ("It will end in October.", {"October": "2024-10"}),
        ("In July the heat came.", {"July": "2024-07"}),
        ("on June 3, on 20 December", {"June 3": "2024-06-03", "20 December": "2023-12-20"}),
        ("Feb. 29, Feb. 30, 2001", {"Feb. 29": "2024-02-29"}),
        ("last night, this morning", {"last night": "2024-05-14", "this morning": "2024-05-15"}),
        ("over the weekend", {"weekend": "2024-05-11/2024-05-12"}),
        (
            "last summer, this spring, the winter of 2012",
            {"last summer": "2023-06/2023-08", "this spring": "2024-03/2024-05", "winter of 2012": "2012-12/2013-02"},
        ),
        (
            "last quarter, the third quarter of 2010",
            {"last quarter": "2024-01/2024-03", "third quarter of 2010": "2010-07/2010-09"},
        ),
        ("the end of the year; May of last year", {"end of the year": "2024", "May of last year": "2023-05"}),
        ("later in the day, but at the end of the day", {"later in the day": "2024-05-15"}),
        (
            "the mid-1980s, the '90s, the 1900s, 1850s",
            {"mid-1980s": "198X", "'90s": "199X", "1900s": "19XX", "1850s": "185X"},
        ),
        ("the 19th and twentieth century", {"twentieth century": "19XX"}),
        ("the 19th-century church of 1786", {"19th-century": "18XX"}),
        (
            "1914\u201318 and 1939-1945; June 18\u201320, 2005; April-June 1986",
            {
                "1914\u201318": "1914/1918",
                "1939-1945": "1939/1945",
                "June 18\u201320, 2005": "2005-06-18/2005-06-20",
                "April-June 1986": "1986-04/1986-06",
            },
        ),
        ("from 1789 to 1799", {"1789": "1789", "1799": "1799"}),
        (
            "on 9/11, 26/4/1986 and 4/26/1986",
            {"9/11": "2001-09-11", "26/4/1986": "1986-04-26", "4/26/1986": "1986-04-26"},
        ),
        ("THE TREATY OF MAY 1, 1955", {"MAY 1, 1955": "1955-05-01"}),
    ],
)
def test_an_expression_means_a_date_by_that_of_its_article(text, expected):
    assert dict(find(text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "de",
            "Letzten Freitag, vor zwei Jahren, letzte Woche",
            {"Letzten Freitag": "2024-05-10", "vor zwei Jahren": "2022", "letzte Woche": "2024-05-06/2024-05-12"},
        ),
        (
            "de",
            "im Mai, in den 1980er Jahren, im 19. Jahrhundert",
            {"Mai": "2024-05", "1980er": "198X", "19. Jahrhundert": "18XX"},
        ),
        (
            "de",
            "Heute und Ende des Jahres, im dritten Quartal 2010",
            {"Heute": "2024-05-15", "Ende des Jahres": "2024", "dritten Quartal 2010": "2010-07/2010-09"},
        ),
        (
            "es",
            "El viernes pasado, hace dos años, la semana pasada",
            {"viernes pasado": "2024-05-10", "hace dos años": "2022", "semana pasada": "2024-05-06/2024-05-12"},
        ),
        (
            "es",
            "Este año, a finales de mayo, el próximo lunes, el trimestre pasado",
            {
                "Este año": "2024",
                "finales de mayo": "2024-05",
                "próximo lunes": "2024-05-20",
                "trimestre pasado": "2024-01/2024-03",
            },
        ),
    ],
)
def test_other_languages_are_a_file_of_words(language, text, expected):
    assert dict(find(text, language)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Theresa May said that we may march.",
        "$2000, €1950, 2000 people, 1,986 votes, 1986.5, room 2010, 1985%, nearly 2000",
        "in 1200 BC, 1789 and 4/5/1986 and 30.2.1986 and 7/8/07",
        "the last day, the first week, the last week of it, on a Monday coming from",
        "a few years ago, 99999 years ago, the next 5000 days, half a century",
        "A1986 and 1986ers and 1986s",
    ],
)
def test_what_only_looks_like_a_date_is_none(text):
    assert find(text) == []


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (None, []),
        ("2024", ["2023", "1986"]),
        ("2024-05", ["2023", "2024-04", "1986"]),
        ("2024-05-15", ["2023", "2024-04", "2024-05-14", "1986"]),
    ],
)
def test_relative_dates_are_no_more_exact_than_that_of_the_article(published, expected):
    text = "Last year, last month, yesterday, 1986."

    assert [value for _, value in find(text, published=published and PreciseDate(*parse_date(published)))] == (
        expected or ["1986"]
    )


def test_dates_are_found_in_all_paragraphs_but_credits():
    paragraphs = tuple(NewParagraph(role, "It was 1986.") for role in ("title", "body", "credit", "caption"))
    article = NewArticle("a", "T", paragraphs, "en-GB", "a.txt", 1)

    assert list(find_dates(article)) == [(position, 7, 11, "1986") for position in (0, 1, 3)]


@given(st.text("".join(sorted({*CLASSES.values(), *"DYZynrR_.,-'$/"})), max_size=12))
def test_looking_at_first_classes_changes_only_the_speed(classes):
    slow = re.compile(ALTERNATIVES)

    assert [*map(str, TIME_EXPRESSION.finditer(classes))] == [*map(str, slow.finditer(classes))]


@given(ANY_WORDS, st.sampled_from(["en", "de", "es"]))
def test_passing_over_texts_without_words_of_time_changes_only_the_speed(text, language):
    lexicon, published = load_time_lexicon(language), PreciseDate(datetime(2024, 5, 15, tzinfo=UTC), "day")

    # Texts that are not in ASCII are never passed over.
    assert [*find_time_expressions(text, lexicon, published)] == [
        *find_time_expressions(f"{text} \N{LATIN SMALL LETTER Z WITH DOT ABOVE}", lexicon, published)
    ]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_word_of_a_language_has_one_class(path):
    keys = yaml.safe_load(path.read_text(encoding="utf-8"))
    words = [word for key in CLASSES for word, _ in list_words(keys.get(key, ""))]

    assert sorted(words) == sorted({*words})
    assert keys.keys() <= {*CLASSES, "order", "future", "past"}
