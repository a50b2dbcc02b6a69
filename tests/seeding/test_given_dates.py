"""Dates that documents give for expressions in their texts are kept, and no others are looked for."""

import json

import pytest

from app.seeding.conversion import convert

TEXT = "😀 On the day of Chernobyl, not in 1990."


def describe(*dates, text=TEXT, **document):
    return json.dumps({"id": "a", "title": "T", "paragraphs": [{"text": text, "dates": dates}, "In 1991."], **document})


def date(value="1986-04-26", start=5, end=25, **more):
    return {"start": start, "end": end, "value": value, **more}


@pytest.mark.parametrize(("unit", "start", "end"), [("codepoint", 5, 25), ("utf16", 6, 26), ("utf8", 8, 28)])
def test_given_dates_are_served_and_no_others_are_looked_for(api, tmp_path, unit, start, end):
    document = describe(date(start=start, end=end, exact="the day of Chernobyl"), offset_unit=unit)
    (tmp_path / "a.json").write_text(document)
    api.seed(tmp_path)

    assert [paragraph["dates"] for paragraph in api.json("/articles/a")["paragraphs"]] == [
        [],
        [{"start": 5, "end": 25, "exact": "the day of Chernobyl", "value": "1986-04-26"}],
        [],
    ]
    assert api.json("/articles?about_from=1986-04&about_to=1986-04")["total"] == 1
    assert api.json("/articles?about_from=1990&about_to=1991")["total"] == 0


def test_an_empty_list_of_dates_means_that_there_are_none(api, tmp_path):
    (tmp_path / "a.json").write_text(describe())
    api.seed(tmp_path)

    assert [paragraph["dates"] for paragraph in api.json("/articles/a")["paragraphs"]] == [[], [], []]


def test_given_dates_are_written_by_a_conversion(tmp_path):
    (tmp_path / "a.json").write_text(describe(date(), date("198X", 34, 38)))
    (document,) = convert([tmp_path], language="en", follow_links=False)

    assert [paragraph["dates"] for paragraph in document["paragraphs"]] == [
        [],
        [date(exact="the day of Chernobyl"), date("198X", 34, 38, exact="1990")],
        [],
    ]


def test_a_value_may_be_as_exact_as_texts_are(api, tmp_path):
    intervals = ["1000/9999", "1986-04/1986-06", "2000-02-28/2000-02-29"]
    values = ["1986", "1986-04", "1986-04-26", "198X", "19XX", *intervals]
    (tmp_path / "a.json").write_text(describe(*map(date, sorted(values))))
    api.seed(tmp_path)

    assert [date["value"] for date in api.json("/articles/a")["paragraphs"][1]["dates"]] == sorted(values)
    assert api.json("/articles?about_from=2000-02-29&about_to=2000-02-29")["total"] == 1


EXAMPLES = "expected a date such as 1986, 1986-04, 1986-04-26, 198X, 19XX, or an interval such as 1986-04/1986-06"


@pytest.mark.parametrize(
    "value",
    [
        *("", "yesterday", "0000", "00XX", "1986-13", "1986-02-30", "86", "1986-4-26", "198X-04", "19XX/20XX", "/1986"),
        *("1986/", "1986/1986-04", "1987/1986", "1986/1987/1988", "1986-04-26T01:23Z", "١٩٨٦", "1986\n", "--1986"),
    ],
)
def test_another_value_is_a_fault_with_examples(complaints, value):
    assert complaints("a.json", describe(date(value))) == [
        (1, f"`paragraphs[0].dates[0]` has the `value` '{value}'; {EXAMPLES}.")
    ]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (
            describe(date("1000-01-01/9999-12-31")),
            "` has a `value` of more than 10,000 days or months; expected its years.",
        ),
        (describe(date(end=99)), "` is outside its text, which has a length of 39 (codepoint)."),
        (describe(date(exact="Chernobyl")), "` marks 'the day of Chernobyl', but its `exact` is 'Chernobyl'."),
        (describe(date(when="x")), ".when` is not a key; expected one of start, end, exact, value."),
        (describe({"start": 0, "end": 1}), ".value` is missing."),
        (describe(date(), text=" "), "` is in paragraph 0, which has no text."),
    ],
)
def test_a_date_that_fits_nowhere_is_a_fault(complaints, document, message):
    assert [text for _, text in complaints("a.json", document) if message in text] == [
        f"`paragraphs[0].dates[0]{message}"
    ]
