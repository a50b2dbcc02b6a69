"""The grammar of `q`: what each notation means, what can't be an operator is text, and where it ends."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.query.parser import MAX_CHARACTERS, QueryError, parse_query
from app.search.query.tree import AllOf, AnyOf, Not, Term
from app.search.query.unknown_operators import find_unknown_operators
from tests.conftest import Api
from tests.support.growth import TIMES, assert_linear
from tests.support.problems import refused

A, B, C = Term("a"), Term("b"), Term("c")
AB = Term("a b", quoted=True)


@pytest.mark.parametrize(
    ("q", "tree"),
    [
        ("a", A),
        ("a b", AllOf((A, B))),
        ("a AND b", AllOf((A, B))),
        ("a OR b", AnyOf((A, B))),
        ("a b OR c", AnyOf((AllOf((A, B)), C))),
        ("a (b OR c)", AllOf((A, AnyOf((B, C))))),
        ("(a)", A),
        ("a -b", AllOf((A, Not(B)))),
        ("a NOT b", AllOf((A, Not(B)))),
        ("a AND NOT b", AllOf((A, Not(B)))),
        ("-b a", AllOf((Not(B), A))),
        ("a --b", AllOf((A, B))),
        ("a -(b OR c)", AllOf((A, Not(AnyOf((B, C)))))),
        ('c -"a b"', AllOf((C, Not(AB)))),
        ('"a b"', AB),
        ('"a b"~2', Term("a b", quoted=True, slop=2)),
        ("“a b”", AB),
        ("„a b“", AB),
        ("«a b»", AB),
        ('a"a b"b', AllOf((A, AB, B))),
        ("miss*", Term("miss", prefix=True)),
        ("miss~1", Term("miss", distance=1)),
        ("miss~2", Term("miss", distance=2)),
    ],
)
def test_notation_parses_to_tree(q, tree):
    assert parse_query(q) == tree


@pytest.mark.parametrize(
    ("q", "tree"),
    [
        ('a"', A),
        ('"a b', AllOf((A, B))),
        ('a -" b', AllOf((A, B))),
        ("a)", A),
        ("(a", A),
        ("a ()", A),
        ("(a OR b", AnyOf((A, B))),
        ("a OR", A),
        ("OR a", A),
        ("a NOT", A),
        ("a - b", AllOf((A, B))),
        ("a-b", Term("a-b")),
        ("a or b", AllOf((A, Term("or"), B))),
        ("a & b | c", AllOf((A, B, C))),
        ("a 😀 b", AllOf((A, B))),
        ("C++", Term("C++")),
        ("AT&T", Term("AT&T")),
        ("title:foo", Term("title:foo")),
        ("a/b", Term("a/b")),
        ("[a TO b]", AllOf((Term("[a"), Term("TO"), Term("b]")))),
        ("*miss", Term("*miss")),
        ("mi*ss", Term("mi*ss")),
        ("miss~", Term("miss~")),
        ("miss~1*2x", Term("miss~1*2x")),
        ("e\u0301te\u0301", Term("été")),
    ],
)
def test_impossible_operator_is_text(q, tree):
    assert parse_query(q) == tree


@pytest.mark.parametrize(
    ("q", "tree"),
    [
        ("a b", AllOf((AnyOf((A, B)),))),
        ("a b -c", AllOf((AnyOf((A, B)), Not(C)))),
        ("a (b c)", AllOf((AnyOf((A, B, C)),))),
        ("a (b -c)", AllOf((AnyOf((A, AllOf((AnyOf((B,)), Not(C))))),))),
        ("a (-b -c)", AllOf((AnyOf((A,)), AllOf((Not(B), Not(C)))))),
        ("c OR a", AllOf((AnyOf((C, Term("OR"), A)),))),
        ("a-b", AllOf((AnyOf((A, B)),))),
        ('c "a b"', AllOf((AnyOf((C, AB)),))),
    ],
)
def test_match_any_needs_one_word_only(q, tree):
    assert parse_query(q, "any") == tree


@pytest.mark.parametrize(
    ("q", "bound"),
    [
        ("", "has no word to search for"),
        ('"" () * ~ - 😀', "has no word to search for"),
        ("AND OR NOT", "has no word to search for"),
        ("-a", "only says what must not be there; add a word to search for"),
        ("-a OR b", "only says what must not be there; add a word to search for"),
        ("a*", "'a*' is too short; a prefix has at least 2 letters"),
        ("(" * 21 + "a", "nests parentheses more than 20 deep"),
        ("a\ta\x0b", "has a control character, U+000B; only text can be searched"),
        ('"a b"~9', "lets a phrase be moved by 9; at most 8 is possible"),
        ('"a b c d"~4', "lets a phrase be moved by 4; at most 3 is possible with 4 words"),
        (f'"{"a " * 32}"~8', "lets a phrase be moved by 8; at most 1 is possible with 32 words"),
        (f'"{"a " * 64}"~1', "lets a phrase be moved by 1; at most 0 is possible with 64 words"),
        ("miss~0", "lets 'miss' differ by 0 letters; 1 and 2 are possible"),
        ("miss~3", "lets 'miss' differ by 3 letters; 1 and 2 are possible"),
        ("miss*~1", "'miss*~1' has both `*` and `~`; a word takes one of them"),
        ("miss~1*", "'miss~1*' has both `*` and `~`; a word takes one of them"),
        (f"{'-'.join(['ab'] * 66)}*", "has a phrase of 66 words; at most 64 are searched"),
        (f'-"{"a " * 65}" b', "excludes 65 words; at most 64 are possible"),
        (f"a {'-b ' * 65}", "excludes 65 words; at most 64 are possible"),
        ("a" * 2001, "has 2,001 characters; at most 2,000 are searched"),
    ],
    ids=lambda value: value[:20],
)
def test_unsearchable_query_is_refused_with_the_bound(seeded: Api, q, bound):
    with pytest.raises(QueryError) as error:
        parse_query(q)

    assert str(error.value) == bound
    assert not q or refused(seeded.get("/paragraphs", params={"q": q}), "q") == f"`q` {bound}."


@pytest.mark.parametrize(
    "q", ["(" * 20 + "a", "a " * 1000, "a" * 2000, '"a b"~8', '"a b c"~5', "ab*", "a\tb\nc\r", "北" * 65, "北京。" * 66]
)
def test_query_at_the_bounds_is_searched(q):
    assert parse_query(q)


PIECES = st.sampled_from(
    ['"', "(", ")", "-", "OR ", "AND ", "NOT ", "*", "~", "~2", "a", "ab*", " ", "\n", "北京", "é"]
)
SIGNS = st.lists(PIECES, max_size=300).map("".join)


@settings(max_examples=400)
@given(q=st.text(max_size=1000) | SIGNS, match=st.sampled_from(["all", "any"]))
def test_any_text_is_searched_or_refused(q, match):
    try:
        tree = parse_query(q, match)
    except QueryError:
        tree = None

    assert tree is None or isinstance(tree, Term | AllOf | AnyOf)


@pytest.mark.parametrize("match", ["all", "any"])
@pytest.mark.parametrize("sign", ["(", "-", '"', "()", "-(", '-"', "*", "~1 ", ") ", "(a -b ", "NOT "])
def test_signs_are_parsed_in_linear_time(sign, match):
    def parse(characters):
        for q in (sign * (characters // len(sign)), f"{sign * (20 if '(' in sign else characters // 6)}a"):
            with suppress(QueryError):
                parse_query(q, match)

    assert_linear(parse, MAX_CHARACTERS // TIMES)


@pytest.mark.parametrize("sign", [
    "a", "a*", "*a", "a?", "a^", "^1a", "~", "a~", "[", "[a TO ", '"a*', "title:", "!a", "| ", "or ",
])  # fmt: skip
def test_operators_are_looked_for_in_linear_time(sign: str) -> None:
    def find(characters: int) -> None:
        for end in ("", "^", "~", "*", "?", "["):
            list(find_unknown_operators(sign * (characters // len(sign)) + end, "all"))

    assert_linear(find, MAX_CHARACTERS)  # Quadratic patterns took .1 s here, and 256 times that for the larger size.
