"""A model of slovnet finds the names of Russian articles, if its package is installed and it is asked for."""

import sys
from importlib.metadata import PackageNotFoundError, distribution

import pytest

from app.seeding.annotators.ner import MissingModelError, ModelAnnotator, slovnet_models, spacy_models
from app.seeding.annotators.ner.slovnet_models import EMBEDDINGS, PACKAGE, WEIGHTS, find_slovnet_models
from app.seeding.article import NewArticle, NewParagraph
from app.seeding.catalogue import Catalogue

ORIGIN = "model:ru_slovnet_ner_news_v1"
TALKS = """---
language: ru
---
# Переговоры

🎉 Анна Кузнецова встретилась с Ольгой Ветровой, сообщает ТАСС.

Встреча прошла в Зареченске. Кузнецова вернулась в Москву.
"""


def has_model() -> bool:
    try:
        return bool(distribution(PACKAGE))
    except PackageNotFoundError:
        return False


pytestmark = pytest.mark.skipif(not has_model(), reason="the extra `ner` is not installed")


@pytest.fixture(scope="module")
def annotator():
    (model,) = find_slovnet_models()
    return ModelAnnotator(model, Catalogue({}, {}))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(spacy_models, "GROUP", "no_models")
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "talks.md").write_text(TALKS)
    return folder


def find_marks(annotator, *texts, language="ru"):
    """Return paragraph, exact text and type of each mark."""
    paragraphs = tuple(NewParagraph("body", text) for text in texts)
    mentions = annotator.annotate(NewArticle("talks", "Talks", paragraphs, language, "talks.txt", 1)).mentions
    return [
        (mention.paragraph, texts[mention.paragraph][mention.start : mention.end], mention.type) for mention in mentions
    ]


def test_names_of_a_russian_article_are_served(api, folder):
    outcome = api.seed(folder, rules="likely", ner=True)
    mentions = api.get(f"/mentions?origin={ORIGIN}").json()["items"]
    people = api.get("/entities?local=true&type=person").json()["items"]

    assert outcome.findings == []
    assert [
        (mention["exact"], mention["type"], mention["confidence"], mention["evidence"]) for mention in mentions
    ] == [
        ("Анна Кузнецова", "person", 0.85, "model"),
        ("Ольгой Ветровой", "person", 0.85, "model"),
        ("ТАСС", "organization", 0.72, "model"),
        ("Зареченске", "place", 0.78, "model"),
        ("Кузнецова", "person", 0.85, "model"),
    ]
    assert {person["name"] for person in people} == {"Анна Кузнецова", "Ольгой Ветровой"}


def test_names_of_the_catalogue_stay_its_own(api, folder):
    api.seed(folder, rules="likely", ner=True)
    by_catalogue = api.get("/mentions?origin=catalogue").json()["items"]

    assert [(mention["exact"], mention["entity"]) for mention in by_catalogue] == [("Москву", "moscow")]


def test_offsets_are_code_points_and_paragraphs_are_read_apart(annotator):
    texts = ("👩‍👩‍👧 🎉 Анна Кузнецова", "", " \n", "Ольга Ветрова уехала в Минск. Москва ждёт.")

    assert find_marks(annotator, *texts) == [
        (0, "Анна Кузнецова", "person"),
        (3, "Ольга Ветрова", "person"),
        (3, "Минск", "place"),
        (3, "Москва", "place"),
    ]


@pytest.mark.parametrize(("language", "is_read"), [("ru", True), ("ru-RU", True), ("uk", False), ("en", False)])
def test_only_russian_articles_are_read(annotator, language, is_read):
    assert bool(find_marks(annotator, "Анна Кузнецова", language=language)) == is_read


def test_only_the_files_of_the_package_are_read_with_one_thread(annotator):
    threadpoolctl = pytest.importorskip("threadpoolctl")
    pools = threadpoolctl.threadpool_info()

    assert annotator.load_error == ""
    assert not {"natasha", "pymorphy2"} & sys.modules.keys()
    assert {pool["num_threads"] for pool in pools if pool["user_api"] == "blas"} == {1}


def test_articles_are_read_again_once_a_model_is_installed(api, folder, monkeypatch):
    without = api.seed(folder, rules="likely")
    monkeypatch.setattr(slovnet_models, "PACKAGE", "no-model")
    with pytest.raises(MissingModelError):
        api.seed(folder, rules="likely", ner=True)
    monkeypatch.setattr(slovnet_models, "PACKAGE", PACKAGE)
    installed = api.seed(folder, rules="likely", ner=True)
    again = api.seed(folder, rules="likely", ner=True)

    assert (without.added, installed.changed, again.changed) == (1, 1, 0)


@pytest.mark.parametrize("file", [EMBEDDINGS, WEIGHTS])
def test_a_damaged_model_costs_its_marks_and_a_warning(api, folder, tmp_path, monkeypatch, file):
    site = tmp_path / "site-packages"
    for name in (EMBEDDINGS, WEIGHTS):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).symlink_to(distribution(PACKAGE).locate_file(name))
    damaged = (site / file).read_bytes()[: 2**20]
    (site / file).unlink()
    (site / file).write_bytes(damaged)
    (site / "natasha.dist-info").mkdir()
    (site / "natasha.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: natasha\nVersion: 9.0\n")
    monkeypatch.syspath_prepend(str(site))
    outcome = api.seed(folder, rules="likely", ner=True)

    (warning,) = outcome.findings
    assert warning.severity == "warning"
    assert warning.message.startswith(f"The annotator '{ORIGIN}' marked nothing here: it can't be loaded, ")
    assert api.get("/articles/talks").status_code == 200
