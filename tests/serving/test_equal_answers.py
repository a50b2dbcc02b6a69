"""A corpus in PostgreSQL gives the same answers as one in SQLite: what tests show of one holds for the other."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.settings import Settings
from tests.conftest import SEEDS, Api, write_documents
from tests.support import language_strategies, strategies
from tests.support.catalogue import write_catalogued
from tests.support.corpora import FOLDER, convert_article, read_corpus

pytestmark = pytest.mark.databases("postgresql")

ADDRESSES = [
    "/articles",
    "/articles?sort=published&limit=7",
    "/articles?sort=title&include=paragraphs",
    "/articles?q=missile&highlight=offsets&facet=entity&facet=tag&facet=year",
    "/articles?q=the&limit=3",
    '/articles?q="nuclear+weapons"~2+OR+trea*&match=any&highlight=markup',
    "/articles?entity_type=person&facet=source",
    "/articles?entity_not=united-states&tag_not=deterrence",
    "/articles?published_from=1960&published_to=1989",
    "/paragraphs?q=soviet&highlight=offsets&offset_unit=utf16&facet=role",
    "/paragraphs?sort=title&limit=50",
    "/entities?limit=50",
    "/entities?sort=name&name_prefix=s",
    "/entities?entity=united-states&sort=-association",
    "/entities?q=treaty&within=paragraph",
    "/tags",
    "/tags?q=missile",
    "/timeline?interval=month",
    "/timeline?q=missile&interval=year",
    "/articles/trinity-test",
    "/articles/trinity-test/similar",
    "/articles/trinity-test/paragraphs/3",
    "/entities/soviet-union",
    "/articles?entity=none&q=(",
    "/articles/none",
]

LISTS = (
    "/articles?include=paragraphs&facet=entity&facet=tag&facet=author&facet=source&facet=language&facet=month",
    "/paragraphs?facet=role&limit=5",
    "/entities?limit=2",
    "/tags?sort=name",
    "/timeline?interval=day",
    "/articles/a0",
    "/articles/a0/similar",
)
"""Addresses at which every stored value of a small corpus is shown."""


@pytest.fixture
def apis(fresh, tmp_path):
    """Return applications over an empty corpus in PostgreSQL, and over one in SQLite."""
    apis = [Api(fresh(tmp_path / "postgresql")), Api(Settings(data=tmp_path / "sqlite"))]
    yield apis
    for api in apis:
        api.close()


def pages(api, address, **parameters):
    """Return up to three pages; without the cursors of relevance, which contain the revision."""
    texts = []
    while address and len(texts) < 3:
        answer = api.get(address, params=parameters or None)
        address, parameters = answer.json().get("next"), {}
        texts.append(re.sub(r"cursor=[^\"]+", "cursor", answer.text) if "q=" in str(answer.url) else answer.text)
    return texts


def corpora():
    """Return functions that make a folder of the example articles, and of those corpora that are there."""
    makers = {"seeds": lambda _folder: SEEDS}
    for name in ("gum_news", "meantime") if FOLDER.is_dir() else ():
        makers[name] = lambda folder, name=name: write_documents(folder, map(convert_article, read_corpus(name)))
    return makers


@pytest.mark.parametrize("make", corpora().values(), ids=corpora())
def test_both_databases_give_the_same_answers(apis, make, tmp_path):
    folder = make(tmp_path / "corpus")
    for api in apis:
        api.seed(folder)
    from_postgresql, from_sqlite = ({address: pages(api, address) for address in ADDRESSES} for api in apis)

    assert from_postgresql == from_sqlite


@settings(max_examples=12)
@given(
    corpus=strategies.corpora | strategies.tied_corpora | language_strategies.corpora,
    questions=st.lists(strategies.questions, min_size=6, max_size=6),
)
def test_both_databases_give_the_same_answers_about_any_corpus(apis, corpus, questions):
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_catalogued(Path(temporary), corpus)
        for api in apis:
            api.seed(folder, only=True)
    asked = [question | ({"q": question["q"].text} if "q" in question else {}) for question in questions]
    from_postgresql, from_sqlite = (
        [pages(api, address) for address in LISTS]
        + [pages(api, "/articles", **question, highlight="offsets", limit=2) for question in asked if "q" in question]
        + [pages(api, "/paragraphs", **question) for question in asked]
        for api in apis
    )

    assert from_postgresql == from_sqlite
