"""Names of places that mean sports teams: the score between two of them says so."""

import pytest

from app.seeding.annotators import CatalogueAnnotator
from app.seeding.article import NewArticle, NewParagraph
from app.seeding.catalogue import Catalogue, EntityEntry

COUNTRIES = (
    EntityEntry("sweden", "Sweden", "place", aliases=("Swedish",)),
    EntityEntry("south-korea", "South Korea", "place", aliases=("Korea",)),
    EntityEntry("russia", "Russia", "place"),
)
CATALOGUE = Catalogue({entry.id: entry for entry in COUNTRIES}, {})


def types(*texts: str) -> list[tuple[str, str, str]]:
    """Return exact text, entity and type of the marks."""
    article = NewArticle("match", "Match", tuple(NewParagraph("body", text) for text in texts), "en", "match.txt", 1)
    mentions = CatalogueAnnotator(CATALOGUE).annotate(article).mentions
    return [
        (texts[mention.paragraph][mention.start : mention.end], mention.entity, mention.type) for mention in mentions
    ]


@pytest.mark.parametrize("score", ["1 – 0", "1-0", "2:1", "102 - 98", "(1-0)"])
def test_names_with_a_score_between_them_are_teams(score):
    marked = types(f"Sweden {score} Korea")

    assert marked == [("Sweden", "sweden", "organization"), ("Korea", "south-korea", "organization")]


def test_teams_are_teams_in_the_whole_article():
    marked = types("Sweden defeated South Korea.", "Sweden 1-0 Korea")

    assert {type for _, _, type in marked} == {"organization"}


def test_an_adjective_and_the_place_itself_are_no_teams():
    marked = types("Sweden 1-0 Korea. The Swedish captain lives in Sweden.")

    assert marked[2:] == [("Swedish", "sweden", "place"), ("Sweden", "sweden", "place")]


@pytest.mark.parametrize("text", ["Sweden, 1 of 3, and Russia", "Sweden 2024 Russia", "Sweden 1-0 Sweden"])
def test_other_numbers_make_no_teams(text):
    assert {type for _, _, type in types(text)} == {"place"}


def test_a_place_that_does_not_play_is_no_team():
    marked = types("Sweden 1-0 Korea. The cup was held by Russia.")

    assert marked[-1] == ("Russia", "russia", "place")
