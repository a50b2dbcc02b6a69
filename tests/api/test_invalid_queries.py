"""A question that can't be asked is refused by name, with the way out, at every address that takes questions."""

import re

import pytest

from tests.conftest import Api
from tests.support.asgi import ask
from tests.support.problems import problem, refused

LISTS = ("/articles", "/paragraphs", "/entities", "/tags")
ASKED = (*LISTS, "/timeline")
ALL = (
    *ASKED,
    "/corpus",
    "/articles/trinity-test",
    "/articles/trinity-test/paragraphs/0",
    "/entities/minsk",
    "/tags/nuclear-weapons",
)


@pytest.mark.parametrize("address", ALL)
def test_an_unknown_parameter_is_named(seeded: Api, address: str) -> None:
    message = refused(seeded.get(f"{address}?zzzyx=1"), "zzzyx")

    assert message == "There is no parameter `zzzyx`."


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("page_size", "limit"),
        ("per_page", "limit"),
        ("query", "q"),
        ("search", "q"),
        ("from", "published_from"),
        ("since", "published_from"),
        ("until", "published_to"),
        ("lang", "language"),
        ("tags", "tag"),
        ("order_by", "sort"),
        ("page", "cursor"),
        ("Entity", "entity"),
        ("entity-type", "entity_type"),
        ("entty", "entity"),
        ("publishd_to", "published_to"),
        ("languag", "language"),
        ("sourc", "source"),
    ],
)
def test_mistyped_parameter_suggests_the_nearest(seeded: Api, mistyped: str, meant: str) -> None:
    document = problem(seeded.get("/articles", params={mistyped: "1"}), 422)

    assert document["errors"] == [
        {
            "parameter": mistyped,
            "message": f"There is no parameter `{mistyped}`; did you mean `{meant}`?",
            "did_you_mean": [meant],
        }
    ]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("/articles?sort=relevence&q=war", "did you mean `relevance`?"),
        (
            "/articles?sort=-title",
            "it is one of -published, published, -updated, updated, title, word_count, -word_count,",
        ),
        ("/articles?within=paragraphs", "did you mean `paragraph`?"),
        ("/articles?entity_type=Person", "did you mean `person`?"),
        ("/articles?entity_type=person,place", "entity_type=...&entity_type=..."),
        ("/articles?q_in=headings&q=war", "did you mean `heading`?"),
        ("/articles?offset_unit=utf-16", "did you mean `utf16`?"),
        ("/articles?include=paragraph", "did you mean `paragraphs`?"),
        ("/entities?type=persons", "did you mean `person`?"),
        ("/entities?sort=count", "did you mean `-count`?"),
        ("/timeline?interval=years", "did you mean `year`?"),
    ],
)
def test_a_mistyped_value_is_named_with_what_is_possible(seeded: Api, question: str, message: str) -> None:
    parameter = question.split("?")[1].split("=", maxsplit=1)[0]

    assert message in refused(seeded.get(question), parameter)


@pytest.mark.parametrize("address", LISTS)
def test_a_mistyped_field_is_named_with_the_nearest(seeded: Api, address: str) -> None:
    document = problem(seeded.get(address, params={"fields": "urll"}), 422)

    assert document["detail"] == "`fields`: there is no field 'urll'; did you mean `url`?"
    assert document["errors"][0]["did_you_mean"] == ["url"]


@pytest.mark.parametrize(
    ("url", "needed"),
    [
        ("/articles?fields=extract", "highlight"),
        ("/articles?fields=id&fields=extract&q=war", "highlight"),
        ("/paragraphs?fields=matches&q=war", "highlight=offsets"),
        ("/paragraphs?fields=matches&q=war&highlight=markup", "highlight=offsets"),
        ("/paragraphs?fields=markup&q=war&highlight=offsets", "highlight=markup"),
        ("/entities?fields=matched", "name` or `name_prefix"),
        ("/tags?fields=matched", "name` or `name_prefix"),
    ],
)
def test_field_that_never_comes_is_refused(seeded: Api, url: str, needed: str) -> None:
    assert f"comes only with `{needed}`" in refused(seeded.get(url), "fields")


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("/articles?q=war&highlight=markup", "extract"),
        ("/paragraphs?q=war&highlight=offsets", "matches"),
        ("/paragraphs?q=war&highlight=markup", "markup"),
        ("/entities?name_prefix=m", "matched"),
        ("/tags?name_prefix=n", "matched"),
    ],
)
def test_field_of_highlights_comes_with_highlight(seeded: Api, url: str, field: str) -> None:
    assert {*seeded.json(f"{url}&fields={field}")["items"][0]} == {field}


def test_fields_are_not_split_at_commas(seeded: Api) -> None:
    assert "fields=...&fields=..." in refused(seeded.get("/articles?fields=id,title"), "fields")


def test_sort_by_relevance_needs_q(seeded: Api) -> None:
    assert refused(seeded.get("/articles?sort=relevance"), "sort") == "`sort` can be 'relevance' only with `q`."


TEXTS = ("/articles", "/paragraphs", "/articles/trinity-test", "/articles/trinity-test/paragraphs/0")


@pytest.mark.parametrize(
    ("address", "option"),
    [
        *((address, option) for address in TEXTS for option in ("match=any", "q_in=title", "highlight=markup")),
        *(
            (address, option)
            for address in ("/entities", "/tags", "/timeline")
            for option in ("match=any", "q_in=body")
        ),
    ],
)
def test_option_of_q_is_refused_without_q(seeded: Api, address: str, option: str) -> None:
    name, _, _ = option.partition("=")

    assert refused(seeded.get(f"{address}?{option}"), name) == f"`{name}` needs `q`; add that, or leave this out."
    assert seeded.get(f"{address}?{option}&q=test").status_code == 200


@pytest.mark.parametrize("address", LISTS)
def test_facet_size_is_refused_without_facet(seeded: Api, address: str) -> None:
    assert "needs `facet`" in refused(seeded.get(f"{address}?facet_size=3"), "facet_size")


@pytest.mark.parametrize("option", ["highlight=markup", "facet_size=3", "facet_prefix=x"])
@pytest.mark.parametrize("address", ["/timeline", "/corpus", "/articles.jsonl", "/paragraphs.csv", "/tags.csv"])
def test_option_that_an_endpoint_lacks_is_unknown(seeded: Api, address: str, option: str) -> None:
    name, _, _ = option.partition("=")

    assert refused(seeded.get(f"{address}?{option}"), name).startswith(f"There is no parameter `{name}`")


def test_missing_q_is_reported_beside_other_errors(seeded: Api) -> None:
    refused(seeded.get("/articles?q_in=titel&limit=0&match=any"), "match", "q_in", "q_in", "limit")


@pytest.mark.parametrize("parameter", ["q", "limit", "sort", "cursor", "within", "published_from", "offset_unit"])
def test_repeated_single_value_parameter_is_refused(seeded: Api, parameter: str) -> None:
    values = {"limit": "5", "sort": "title", "within": "article", "published_from": "2025", "offset_unit": "utf8"}
    pair = f"{parameter}={values.get(parameter, 'war')}"

    assert f"`{parameter}` is given twice" in refused(seeded.get(f"/articles?{pair}&{pair}"), parameter)


@pytest.mark.parametrize("address", ASKED)
@pytest.mark.parametrize("parameter", ["q", "entity", "tag_any", "source", "id", "author_not"])
def test_an_empty_value_is_refused(seeded: Api, address: str, parameter: str) -> None:
    message = f"`{parameter}` is empty; leave it out or give it a value."

    assert refused(seeded.get(f"{address}?{parameter}="), parameter) == message


@pytest.mark.parametrize("parameter", ["limit", "sort", "published_to", "cursor", "fields", "entity_type", "within"])
def test_an_empty_choice_is_refused(seeded: Api, parameter: str) -> None:
    refused(seeded.get(f"/articles?{parameter}="), parameter)


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    ("limit", "message"),
    [
        ("0", "must be at least 1."),
        ("-1", "must be at least 1."),
        ("101", "may be at most 100."),
        ("99999999999999999999", "may be at most 100."),
        ("9" * 5000, "may be at most 100."),
        ("1e3", "'1e3' is not a whole number."),
        ("1.0", "'1.0' is not a whole number."),
        ("١", "'١' is not a whole number."),
        ("ten", "'ten' is not a whole number."),
        (" 5", "is not a whole number."),
        ("5\n", "is not a whole number."),
        ("+5", "is not a whole number."),
        ("false", "is not a whole number."),
        ("1_0", "is not a whole number."),
    ],
)
def test_a_limit_out_of_range_is_refused_with_the_bound(seeded: Api, address: str, limit: str, message: str) -> None:
    assert message in refused(seeded.get(address, params={"limit": limit}), "limit")


@pytest.mark.parametrize("parameter", ["published_from", "published_to"])
@pytest.mark.parametrize(
    "date",
    [
        "2025-13",
        "2025-02-30",
        "0000",
        "yesterday",
        "20251218",
        "2025-1",
        "25",
        "2025-12-18T25:00",
        "2025-W51-4",
        "-2025",
        "12025",
        "٢٠٢٥",
        "2025-12-18T09:30:00+99:00",
        "18.12.2025",
        "1766050200",
        "2025-12-18T",
        " 2025",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_invalid_date_is_refused_with_the_expected_form(seeded: Api, parameter: str, date: str) -> None:
    message = refused(seeded.get("/articles", params={parameter: date}), parameter)

    assert "is not a date; expected 2025, 2025-12, 2025-12-18 or 2025-12-18T09:30:00Z" in message


@pytest.mark.parametrize("url", ASKED)
@pytest.mark.parametrize(
    ("first", "last"), [("2020", "2010"), ("2020-02", "2020-01-31"), ("2020-01-01T10:00:00Z", "2020-01-01T09:59:59Z")]
)
def test_reversed_range_is_refused(seeded: Api, url: str, first: str, last: str) -> None:
    detail = refused(seeded.get(url, params={"published_to": last, "published_from": first}), "published_to")

    assert detail == "`published_to`: this is before `published_from`, so no article can match; exchange the two."


@pytest.mark.parametrize("date", ["2020", "2020-01", "2020-01-01", "2020-01-01T10:00:00.5Z"])
def test_range_of_one_moment_is_accepted(seeded: Api, date: str) -> None:
    assert seeded.get("/articles", params={"published_from": date, "published_to": date}).status_code == 200


@pytest.mark.parametrize("time", ["2019-06-15T23:30:00+05:00", "2019-06-15T23:30+0530", "2019-06-15T23:30:00.25+05"])
def test_unencoded_plus_is_named_as_the_cause(seeded: Api, time: str) -> None:
    assert "write `+` as `%2B` in a URL" in refused(seeded.get(f"/articles?published_to={time}"), "published_to")
    assert seeded.get("/articles", params={"published_to": time}).status_code == 200


@pytest.mark.parametrize(
    "time",
    [
        "2025",
        "2025-12",
        "2025-12-18",
        "2025-12-18T09:30",
        "2025-12-18 09:30",
        "2025-12-18T09:30:00.5Z",
        "2025-12-18T09:30:00,25Z",
        "2025-12-18T09:30:00-05",
        "2025-12-18T09:30:00-0530",
        "2025-12-18T09:30:00-05:30",
        "2025-12-18t09:30:00z",
        "2016-12-31T23:59:60Z",
    ],
)
def test_accepted_times_match_the_documented_pattern(seeded: Api, time: str) -> None:
    pattern = seeded.json("/openapi.json")["components"]["parameters"]["published_from"]["schema"]["pattern"]

    assert seeded.get("/articles", params={"published_from": time}).status_code == 200
    assert re.search(pattern, time)


@pytest.mark.parametrize("parameter", ["entity", "entity_any", "tag_not", "id", "author", "q_in", "entity_type"])
def test_more_than_fifty_values_are_refused(seeded: Api, parameter: str) -> None:
    value = {"q_in": "body", "entity_type": "place"}.get(parameter, "x")
    fifty = "&".join(["q=x", *[f"{parameter}={value}"] * 50])

    assert seeded.get(f"/articles?{fifty}").status_code == 200
    assert refused(seeded.get(f"/articles?{fifty}&{parameter}={value}"), parameter) == (
        f"`{parameter}` takes at most 50 values."
    )


def test_value_longer_than_1000_characters_is_refused(seeded: Api) -> None:
    assert seeded.get("/articles", params={"id": "x" * 1000}).status_code == 200
    assert "at most 1,000 characters" in refused(seeded.get("/articles", params={"id": "x" * 1001}), "id")
    assert "at most 1,000 characters" in refused(
        seeded.get("/entities", params={"name_prefix": "x" * 1001}), "name_prefix"
    )


def test_all_invalid_parameters_are_reported_at_once(seeded: Api) -> None:
    answer = seeded.get("/articles?limit=0&sort=x&publshed_to=1&within=y&entity=")

    assert {error["parameter"] for error in problem(answer, 422)["errors"]} == {
        "limit",
        "sort",
        "publshed_to",
        "within",
        "entity",
    }


@pytest.mark.parametrize("bytes_", ["%ff", "%ed%a0%80", "%C3", "%80x"])
def test_undecodable_query_value_is_refused_by_parameter_name(seeded: Api, bytes_: str) -> None:
    for parameter in ("q", "entity", "limit", "cursor"):
        message = f"`{parameter}` is not UTF-8 when it is percent-decoded."

        assert refused(seeded.get(f"/articles?{parameter}={bytes_}"), parameter) == message


def test_a_name_that_is_not_text_is_refused(seeded: Api) -> None:
    problem(seeded.get("/articles?%ff=1"), 422)


def test_too_many_parameters_are_refused(seeded: Api) -> None:
    assert "1,000" in problem(seeded.get("/articles?" + "&".join(["id=x"] * 1001)), 422)["detail"]


@pytest.mark.parametrize("address", ASKED)
@pytest.mark.parametrize("parameter", ["q", "entity", "cursor", "limit", "published_to", "sort", "fields", "x"])
def test_a_hundred_thousand_characters_are_refused_in_few(seeded: Api, address: str, parameter: str) -> None:
    answer = ask(seeded, address, f"{parameter}={'w' * 100_000}".encode())

    refused(answer, parameter)
    assert len(answer.content) < 1500


def test_unknown_long_parameter_name_is_shortened(seeded: Api) -> None:
    assert len(seeded.get("/articles", params={"x" * 10_000: "1"}).content) < 1000
