"""The article that this project was made for, and the articles and names that it brings along."""

import re
import subprocess
import sys
from collections import Counter

import pytest

from app.models import EntityType, enumerate_values
from app.seeding.catalogue import read_catalogue
from tests.conftest import SEEDS, SHARED, Api, seed_into

SEED_ARTICLE = SHARED / "seed-article"

BODY = [(position, "body") for position in range(3, 9)]
UNDER_THE_HEADING = [(position, "body") for position in range(10, 14)]

given_an_article = pytest.mark.skipif(not SEED_ARTICLE.is_dir(), reason=f"the article is not there: {SEED_ARTICLE}")


@pytest.fixture(scope="module")
def seed_article(fresh, tmp_path_factory):
    """An application over the given article and the built-in catalogue; and what seeding it gave."""
    settings = fresh(tmp_path_factory.mktemp("data"))
    outcome = seed_into(settings, SEED_ARTICLE)
    api = Api(settings)
    yield api, outcome
    api.close()


@pytest.fixture
def paragraphs(seed_article):
    api, _ = seed_article
    return api.walk("/paragraphs", sort="published")


def slices(paragraphs):
    """Of every mention what its offsets cut out, and what it says that it marks."""
    return [
        (paragraph["text"][mention["start"] : mention["end"]], mention["exact"])
        for paragraph in paragraphs
        for mention in paragraph["mentions"]
    ]


@given_an_article
def test_the_given_article_has_its_fourteen_paragraphs_in_their_roles(seed_article, paragraphs):
    api, _ = seed_article
    opening = [(0, "title"), (1, "caption"), (2, "credit")]

    assert [(paragraph["position"], paragraph["role"]) for paragraph in paragraphs] == [
        *opening,
        *BODY,
        (9, "heading"),
        *UNDER_THE_HEADING,
    ]
    assert {paragraph["section"] for paragraph in paragraphs[:10]} == {None}
    assert {paragraph["section"] for paragraph in paragraphs[10:]} == {paragraphs[9]["text"]}
    assert api.json("/articles")["total"] == 1


@given_an_article
def test_given_article_has_no_tag(seed_article):
    api, _ = seed_article

    assert api.json("/tags")["total"] == 0
    assert api.json("/articles")["items"][0]["tags"] == []


@given_an_article
def test_a_full_name_and_a_surname_are_one_person(seed_article, paragraphs):
    api, _ = seed_article
    names = [
        mention["exact"]
        for paragraph in paragraphs
        for mention in paragraph["mentions"]
        if mention["entity"]["id"] == "alexander-lukashenko"
    ]

    assert Counter(names) == {"Alexander Lukashenko": 2, "Lukashenko": 6}
    assert api.json("/entities/alexander-lukashenko")["mentions"] == 8


@given_an_article
def test_every_offset_of_the_given_article_is_exact(paragraphs):
    cut = slices(paragraphs)

    assert len(cut) > 40
    assert all(part == exact for part, exact in cut)


@given_an_article
def test_the_damaged_caption_is_kept_and_warned_of(seed_article, paragraphs):
    _, outcome = seed_article
    (warning,) = outcome.findings

    assert paragraphs[1]["text"].startswith("elarusian ")
    assert (warning.severity, warning.line) == ("warning", 4)
    assert "'elarusian'" in warning.message
    assert "Belarusian" in warning.message


@given_an_article
def test_no_seed_repeats_a_sentence_of_the_given_article(seeded, paragraphs):
    own = " ".join(item["text"] for item in seeded.walk("/paragraphs", limit=100))
    sentences = [
        sentence
        for paragraph in paragraphs
        for sentence in re.split(r"(?<=[.!?]) ", paragraph["text"])
        if len(sentence.split()) > 3
    ]

    assert len(sentences) > 15
    assert [sentence for sentence in sentences if sentence in own] == []


def test_the_projects_own_seeds_are_sound():
    checked = subprocess.run(
        [sys.executable, "-m", "app", "check", str(SEEDS)], capture_output=True, text=True, check=True
    )

    assert ": 0 faults, 0 warnings.\n" in checked.stdout
    assert checked.stderr == ""


def test_there_are_thirty_articles_of_fitting_length(seeded):
    articles = seeded.walk("/articles")

    assert len(articles) >= 30
    assert {
        article["id"]: article["word_count"] for article in articles if not 250 <= article["word_count"] <= 600
    } == {}


def test_built_in_catalogue_has_200_entities_of_all_types_and_25_tags():
    catalogue, _ = read_catalogue([SEEDS])
    types = Counter(entity.type for entity in catalogue.entities.values())

    assert len(catalogue.entities) >= 200
    assert set(types) == set(enumerate_values(EntityType))
    assert len(catalogue.tags) >= 25


def test_every_offset_of_the_seeds_is_exact(seeded):
    cut = slices(seeded.walk("/paragraphs", limit=100))

    assert len(cut) > 1000
    assert all(part == exact for part, exact in cut)


def test_names_recur_across_the_seeds(seeded):
    recurring = [item for item in seeded.walk("/entities", limit=100) if item["count"] >= 3]

    assert {item["type"] for item in recurring} >= {"person", "place", "organization", "law", "product"}
