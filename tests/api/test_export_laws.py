"""For any small corpus and question, an export has the items of the list, in its order."""

import csv
import io
import json
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import write_documents
from tests.support import oracle
from tests.support.documents import write_entities
from tests.support.strategies import corpora, questions

SORTS = ("-published", "published", "title")


@pytest.fixture
def serve(api, tmp_path):
    def serve(corpus):
        folder = write_documents(tmp_path / "seeds", corpus)
        write_entities(folder, *({"id": id, "name": id.title(), "type": "other"} for id in oracle.ENTITIES))
        api.seed(folder, only=True)

    return serve


@settings(max_examples=4)
@given(corpus=corpora, several=st.lists(questions, min_size=2, max_size=2))
def test_exports_have_the_items_of_the_lists(api, serve, corpus, several):
    serve(corpus)
    for asked, sort in product([{}, *several], SORTS):
        parameters = asked | ({"q": asked["q"].text} if "q" in asked else {}) | {"sort": sort}
        for name, include in (("articles", {"include": "paragraphs"}), ("paragraphs", {})):
            listed = api.walk(f"/{name}", **parameters, **include, limit=100)
            exported = api.get(f"/{name}.jsonl", params=parameters).text

            assert list(map(json.loads, exported.splitlines())) == listed
        listed = api.walk("/mentions", **parameters, limit=7)
        rows = csv.DictReader(io.StringIO(api.get("/mentions.csv", params=parameters).text, newline=""))

        assert [(row["article"], row["position"], row["start"], row["type"]) for row in rows] == [
            (row["article"], str(row["position"]), str(row["start"]), row["type"]) for row in listed
        ]
