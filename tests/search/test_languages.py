"""Languages: tags are compared as ranges, and stemmers leave inflected words alike."""

from pathlib import Path

import pytest

from app.search.index.analysis import build_analyzer, fold_words, tokenize
from app.search.index.languages import match_languages, primary_language
from app.search.index.light_stemmers import LIGHT_STEMMERS
from app.search.index.stemmers import STEMMERS, WORD_STEMMERS, stem_words, stemmer_for
from tests.conftest import Api, write_documents

TAGS = ("en", "en-GB", "pt-BR", "pt-PT", "PT", "zh-Hant-TW", "eng", "ptx")


@pytest.mark.parametrize(
    ("wanted", "tags"),
    [
        ("pt", ["pt-BR", "pt-PT", "PT"]),
        ("pt-br", ["pt-BR"]),
        ("por", ["pt-BR", "pt-PT", "PT"]),
        ("EN", ["en", "en-GB", "eng"]),
        ("en_GB", ["en-GB"]),
        ("zh-hant", ["zh-Hant-TW"]),
        ("chi", ["zh-Hant-TW"]),
        ("p", []),
        ("xx", []),
    ],
)
def test_language_range_has_its_variants(wanted: str, tags: list[str]) -> None:
    assert match_languages(wanted, TAGS) == tags


@pytest.mark.parametrize(("tag", "code"), [("fre-CA", "fr"), ("fra", "fr"), ("iw", "he"), ("haw", "haw")])
def test_three_letter_codes_stand_for_two_letter_codes(tag: str, code: str) -> None:
    assert primary_language(tag) == code


def test_language_filter_takes_ranges_and_its_facet_selects_the_variants(api: Api, tmp_path) -> None:
    tags = ("pt-BR", "pt", "en")
    documents = [{"id": tag.lower(), "title": "-", "text": "-", "language": tag} for tag in tags]
    api.seed(write_documents(tmp_path / "seeds", documents))
    answers = {
        asked: {item["id"] for item in api.json("/articles", language=asked)["items"]}
        for asked in ("pt", "por", "PT-br", "EN", "eng")
    }
    facet = api.json("/articles", language="pt", facet="language")["facets"]["language"]["values"]
    others = {item["id"] for item in api.json("/articles", language_not="pt")["items"]}

    assert answers == {"pt": {"pt", "pt-br"}, "por": {"pt", "pt-br"}, "PT-br": {"pt-br"}, "EN": {"en"}, "eng": {"en"}}
    assert {item["value"]: item["selected"] for item in facet} == {"pt-BR": True, "pt": True, "en": False}
    assert others == {"en"}
    assert api.json("/articles", language="fr")["warnings"][0]["value"] == "fr"


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("uk", "ракета ракети ракету ракетою ракет ракетам ракетами ракетах"),
        ("be", "ракета ракеты ракеце ракетай ракетамі"),
        ("pl", "prezydent prezydenta prezydentowi prezydentem prezydentów prezydentami"),
        ("cs", "prezident prezidenta prezidentovi prezidentem prezidenti prezidentů prezidentech"),
        ("hi", "लड़का लड़के लड़कों लड़को"),
        ("he", "מלחמה המלחמה במלחמה ולמלחמה מלחמות שהמלחמה"),
        ("ar", "مفاوض المفاوض والمفاوض مفاوضات للمفاوضات وبالمفاوضات مفاوضون المفاوضين"),
        ("lt", "raketa raketos raketą raketas"),
        ("id", "memilih dipilih pilihan pemilihan"),
        ("et", "raketi raketti raketid raketite raketiga"),
        ("hr", "predsjednik predsjednika predsjedniku predsjednikom"),
        ("sr", "ракета ракете ракетама raketa raketu"),
        ("ne", "नेपाल नेपालको नेपालमा"),
    ],
)
def test_forms_of_a_word_have_one_stem(language: str, forms: str) -> None:
    stemmer = stemmer_for(language)
    stems = {token.text for token in tokenize(forms, stemmer)}

    assert len(stems) == 1, stems
    assert {*stem_words(fold_words(forms), stemmer).split()} == stems


@pytest.mark.parametrize(("language", "stemmer"), STEMMERS.items())
def test_every_stemmer_exists(language: str, stemmer: str) -> None:
    assert stemmer in WORD_STEMMERS or build_analyzer(stemmer).analyze("missiles")
    assert language == primary_language(language)


def test_a_word_is_found_in_every_form_of_its_language(api: Api, tmp_path: Path) -> None:
    texts = {"pl": "Wszystkie rakiety.", "sr": "Њихове ракете.", "id": "Mereka memilih.", "ne": "नेपालको"}
    documents = [{"id": tag, "title": "-", "text": text, "language": tag} for tag, text in texts.items()]
    api.seed(write_documents(tmp_path / "seeds", documents))
    words = {"pl": "rakietami", "sr": "raketama", "id": "dipilih", "ne": "नेपालमा"}
    answers = {tag: [item["id"] for item in api.json("/articles", q=word)["items"]] for tag, word in words.items()}

    assert answers == {tag: [tag] for tag in words}


@pytest.mark.parametrize("language", LIGHT_STEMMERS)
def test_light_stemmer_leaves_a_stem_of_any_word(language: str) -> None:
    stemmer = LIGHT_STEMMERS[language]
    affixes = [*stemmer.suffixes, *stemmer.prefixes]

    assert all(stemmer.stem(word) for word in [*affixes, *(one + other for one in affixes for other in affixes)])
