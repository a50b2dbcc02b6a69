"""Names in other languages than English: compared by stems, in other scripts, by what CLDR calls places."""

import unicodedata

import pytest

from app.seeding.annotators import CatalogueAnnotator
from app.seeding.annotators.catalogue.foreign_names import FOLDER
from app.seeding.article import Identity, NewArticle, NewParagraph
from app.seeding.catalogue import Catalogue, EntityEntry, read_catalogue
from tests.support.growth import assert_linear

BUILT_IN = CatalogueAnnotator(read_catalogue([]).catalogue)


def marks(text: str, language: str, annotator=BUILT_IN) -> list[tuple[str, str]]:
    """Return exact text and entity of each mark."""
    article = NewArticle("talks", "Talks", (NewParagraph("body", text),), language, "talks.txt", 1)
    mentions = annotator.annotate(article).mentions
    return [(text[mention.start : mention.end], mention.entity) for mention in mentions]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "In Moskau und Kiew sprach man über Russlands Pläne.", ["moscow", "kyiv", "russia"]),
        ("de", "Die Raketen der Vereinigten Staaten", ["united-states"]),
        ("fr", "La Russie et les États-Unis parlent à Moscou.", ["russia", "united-states", "moscow"]),
        ("es", "Alemania y Rusia hablaron en Moscú.", ["germany", "russia", "moscow"]),
        ("ru", "Переговоры в Москве о ракетах России и Германии", ["moscow", "russia", "germany"]),
        ("uk", "Переговори про Польщу та Німеччину", ["poland", "germany"]),
        ("ar", "محادثات في موسكو مع ألمانيا", ["moscow", "germany"]),
        ("zh", "在莫斯科举行的俄罗斯和德国会谈", ["moscow", "russia", "germany"]),
        ("ja", "モスクワでロシアとドイツが会談", ["moscow", "russia", "germany"]),
        ("ja", "ﾛｼｱとﾄﾞｲﾂ", ["russia", "germany"]),
        ("pt-BR", "A Alemanha e a Rússia", ["germany", "russia"]),
    ],
)
def test_places_are_found_by_their_names_in_the_language(language, text, expected):
    assert [entity for _, entity in marks(text, language)] == expected


def test_inflected_names_are_marked_as_they_stand():
    assert marks("Из Минска в Москву", "ru") == [("Минска", "minsk"), ("Москву", "moscow")]


def test_names_of_the_own_catalogue_are_compared_by_stems():
    entries = (
        EntityEntry("kohl", "Helmut Kohl", "person"),
        EntityEntry("tass", "TASS", "organization", aliases=("Телеграфное агентство",)),
    )
    annotator = CatalogueAnnotator(Catalogue({entry.id: entry for entry in entries}, {}))

    assert marks("Helmut Kohls Rede", "de", annotator) == [("Helmut Kohls", "kohl")]
    assert marks("сообщение Телеграфного агентства", "ru", annotator) == [("Телеграфного агентства", "tass")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Того не было, и того не будет."),
        ("ru", "в мали и перу"),
        ("de", "Die Germanen waren polishes Volk."),
        ("en", "Moskau and Россия"),
        ("xx", "Россия"),
    ],
)
def test_words_of_the_language_are_no_names(language, text):
    assert marks(text, language) == []


def test_names_do_not_cross_paragraphs_or_punctuation():
    assert marks("Vereinigte. Staaten, Vereinigte, Staaten", "de") == []


def test_exact_names_win_over_stems():
    assert marks("Ronald Reagan in Minsk", "de") == [("Ronald Reagan", "ronald-reagan"), ("Minsk", "minsk")]


def test_offsets_are_those_of_decomposed_and_full_width_text():
    text = unicodedata.normalize("NFC", "Ｒｕｓｓｌａｎｄ und Österreich")

    assert marks(text, "de") == [("Ｒｕｓｓｌａｎｄ", "russia"), ("Österreich", "austria")]


@pytest.mark.parametrize("name", ["ＵＳＡ", "USA", "ＵＳA"])
def test_a_name_in_full_width_letters_is_the_usual_one(name):
    entry = EntityEntry("usa", "USA", "place")

    assert Catalogue({"usa": entry}, {}).match_identity(Identity(name, "place")) == entry


def test_all_names_of_places_lead_to_the_catalogue():
    known = read_catalogue([]).catalogue
    ids = {line.partition("\t")[0] for path in FOLDER.glob("*.tsv") for line in path.read_text().splitlines()}

    assert len(ids) > 200
    assert {id for id in ids if not known.find_entity(id)} == set()


def test_a_long_text_takes_linear_time():
    assert_linear(lambda count: marks("Vereinigte " * count, "de"), 1_250)
