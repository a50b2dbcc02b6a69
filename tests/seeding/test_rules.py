"""The rule annotator: which names it proposes, by which evidence, and whom they mean."""

import pickle
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.seeding import workers
from app.seeding.annotators import create_annotators
from app.seeding.annotators.lexicon import find_lexicon
from app.seeding.annotators.rules import RuleAnnotator
from app.seeding.annotators.rules.evidence import EVIDENCE, LEAST_LIKELY, TIERS
from app.seeding.article import Identity, NewArticle, NewMention, NewParagraph
from app.seeding.catalogue import Catalogue, EntityEntry, read_catalogue
from tests.support.growth import assert_linear

NO_CATALOGUE = Catalogue({}, {})


def article(*texts: str, role="body", language="en", **settings) -> NewArticle:
    paragraphs = tuple(NewParagraph(role, text) for text in texts)
    return NewArticle("talks", "Talks", paragraphs, language, "talks.txt", 1, **settings)


def marks(annotated: NewArticle, rules="all", catalogue=NO_CATALOGUE) -> list[NewMention]:
    """Return the mentions of the rules, after those of the catalogue."""
    workers.load_annotators(catalogue, rules)
    try:
        mentions = workers.annotate_article(annotated, []).mentions
    finally:
        workers.loaded_annotators.clear()
    return [mention for mention in mentions if mention.origin == "rules"]


def names(*texts: str, **settings) -> list[tuple[str, str, str]]:
    """Return exact text, type and evidence of the mentions."""
    annotated = article(*texts, **settings)
    return [
        (texts[mention.paragraph][mention.start : mention.end], mention.type, mention.evidence)
        for mention in marks(annotated)
    ]


def identities(*texts: str, **settings) -> list[tuple[str, str | None]]:
    annotated = article(*texts, **settings)
    return [
        (texts[mention.paragraph][mention.start : mention.end], mention.entity and mention.entity.name)
        for mention in marks(annotated)
    ]


@pytest.mark.parametrize(
    ("text", "name", "type", "evidence"),
    [
        ("talks with President Ramaphosa today", "Ramaphosa", "person", "title"),
        ("the Foreign Minister Fumio Kishida", "Fumio Kishida", "person", "title"),
        ("the activist Rodaba Noorizai spoke", "Rodaba Noorizai", "person", "role"),
        ("a man, Xyvo Trellick, 45, was hurt", "Xyvo Trellick", "person", "age"),
        ("the book by J. K. Trellick", "J. K. Trellick", "person", "initials"),
        ("they saw Angela Trellick there", "Angela Trellick", "person", "given name"),
        ("then Xyvo Trellick said nothing", "Xyvo Trellick", "person", "verb"),
        (
            "the Ministry of Foreign Affairs and Trade met",
            "Ministry of Foreign Affairs and Trade",
            "organization",
            None,
        ),
        ("a flight of Trellick Airlines", "Trellick Airlines", "organization", "organization word"),
        ("shares of Trellick, Inc. fell", "Trellick", "organization", "organization word"),
        ("a vote in the Senate today", "Senate", "organization", "organization word"),
        ("the Trellick spokesman said", "Trellick", "organization", "business word"),
        ("a letter to Microsoft about it", "Microsoft", "organization", "gazetteer"),
        ("the banks of the Trellick River", "Trellick River", "place", "place word"),
        ("on Lake Trellick in the north", "Lake Trellick", "place", "place word"),
        ("people in Northern Gujarat fled", "Northern Gujarat", "place", "direction"),
        ("people in Shanghai fled", "Shanghai", "place", "gazetteer"),
        ("people in Virginia fled", "Virginia", "place", "gazetteer"),
        ("people in Trellick fled", "Trellick", "place", "preposition"),
        ("many Muslims fled", "Muslims", "group", "group word"),
        ("talks with the ANC today", "ANC", "organization", "the acronym"),
        ("talks with ANC today", "ANC", "organization", "acronym"),
    ],
)
def test_evidence_makes_a_name(text, name, type, evidence):
    marked = names(f"It was {text}.")

    assert (name, type, evidence or "organization word") in marked


@pytest.mark.parametrize(
    "text",
    [
        *("On Monday he left in May.", "The Talks Went On", "He said I'm late.", "No Way Out", "Yesterday it rained."),
        *(
            "Peace at last. War is over.",
            "“Nobody knows,” he said.",
            "3 Dogs and a Cat",
            "Will peace come?",
            "I. II. III.",
        ),
    ],
)
def test_ordinary_words_are_no_names(text):
    assert names(text) == []


@pytest.mark.parametrize("text", ["They use Mac OS X today.", "a copy of Angela 3D", "the Angela X"])
def test_an_acronym_or_a_single_letter_is_no_part_of_a_person(text):
    assert "person" not in [type for _, type, _ in names(text)]


def test_words_that_open_sentences_are_no_part_of_a_name():
    assert names("But Angela Trellick came. After President Ramaphosa left, he spoke.") == [
        ("Angela Trellick", "person", "given name"),
        ("Ramaphosa", "person", "title"),
    ]


def test_a_surname_means_the_person_named_in_full():
    assert identities("Kishida left.", "Robert Kishida came. Then Kishida’s guests met Kishida.") == [
        (exact, "Robert Kishida") for exact in ("Kishida", "Robert Kishida", "Kishida", "Kishida")
    ]


def test_a_surname_of_two_persons_is_a_person_without_an_identity():
    assert identities("Angela Trellick and Robert Trellick. Then Trellick left.") == [
        ("Angela Trellick", "Angela Trellick"),
        ("Robert Trellick", "Robert Trellick"),
        ("Trellick", None),
    ]


def test_a_name_with_and_without_an_initial_is_one_person():
    texts = ("Robert F. Trellick came.", "They saw Robert Trellick. Then Trellick left.")

    assert {name for _, name in identities(*texts)} == {"Robert F. Trellick"}


def test_three_bearers_of_a_surname_leave_it_without_an_identity():
    assert identities("Angela Trellick, Robert Trellick, Daniel Trellick. Then Trellick left.")[-1] == (
        "Trellick",
        None,
    )


@pytest.mark.parametrize(
    "piece",
    ["Angela Trellick and ", "Trellick ", "Ministry of Trellick ", "ANC (ANC) ", "U.S. X. ", "A'A", "A.A.x", "AA-"],
)
def test_the_time_is_proportional_to_the_text(piece):
    annotator = RuleAnnotator(NO_CATALOGUE, "all")

    assert_linear(lambda count: annotator.annotate(article(piece * count)), 500)


def test_an_acronym_in_brackets_means_the_long_name():
    assert identities("The European Trellick Agency (ETA) met. Then ETA left.") == [
        ("European Trellick Agency", "European Trellick Agency"),
        ("ETA", "European Trellick Agency"),
        ("ETA", "European Trellick Agency"),
    ]


def test_a_company_is_one_with_and_without_its_suffix():
    assert {name for _, name in identities("Trellick Inc. grew. So Trellick rose.")} == {"Trellick"}


@pytest.mark.parametrize("text", ["the Supreme Court ruled", "the Interior Ministry", "the Senate voted"])
def test_a_body_of_common_words_has_no_identity(text):
    (mention,) = marks(article(f"Then {text}."))

    assert (mention.type, mention.entity) == ("organization", None)


def test_a_name_of_the_body_is_found_in_a_headline_in_capitals_or_title_case():
    annotated = article("", "Angela Trellick came.")
    paragraphs = (NewParagraph("title", "Trellick Wins Vote"), NewParagraph("body", "Angela Trellick came."))
    mentions = marks(NewArticle("a", "T", paragraphs, "en", "a.txt", 1))

    assert annotated.title
    assert [(mention.paragraph, mention.start, mention.end) for mention in mentions] == [(0, 0, 8), (1, 0, 15)]


@pytest.mark.parametrize("text", ["Trellick Slams Court", "President Trellick Meets Lemming", "General Conference"])
def test_a_headline_in_title_case_is_no_name(text):
    paragraphs = (NewParagraph("title", text), NewParagraph("body", "It was so."))

    assert marks(NewArticle("a", "T", paragraphs, "en", "a.txt", 1)) == []


def test_a_name_that_is_a_headline_by_itself_is_marked():
    paragraphs = (NewParagraph("title", "Trellick Airlines"), NewParagraph("body", "It was so."))
    (mention,) = marks(NewArticle("a", "T", paragraphs, "en", "a.txt", 1))

    assert (mention.paragraph, mention.end, mention.type) == (0, 17, "organization")


def test_a_text_in_capitals_gives_only_names_that_are_proved_elsewhere():
    text = "THE TALKS OF ANGELA TRELLICK WITH THE FREE WORLD WERE HARD"

    assert identities(text, "They saw Angela Trellick.") == [
        ("ANGELA TRELLICK", "Angela Trellick"),
        ("Angela Trellick", "Angela Trellick"),
    ]


def test_mentions_of_the_document_and_the_catalogue_come_first():
    catalogue = Catalogue({"kishida": EntityEntry("kishida", "Fumio Kishida", "person")}, {})
    own_mentions = (NewMention(0, 0, 15, None, "other"),)
    annotated = article("Angela Trellick met Fumio Kishida and Robert Trellick.", mentions=own_mentions)

    assert [(mark.start, mark.end) for mark in marks(annotated, catalogue=catalogue)] == [(38, 53)]


def test_a_name_that_the_author_settles_as_none_is_not_marked():
    assert names("Angela Trellick came.", entity_overrides={"Angela Trellick": None}) == []


def test_an_ambiguous_name_of_the_catalogue_is_left_to_the_author():
    entries = (EntityEntry("a", "Shanghai", "place"), EntityEntry("b", "Shanghai", "event"))
    catalogue = Catalogue({entry.id: entry for entry in entries}, {})

    assert marks(article("People in Shanghai fled."), catalogue=catalogue) == []


@pytest.mark.parametrize(
    ("rules", "kinds"),
    [
        ("off", set()),
        ("sure", {"title"}),
        ("likely", {"title", "first name"}),
        ("all", {"title", "first name", "preposition", "acronym"}),
    ],
)
def test_a_tier_limits_the_evidence(rules, kinds):
    text = "President Shakira Bavlar went to ANC houses in Trellick. Shakira smiled."

    assert {mention.evidence for mention in marks(article(text), rules)} == kinds


def test_evidence_is_enough_by_default_from_a_confidence_of_85_percent():
    default = {kind for kind, evidence in EVIDENCE.items() if evidence.tier in TIERS["likely"]}

    assert default == {kind for kind, evidence in EVIDENCE.items() if evidence.confidence >= LEAST_LIKELY}


def test_a_mention_has_the_confidence_of_its_evidence():
    (mention,) = marks(article("President Ramaphosa left."))

    assert mention.confidence == EVIDENCE["title"].confidence
    assert mention.entity is None


def test_a_full_name_is_a_local_identity():
    (mention,) = marks(article("They saw Angela Trellick."))

    assert mention.entity == Identity("Angela Trellick", "person", local=True)


@pytest.mark.parametrize("language", ["de", "ru", "xx-Latn"])
def test_a_language_without_a_lexicon_gets_no_proposals(language):
    assert names("Präsident Ramaphosa und Angela Trellick", language=language) == []


def test_a_regional_tag_has_the_lexicon_of_its_language():
    assert find_lexicon("en-GB") is find_lexicon("en")


def test_credits_are_not_marked():
    assert names("Angela Trellick", role="credit") == []


def test_the_annotator_can_be_pickled():
    (annotator,) = [
        annotator for annotator in create_annotators(NO_CATALOGUE, "all") if isinstance(annotator, RuleAnnotator)
    ]
    text = article("They saw Angela Trellick.")

    assert pickle.loads(pickle.dumps(annotator)).annotate(text) == annotator.annotate(text)


def test_a_failing_annotator_costs_its_own_marks_and_a_warning(monkeypatch):
    class Failing:
        name = "broken"

        def annotate(self, _article):
            raise LookupError("no such word")

    annotators = [*create_annotators(NO_CATALOGUE, "all"), Failing()]
    monkeypatch.setattr(workers, "loaded_annotators", annotators)
    findings = []
    annotated = workers.annotate_article(article("They saw Angela Trellick."), findings)

    assert len(annotated.mentions) == 1
    assert [(finding.severity, finding.file) for finding in findings] == [("warning", "talks.txt")]
    assert findings[0].message.startswith("The annotator 'broken' marked nothing here: ")


PIECES = [
    *("Angela", "Trellick", "Fumio Kishida", "President", "U.S.", "Inc.", "Ministry", "of", "and", "the", "Virginia"),
    *("ANC", "(ANC)", "in", "said", ", 45,", "Lake", "Northern", "Supreme Court", "O'Brien", "de", "Gaulle", "Muslims"),
    *("Moscow", "Moscow-based", "'s", "’s", "-", " ", " ", ". ", "\u0301", "x", "😀", "İstanbul", "A", "&"),
]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map(
    lambda pieces: unicodedata.normalize("NFC", " ".join(pieces)).strip() or "x"
)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_every_mention_is_in_order_and_within_its_paragraph_and_overlaps_no_other(texts):
    catalogue = Catalogue({"moscow": EntityEntry("moscow", "Moscow", "place")}, {})
    workers.load_annotators(catalogue, "all")
    mentions = workers.annotate_article(article(*texts), []).mentions
    rules = [mention for mention in mentions if mention.origin == "rules"]

    for mention in rules:
        exact = texts[mention.paragraph][mention.start : mention.end]
        assert exact == exact.strip()
        assert exact[:1].isupper()
    for first, second in pairwise(rules):
        assert (first.paragraph, first.end) <= (second.paragraph, second.start) or first.paragraph < second.paragraph
    for mention in mentions:
        if mention.origin == "catalogue":
            assert all(
                rule.paragraph != mention.paragraph
                or rule.end <= mention.start
                or rule.start >= mention.end
                or (rule.start <= mention.start and mention.end <= rule.end)
                for rule in rules
            )


def test_the_word_lists_take_at_most_two_megabytes():
    folder = Path(workers.__file__).parent / "annotators" / "lexicon"

    assert sum(path.stat().st_size for path in folder.rglob("*.txt")) < 2_000_000


def test_rules_mark_what_the_catalogue_leaves():
    catalogue = read_catalogue([]).catalogue
    text = "In Moscow Ivan Trellick of the George Washington University met Vladimir Putin."
    annotated = article(text)

    assert [text[mark.start : mark.end] for mark in marks(annotated, catalogue=catalogue)] == [
        "Ivan Trellick",
        "George Washington University",
    ]
