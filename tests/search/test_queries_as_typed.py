"""Ordinary text in `q` is searched or is refused for having no word; it never breaks anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import Api
from tests.support.problems import refused

ORDINARY = (
    "C++",
    "AT&T",
    'war"',
    '"war',
    "'war'",
    "title:foo",
    "a/b",
    "[x]",
    "it's",
    "R-7",
    "U.S.",
    "100%",
    "a=b",
    "war?",
    "1945",
    "x^2",
    "{war}",
    "war)",
    "(war",
    "Минск",
    "北京",
    "😀 war",
    "war & peace",
    "war | peace",
    "$ref",
    "\\war",
    "war\\",
    "N/A",
    "*war",
    "~war",
    "war~",
    '"war"~',
    '"nuclear war"~3x',
    "<b>war</b>",
    "war;",
    "#war",
    "@war",
    "war,peace",
    "a:b:c",
    "kind:state",
    "_war",
    "https://example.org/?q=1",
    "e\u0301tat",
    "ﬁssion",
    "I\u0307",
    "--war war",
    "war OR",
    "OR war",
    "AND war",
    "war AND",
    "NOT NOT war",
    "war NOT",
    "() war",
    '"" war',
    "- war",
)

WORDLESS = ("{", "*", "~", '"', '""', "()", "😀", "+", "&&", "|", "\\", "-", "--", "( OR )", "...", "💣 💥", "*?", " ")

OPERATORS = ("OR", "AND", "NOT", "OR OR", "AND NOT", "-(OR)")


@pytest.mark.parametrize("address", ["/articles", "/paragraphs", "/entities", "/tags", "/timeline"])
@pytest.mark.parametrize("q", ORDINARY)
def test_ordinary_text_is_searched(seeded: Api, address: str, q: str) -> None:
    assert seeded.get(address, params={"q": q}).status_code == 200


@pytest.mark.parametrize("q", [*WORDLESS, *OPERATORS])
def test_text_without_a_word_is_refused(seeded: Api, q: str) -> None:
    assert refused(seeded.get("/articles", params={"q": q}), "q") == "`q` has no word to search for."


@pytest.mark.parametrize(
    ("q", "message"),
    [
        ("-".join(["war"] * 65) + "*", "`q` has a phrase of 65 words; at most 64 are searched."),
        ("war~9", "`q` lets 'war' differ by 9 letters; 1 and 2 are possible."),
        ("w" * 2001, "`q` has 2,001 characters; at most 2,000 are searched."),
        ("w" * 60_000, "`q` has 60,000 characters; at most 2,000 are searched."),
        ("(" * 21 + "war", "`q` nests parentheses more than 20 deep."),
        ("(" * 900, "`q` nests parentheses more than 20 deep."),
        ("w*", "`q` 'w*' is too short; a prefix has at least 2 letters."),
        ("war\0", "`q` has a control character, U+0000; only text can be searched."),
        ("war\x1b[31m", "`q` has a control character, U+001B; only text can be searched."),
        ("-war", "`q` only says what must not be there; add a word to search for."),
        ("NOT (war OR peace)", "`q` only says what must not be there; add a word to search for."),
        ("war OR -peace", "`q` only says what must not be there; add a word to search for."),
        ('"nuclear war"~9', "`q` lets a phrase be moved by 9; at most 8 is possible."),
    ],
    ids=lambda value: value[:20],
)
@pytest.mark.parametrize("address", ["/articles", "/paragraphs", "/entities", "/tags", "/timeline"])
def test_unsearchable_query_is_refused_with_the_reason(seeded: Api, address: str, q: str, message: str) -> None:
    assert refused(seeded.get(address, params={"q": q}), "q") == message


@pytest.mark.parametrize("q", [" ".join(["war"] * 400), "w" * 2000, "(" * 20 + "war" + ")" * 20, "wa*"])
def test_query_at_the_bounds_is_searched(seeded: Api, q: str) -> None:
    assert seeded.get("/articles", params={"q": q}).status_code == 200


def test_lone_quote_changes_nothing(seeded: Api) -> None:
    assert seeded.json("/articles", q='war"')["items"] == seeded.json("/articles", q="war")["items"]


PIECES = st.sampled_from(
    [
        "war",
        "nuclear",
        '"',
        "(",
        ")",
        "-",
        "OR",
        "AND",
        "NOT",
        "*",
        "~",
        "~2",
        "~1",
        "wa*",
        "a",
        ":",
        "[",
        "]",
        "{",
        "}",
        "^",
        "\\",
        "/",
        "+",
        "&&",
        "||",
        "!",
        "?",
        "  ",
        "\n",
        "'",
        "’",
        "«",
        "»",
        "\u0301",
        "\u200d",
        "😀",
        "北京",
        "ß",
    ]
)


@given(st.lists(PIECES, max_size=40), st.sampled_from(["", " "]), st.booleans())
@settings(max_examples=150)
def test_any_mixture_of_operators_is_searched(seeded: Api, pieces: list[str], between: str, somewhere: bool) -> None:
    parameters = {"q": between.join(pieces) or "-", "limit": "1", **({"q_in": "title"} if somewhere else {})}
    answer = seeded.get("/articles", params=parameters)

    assert answer.status_code == 200 or refused(answer, "q")
