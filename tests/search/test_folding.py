"""Folding: words of `q`, names, prefixes, suggestions and orders are compared alike, and offsets stay exact."""

from itertools import pairwise
from unicodedata import category, normalize

import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.index.analysis import fold_with_origins, fold_words, tokenize
from app.search.index.stemmers import PLAIN
from app.settings import Settings
from app.text import fold_name
from tests.conftest import Api, seed_into, write_documents

SPELLINGS = [
    ("zoe zolkiewska", "Zoë Żółkiewska"),
    ("lodz", "Łódź"),
    ("oresund", "Øresund"),
    ("dilas", "Đilas"),
    ("isik", "Işık"),
    ("ISTANBUL", "İstanbul"),
    ("aegir", "Ægir"),
    ("obasanjo", "Ọbásanjọ́"),
    ("majel", "M̧ajeļ"),
    ("o'neill", "O’Neill"),
    ("OʼNeill", "O'Neill"),
    ("jean-paul", "Jean‑Paul"),
    ("usa", "ＵＳＡ"),
    ("ﾐｻｲﾙ", "ミサイル"),
    ("ガス", "ｶﾞｽ"),
    ("strasse", "STRAẞE"),
    ("fission", "ﬁssion"),
    ("disarmament", "dis\u00adarma\u200bment"),
    ("елкин", "Ёлкин"),
    ("минск", "МИ\u0301НСК"),
    ("مفاوضات", "مُفاوَضات"),
    ("علي", "على"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Api:
    """Return an application over an article on each of these names, and an entity of each."""
    folder = tmp_path_factory.mktemp("library")
    documents = [
        {
            "id": f"a{number}", "title": "-", "text": name,
            "mentions": [{"start": 0, "end": len(name), "entity": {"name": name, "type": "other"}}],
        }
        for number, (_, spelled) in enumerate(SPELLINGS) for name in [normalize("NFC", spelled)]
    ]  # fmt: skip
    settings = Settings(data=folder / "data")
    seed_into(settings, write_documents(folder / "seeds", documents))
    api = Api(settings)
    yield api
    api.close()


@pytest.mark.parametrize(("asked", "spelled"), SPELLINGS)
def test_every_place_that_compares_names_folds_alike(library: Api, asked: str, spelled: str) -> None:
    name = normalize("NFC", spelled)
    words = {
        "q": [item["id"] for item in library.json("/articles", q=asked)["items"]],
        "phrase": [item["id"] for item in library.json("/articles", q=f'"{asked}"')["items"]],
        "prefix": [item["id"] for item in library.json("/articles", q=f"{asked}*")["items"]],
    }
    names = {
        "name": [item["name"] for item in library.json("/entities", name=asked)["items"]],
        "name_prefix": [item["name"] for item in library.json("/entities", name_prefix=asked)["items"]],
        "suggestion": [
            item["name"] for item in library.json("/articles", entity=f"{asked} ")["warnings"][0]["did_you_mean"]
        ],
    }

    expected = f"a{[spelled for _, spelled in SPELLINGS].index(spelled)}"
    assert all(expected in ids for ids in words.values()), words
    assert all(folded_equal(name, listed) for listed in names.values()), names


def folded_equal(name: str, listed: list[str]) -> bool:
    """Tell whether a name leads a list, but for equal ones."""
    return fold_name(name) in map(fold_name, listed[:2])


@pytest.mark.parametrize(("asked", "spelled"), SPELLINGS)
def test_highlight_marks_the_whole_word_as_it_is_stored(library: Api, asked: str, spelled: str) -> None:
    number = [spelled for _, spelled in SPELLINGS].index(spelled)
    paragraph = library.json(f"/articles/a{number}/paragraphs/1", q=asked)
    first, last = paragraph["matches"][0], paragraph["matches"][-1]

    assert paragraph["text"][first["start"] : last["end"]] == normalize("NFC", spelled)


def test_folding_has_all_that_lucene_folds_of_latin_letters() -> None:
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.ascii_fold())
    ascii_folding = analyzer.filter(tantivy.Filter.lowercase()).build()
    letters = [chr(point) for point in range(0xC0, 0x180) if category(chr(point))[0] == "L"]
    different = {letter for letter in letters if ascii_folding.analyze(letter) != [fold_name(letter)]}

    assert different == {"ŀ", "Ŀ", "ŉ", "ĸ"}  # These keep the middle dot or apostrophe, and ĸ is no q.


words = st.text(
    st.sampled_from("aZéŁøİıßﬁÆ ’-\u00ad\u200b\u2060\u0301\u0327\u0307ｶﾞﾟＵカГйёї한국은京ไทยภาषาहिन्दी\u0640مُ😀™²½")
    | st.characters(exclude_categories=["Cs"]),
    max_size=40,
).map(lambda text: normalize("NFC", text))


@settings(max_examples=400)
@given(words)
def test_tokens_stand_where_their_word_is_in_the_stored_text(text: str) -> None:
    tokens = tokenize(text, PLAIN)

    assert fold_with_origins(text)[0] == fold_words(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert all(one.start <= other.start and one.end <= other.end for one, other in pairwise(tokens))
    for token in tokens:
        assert token.text in fold_words(text[token.start : token.end])


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_folded_as_in_a_text_that_is_not_ascii(text: str) -> None:
    assert f"{fold_words(text)} и" == fold_words(f"{text} и")


@settings(max_examples=400)
@given(words)
def test_folding_is_idempotent_and_the_same_for_all_normal_forms(text: str) -> None:
    folded = fold_name(text)
    without_symbols = "".join(character for character in text if category(character) != "So")

    assert {fold_name(normalize(form, text)) for form in ("NFC", "NFD")} == {folded}
    assert fold_name(fold_name(without_symbols)) == fold_name(without_symbols)
