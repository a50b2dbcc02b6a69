"""Highlights: exactly the words of the question, where they stand, in every place that shows a text."""

import re
from html import unescape
from itertools import pairwise, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.search.highlighter import Highlighter, MatchedSpan, densest
from app.search.index import analysis
from app.search.index.analysis import tokenize
from app.search.index.stemmers import PLAIN, stemmer_for
from app.search.query.parser import QueryError, parse_query
from app.search.query.tree import terms
from tests.conftest import Api, seed_into, write_documents
from tests.search import plain_highlights
from tests.search.plain_highlights import misspelt
from tests.support import language_strategies
from tests.support.problems import refused

often = settings(max_examples=8)


@pytest.fixture
def serve(api: Api, tmp_path):
    """Let the corpus be these articles."""
    return lambda corpus: api.seed(write_documents(tmp_path / "seeds", corpus), only=True)


def is_asked(exact, asked, language):
    """Whether every word of a piece of text is a word of the question."""
    stems, written = tokenize(exact, stemmer_for(language)), tokenize(exact, PLAIN)
    searched = [*terms(parse_query(asked["q"], asked.get("match", "all")))]
    return all(
        any(is_word_of(term, stem.text, as_written.text, language) for term in searched)
        for stem, as_written in zip(stems, written, strict=True)
    )


def is_word_of(term, stem, as_written, language):
    """Whether a word is a term's, or begins as it does, or is misspelt as far as it allows."""
    last = tokenize(term.text, PLAIN)[-1].text
    if term.prefix:
        return as_written.startswith(last)
    if term.distance:
        return misspelt(as_written, last, term.distance)
    return stem in {token.text for token in tokenize(term.text, stemmer_for(language))}


CASES = [
    ("missile", "Two missiles, one missile.", "en", ["missiles", "missile"]),
    ("zoe", "Zoë’s and Zoe", "en", ["Zoë", "Zoe"]),
    ("haus", "Die Häuser", "de", ["Häuser"]),
    ("haus", "Die Häuser", "en", []),
    ("miss*", "Missile missed mist", "en", ["Missile", "missed"]),
    ("lukashenka~1", "Lukashenko met Lukashenka", "en", ["Lukashenko", "Lukashenka"]),
    ('"arms control"', "Control of arms. Arms control.", "en", ["Arms", "control"]),
    ('"arms control"~1', "arms or control, arms, no more control", "en", ["arms", "control"]),
    ('"a b c"~2', "a x b x c. a x b x x c", "en", ["a", "b", "c"]),
    ('"b a"~2', "a b", "en", ["a", "b"]),
    ("missile -treaty", "A missile treaty", "en", ["missile"]),
    ("missile -(treaty OR -ban)", "A missile treaty ban", "en", ["missile"]),
    ("missile OR treaty", "A missile treaty", "en", ["missile", "treaty"]),
    ("AT&T", "At AT&T", "en", ["AT", "T"]),
    ("北京大学", "在北京大学里", "zh", ["北京大学"]),
    ("京", "在北京，京城", "zh", ["京", "京"]),
    ("第3章", "在第3章里", "zh", ["第", "3", "章"]),
    ("missile 𝒙 😀", "😀😀 missile", "en", ["missile"]),
]
NATURAL = [("What is the missile?", "The missile", "en", ["missile"]), ("The Who?", "The Who", "en", ["The", "Who"])]
TEXTS = {(text, language): f"a{number}" for number, (_, text, language, _) in enumerate([*CASES, *NATURAL])}

TITLE = "Missiles & <b>Zoë</b> 😀 zoe"
BODY = "Nothing. " * 60 + "😀 A “missile” & Zoë’s <i>missiles</i>. " + "Nothing. " * 60


@pytest.fixture(scope="module")
def library(fresh, tmp_path_factory):
    """An application over an article of each of these texts."""
    folder = tmp_path_factory.mktemp("library")
    settings = fresh(folder / "data")
    documents = [{"id": id, "title": "-", "language": language, "text": text} for (text, language), id in TEXTS.items()]
    paragraphs = [{"role": "credit", "text": "Missile"}, {"role": "body", "text": BODY}]
    documents.append({"id": "one", "title": TITLE, "paragraphs": paragraphs})
    seed_into(settings, write_documents(folder / "seeds", documents))
    api = Api(settings)
    yield api
    api.close()


def marked(library, q, text, language, **more):
    """What is marked in a text."""
    paragraph = library.json(f"/articles/{TEXTS[text, language]}/paragraphs/1", q=q, **more)
    return [paragraph["text"][match["start"] : match["end"]] for match in paragraph["matches"]]


@pytest.mark.parametrize(("q", "text", "language", "expected"), CASES)
def test_highlights_mark_the_words_of_the_query(library, q, text, language, expected):
    assert marked(library, q, text, language) == expected


@pytest.mark.parametrize(("q", "text", "language", "expected"), NATURAL)
def test_match_any_highlights_stop_words_only_if_there_are_no_other_words(library, q, text, language, expected):
    assert marked(library, q, text, language, match="any") == expected


PLACES = [
    ("/articles", {"include": "paragraphs", "id": "one"}, lambda answer: answer["items"][0]["paragraphs"]),
    ("/articles/one", {}, lambda answer: answer["paragraphs"]),
    ("/paragraphs", {"id": "one"}, lambda answer: answer["items"]),
    ("/articles/one/paragraphs/0", {}, lambda answer: [answer]),
    ("/articles/one/paragraphs/2", {}, lambda answer: [answer]),
]


@pytest.mark.parametrize(("url", "more", "paragraphs"), PLACES)
@pytest.mark.parametrize(
    ("unit", "encoding", "size"), [("codepoint", "utf-32-le", 4), ("utf16", "utf-16-le", 2), ("utf8", "utf-8", 1)]
)
def test_highlight_offsets_count_in_the_requested_unit(library, url, more, paragraphs, unit, encoding, size):
    for paragraph in paragraphs(library.json(url, q="missile zoe", highlight="offsets", offset_unit=unit, **more)):
        raw = paragraph["text"].encode(encoding)
        exact = [raw[match["start"] * size : match["end"] * size].decode(encoding) for match in paragraph["matches"]]

        assert exact == {0: ["Missiles", "Zoë", "zoe"], 1: [], 2: ["missile", "Zoë", "missiles"]}[paragraph["position"]]


@pytest.mark.parametrize(("url", "more", "paragraphs"), PLACES)
def test_markup_is_the_escaped_text_with_marks(library, url, more, paragraphs):
    for paragraph in paragraphs(library.json(url, q="missile zoe", highlight="markup", **more)):
        bare = re.sub("</?mark>", "", paragraph["markup"])

        assert "matches" not in paragraph
        assert unescape(bare) == paragraph["text"]
        assert not re.search("[<>]", bare)
        assert (
            re.findall("<mark>(.*?)</mark>", paragraph["markup"])
            == {
                0: ["Missiles", "Zoë", "zoe"],
                1: [],
                2: ["missile", "Zoë", "missiles"],
            }[paragraph["position"]]
        )


@pytest.mark.parametrize("q_in", ["title", "body", "credit"])
def test_only_searched_roles_are_highlighted(library, q_in):
    article = library.json("/articles/one", q="missile", q_in=q_in)

    assert [paragraph["role"] for paragraph in article["paragraphs"] if paragraph["matches"]] == [q_in]


@pytest.mark.parametrize(
    "text", [BODY, "核" * 400 + "missile Zoë" + "核 " * 400, "核 " + "核" * 600 + "missile zoe 核"]
)
@pytest.mark.parametrize("unit", ["codepoint", "utf16"])
def test_extract_shows_the_text_around_the_densest_matches(api, serve, text, unit):
    serve([{"id": "a", "title": "Missile", "text": text}])
    offsets, markup = (
        api.json("/articles", q="missile zoe", highlight=how, offset_unit=unit)["items"][0]["extract"]
        for how in ("offsets", "markup")
    )
    paragraph = api.json("/articles/a")["paragraphs"][1]["text"]
    raw = paragraph.encode("utf-16-le" if unit == "utf16" else "utf-32-le")
    size = 2 if unit == "utf16" else 4
    start, end = offsets["start"] * size, offsets["end"] * size

    assert offsets["position"] == 1
    assert raw[start:end] == offsets["text"].encode("utf-16-le" if unit == "utf16" else "utf-32-le")
    assert offsets["text"] == markup["text"] == unescape(re.sub("</?mark>", "", markup["markup"]))
    assert 150 < len(offsets["text"]) <= 300
    assert offsets["matches"]
    assert all(start <= match["start"] * size and match["end"] * size <= end for match in offsets["matches"])


@pytest.mark.parametrize("url", ["/articles", "/paragraphs"])
def test_highlight_needs_words(seeded: Api, url):
    message = refused(seeded.get(f"{url}?highlight=offsets"), "highlight")

    assert message == "`highlight` needs `q`; add that, or leave this out."


@often
@given(corpus=language_strategies.corpora, questions=language_strategies.several)
def test_selected_documents_have_highlights_of_words_of_the_query(api, serve, corpus, questions):
    serve(corpus)
    languages = {article["id"]: article["language"] for article in corpus}
    for _, asked in questions:
        for paragraph in api.json("/paragraphs", **asked, highlight="offsets", limit=100)["items"]:
            matches, language = paragraph["matches"], languages[paragraph["article"]["id"]]
            exact = [paragraph["text"][match["start"] : match["end"]] for match in matches]

            assert matches
            assert all(one["end"] <= other["start"] for one, other in pairwise(matches))
            assert all(is_asked(item, asked, language) for item in exact)


@often
@given(corpus=language_strategies.corpora, several=st.lists(language_strategies.terms, min_size=5, max_size=5))
def test_term_is_highlighted_in_exactly_the_paragraphs_that_it_selects(api, serve, corpus, several):
    serve(corpus)
    for q, article in product(several, corpus):
        paragraphs = api.json(f"/articles/{article['id']}", q=q.text)["paragraphs"]
        marked = {(article["id"], paragraph["position"]) for paragraph in paragraphs if paragraph["matches"]}

        assert marked == language_strategies.selected_paragraphs([article], q)


@settings(max_examples=100)
@given(*[st.text("abc", max_size=5)] * 2, st.integers(1, 2))
def test_plain_edit_distance_is_right(one, other, distance):
    assert misspelt(one, other, distance) == (language_strategies.differ(one, other) <= distance)


LETTERS = ("ab", "ba", "abc", "acb", "a", "cab", "京", "北京", "第3章", "在北", "-", "é", "日本語")
WRITTEN = [*LETTERS, *language_strategies.SOME]
texts = st.lists(st.sampled_from([*LETTERS, *language_strategies.SOME]), max_size=40).map(" ".join) | st.text(
    "ab 京北", max_size=60
)
pieces = st.builds("{}~{}".format, st.sampled_from(["abc", "ba", "x-ab", "Missile"]), st.integers(1, 2)) | st.builds(
    '"{}"~{}'.format, st.lists(st.sampled_from(LETTERS[:8]), min_size=2, max_size=3).map(" ".join), st.integers(0, 5)
)
asked = st.lists(pieces | st.sampled_from([*WRITTEN, "ab*", "京北*"]), min_size=1, max_size=6).map(" ".join)


@settings(max_examples=300)
@given(asked, st.lists(texts, min_size=1, max_size=3), st.sampled_from(["en", "zh"]), st.sampled_from(["all", "any"]))
def test_matches_equal_those_of_the_plain_implementation(q, several, language, match):
    try:
        highlighter = Highlighter.of(q, match, ())
    except QueryError:
        assume(False)
    for text in several:
        hits = highlighter.find(text, "body", language)

        assert hits == plain_highlights.find(highlighter, text, "body", language)
        assert not hits or densest(hits) == plain_highlights.densest(hits)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 150), st.integers(0, 3)), min_size=1, max_size=30))
def test_densest_match_equals_that_of_the_plain_implementation(several):
    hits, end = [], 0
    for gap, length, term in several:
        hits.append(MatchedSpan(end + gap, end + gap + length, term))
        end += gap + length

    assert densest(hits) == plain_highlights.densest(hits)


@settings(max_examples=50)
@given(
    st.lists(st.sampled_from([*LETTERS, *language_strategies.SOME, "。", "\u00a0"]), max_size=60),
    st.sampled_from(["english", "plain"]),
)
def test_long_text_has_the_same_tokens_in_chunks_as_in_one_piece(words, name):
    text = " ".join(words)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysis, "CHUNK", 7)

        in_chunks = tokenize(text, name)

    assert in_chunks == tokenize(text, name)
