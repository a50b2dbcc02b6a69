"""Answers and exports of this service are read back: seeded again, they are served as before."""

import json

import pytest

from tests.conftest import SEEDS, Api
from tests.support.golden import FIXTURES, read_folder

GIVEN = {
    "id": "given",
    "title": "Лодка 🚢 leaves Minsk",
    "published_at": "2025-12-18T09:30:00Z",
    "authors": ["Ann Lee"],
    "tags": ["Boats & trains"],
    "source_url": "https://example.org/a",
    "rights": "CC0",
    "language": "be",
    "annotate": True,
    "draft": False,
    "ship": {"name": "Лодка"},
    "paragraphs": [
        {"role": "title", "text": "Лодка 🚢 leaves Minsk"},
        {"role": "heading", "text": "The boat"},
        {
            "role": "body",
            "text": "🚢 The Лодка of Minsk met the Лодка of Tallinn.",
            "dates": [
                {"start": 0, "end": 1, "exact": "🚢", "value": "19XX"},
                {"start": 6, "end": 11, "value": "1986-04"},
            ],
        },
    ],
    "mentions": [
        {"paragraph": 2, "start": 6, "end": 11, "entity": {"name": "Лодка", "type": "product"}, "confidence": 0.5},
        {"paragraph": 2, "start": 6, "end": 20, "type": "VESSEL"},
        {"paragraph": 2, "start": 29, "end": 34, "entity": {"name": "Лодка", "type": "place", "wikidata": "Q99"}},
        {"paragraph": 2, "start": 29, "end": 34, "entity": {"name": "Лодка", "type": "product"}},
    ],
}


@pytest.fixture(scope="module")
def source(fresh, tmp_path_factory):
    """The application over the example articles, annotated corpora, and an article with given mentions."""
    folder = tmp_path_factory.mktemp("source")
    (folder / "given.json").write_text(json.dumps(GIVEN), encoding="utf-8")
    api = Api(fresh(folder / "data"))
    api.seed(SEEDS, FIXTURES / "annotation-tools", FIXTURES / "xml", folder / "given.json", skip_bad=True, rules="all")
    yield api
    api.close()


def export(api):
    lines = api.get("/articles.jsonl?sort=title").text.splitlines()
    return [ignore_local(json.loads(line)) for line in lines]


def ignore_local(article):
    """Return an article without what reading back changes: an entity that a document names is not local."""
    return article | {"entities": [entity | {"local": None} for entity in article["entities"]]}


def test_export_that_is_seeded_again_gives_the_same_export(source, api, tmp_path):
    (tmp_path / "export.jsonl").write_bytes(source.get("/articles.jsonl").content)
    outcome = api.seed(tmp_path / "export.jsonl")

    assert outcome.findings == []
    assert export(api) == export(source)
    assert len(export(api)) > 40
    assert {"given", "catalogue", "rules"} == {*outcome.marked}


@pytest.mark.parametrize("options", ["", "&offset_unit=utf16", "&offset_unit=utf8", "&highlight=markup&q=the"])
def test_pages_of_articles_with_paragraphs_are_read_as_these_articles(source, api, tmp_path, options):
    url = f"/articles?include=paragraphs&limit=30&sort=title{options}"
    number = 0
    while url:
        page = source.json(url)
        (tmp_path / f"{(number := number + 1)}.json").write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
        url = page["next"]
    outcome = api.seed(tmp_path)
    expected = [article for article in export(source) if "q=" not in options or article["id"] in outcome_ids(api)]

    assert [finding for finding in outcome.findings if finding.severity == "fault"] == []
    assert export(api) == expected


def outcome_ids(api):
    return {item["id"] for item in api.json("/articles?limit=100")["items"]}


def test_one_article_is_read_as_this_article(source, api, tmp_path):
    (tmp_path / "any-name.json").write_bytes(source.get("/articles/given").content)
    api.seed(tmp_path)
    read, original = api.json("/articles/given"), source.json("/articles/given")

    assert read == original
    assert [mention["entity"] and mention["entity"]["id"] for mention in original["paragraphs"][2]["mentions"]] == [
        None,
        "лодка",
        "minsk",
        "лодка-place",
        "лодка",
    ]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "/articles?limit=1",
            "This is an article without its paragraphs; expected them: ask for `include=paragraphs`.",
        ),
        (
            "/paragraphs?limit=1",
            "This is a part of an article; expected a whole one: ask for `/articles?include=paragraphs`.",
        ),
        (
            "/mentions?limit=1",
            "This is a part of an article; expected a whole one: ask for `/articles?include=paragraphs`.",
        ),
    ],
)
def test_answer_without_whole_articles_says_what_to_ask_for(source, complaints, url, sentence):
    assert complaints("a.json", source.get(url).content) == [(1, sentence)]


def test_damaged_answer_is_a_fault_and_never_an_exception(source, complaints):
    answer = source.json("/articles/given")
    for damage in (
        {"paragraphs": [{"position": 0, "mentions": [1]}]},
        {"paragraphs": [{"position": 0, "role": "title", "text": "A", "mentions": [{"start": 0}]}]},
        {"tags": 5},
        {"tags": ["boats"]},
        {"authors": {}},
        {"extra": []},
    ):
        findings = complaints("a.json", json.dumps({**answer, **damage}))

        assert not any("unexpected" in message.lower() for _, message in findings), findings


def test_dates_of_exported_tei_are_read_back(source, tmp_path):
    (tmp_path / "export.tei").write_bytes(source.get("/articles.tei.xml").content)
    articles, _ = read_folder(tmp_path)
    read = {
        article.title: [(date.paragraph, date.start, date.end, date.value) for date in article.dates or ()]
        for article in articles
    }
    served = {
        article["title"]: [
            (paragraph["position"], date["start"], date["end"], date["value"])
            for paragraph in article["paragraphs"]
            for date in paragraph["dates"]
        ]
        for article in export(source)
    }

    assert read == served
    assert {"19XX", "1986-04"} <= {value for dates in read.values() for *_, value in dates}
