"""Names of the catalogue within longer names, in capitals, in the plural, and surnames after a title."""

import pytest

from app.seeding.annotators import CatalogueAnnotator
from app.seeding.article import NewArticle, NewParagraph
from app.seeding.catalogue import read_catalogue


@pytest.fixture(scope="module")
def mark():
    """Return the names that the built-in catalogue marks in the paragraphs of an article."""
    annotator = CatalogueAnnotator(read_catalogue([]).catalogue)

    def annotate(*texts: str, role="body", language="en") -> list[tuple[str, str]]:
        paragraphs = tuple(NewParagraph(role, text) for text in texts)
        article = NewArticle("talks", "Talks", paragraphs, language, "talks.txt", 1)
        return [
            (texts[mention.paragraph][mention.start : mention.end], mention.entity)
            for mention in annotator.annotate(article).mentions
        ]

    return annotate


@pytest.mark.parametrize(
    "text",
    [
        *("Michael Jordan met Valeska Paris.", "Chad Smith was there.", "the actor Jack London", "Paris Hilton"),
        *("in South Australia", "East Jerusalem Post", "Northern Mexico"),
        *("Bank of America", "Air Canada", "Canada Goose", "the University of Washington", "Moscow State University"),
        *("Bank of the Philippines", "Team Estonia", "Hotel Moscow", "the Taiwan Strait", "Prince of Wales"),
        *("USS Gerald R. Ford", "the George Washington University", "the Minuteman Ocean Race"),
        *("It costs US$876", "US€5"),
    ],
)
def test_a_name_within_a_longer_name_is_not_marked(mark, text):
    assert mark(f"They saw {text}.") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("In May Russia agreed.", "Russia"), ("Will Russia agree?", "Russia"), ("President of Russia", "Russia")),
        *(("the US President", "US"), ("Russian Foreign Ministry", "Russian"), ("in Jordan Abdullah spoke", "Jordan")),
        *(("New Russian sanctions", "Russian"), ("Germany’s University", "Germany"), ("US 876", "US")),
        *(("Minuteman missiles", "Minuteman"), ("the Kremlin said", "Kremlin")),
    ],
)
def test_a_name_beside_an_ordinary_word_is_marked(mark, text, name):
    assert name in [exact for exact, _ in mark(text)]


def test_a_larger_region_is_marked_as_a_whole(mark):
    assert mark("Unrest in Southeast Asia and East Africa") == [
        ("Southeast Asia", "southeast-asia"),
        ("East Africa", "east-africa"),
    ]


def test_a_person_within_a_longer_name_is_not_named_in_full(mark):
    names = mark("An expert of George Washington University spoke.", "Washington and Beijing disagree.")

    assert names == [("Washington", "washington-dc"), ("Beijing", "beijing")]


def test_a_ship_does_not_name_a_person_in_full(mark):
    assert mark("The USS Gerald R. Ford sailed. Ford waited.") == []


def test_words_of_other_languages_are_not_measured_by_the_english_lexicon(mark):
    assert mark("Die Verhandlungen in Reykjavik", language="de") == mark("Talks in Reykjavik")


@pytest.mark.parametrize("title", ["President", "Former President", "Mr", "Mr.", "General Secretary"])
def test_a_title_lets_a_surname_mean_its_only_bearer(mark, title):
    assert mark(f"{title} Gorbachev spoke. Then Gorbachev left.") == [("Gorbachev", "mikhail-gorbachev")] * 2


@pytest.mark.parametrize(
    "text",
    ["Gorbachev spoke.", "Mrs Gorbachev spoke.", "Maria Gorbachev saw President Gorbachev.", "Mr Carter spoke."],
)
def test_another_bearer_may_be_meant_by_a_surname(mark, text):
    assert mark(text) == []


def test_a_frequent_surname_needs_the_title_of_an_office(mark):
    assert mark("President Carter spoke.") == [("Carter", "jimmy-carter")]


def test_names_of_peoples_are_groups_of_their_country():
    annotator = CatalogueAnnotator(read_catalogue([]).catalogue)
    text = "Americans, Iraqis, Costa Ricans and Britons"
    mentions = annotator.annotate(
        NewArticle("talks", "Talks", (NewParagraph("body", text),), "en", "talks.txt", 1)
    ).mentions

    assert [(text[mention.start : mention.end], mention.entity, mention.type) for mention in mentions] == [
        ("Americans", "united-states", "group"),
        ("Iraqis", "iraq", "group"),
        ("Costa Ricans", "costa-rica", "group"),
        ("Britons", "united-kingdom", "group"),
    ]


def test_capitals_of_headlines_and_datelines_are_names(mark):
    assert mark("THE UNITED STATES AND RUSSIA AGREE. MOSCOW said", "KYIV (Agency) - Talks") == [
        ("UNITED STATES", "united-states"),
        ("RUSSIA", "russia"),
        ("MOSCOW", "moscow"),
        ("KYIV", "kyiv"),
    ]


def test_a_surname_in_a_headline_in_capitals_means_the_person_named_in_full(mark):
    headline = mark("PUTIN SAYS NO TO NATO", "Vladimir Putin spoke.", role="title")

    assert headline == [
        ("PUTIN", "vladimir-putin"),
        ("NATO", "north-atlantic-treaty-organization"),
        ("Vladimir Putin", "vladimir-putin"),
    ]


def test_an_ordinary_word_of_a_headline_does_not_continue_a_name(mark):
    headline = mark("Lukashenko Meets Putin", "Vladimir Putin and Alexander Lukashenko", role="title")

    assert [exact for exact, _ in headline[:2]] == ["Lukashenko", "Putin"]


def test_a_single_word_in_capitals_is_no_name_in_capitals(mark):
    assert mark("He went to MOSCOW. A CUBA-like crisis") == []
