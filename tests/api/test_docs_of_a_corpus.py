"""The documentation of another corpus than the project's own: its examples are of that corpus."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.api.docs.corpus_examples import NAME_PARAMETERS, VALUE_FIELDS
from app.api.params import PREREQUISITES
from tests.conftest import Api, write_documents
from tests.support.documents import mentioning, place


@pytest.fixture
def corpus(api: Api, tmp_path: Path) -> Api:
    facts = {"tags": ["Trade & Co"], "authors": ["Ann Lee"], "source": "Wire", "language": "de", "published_at": "2025"}
    documents = [mentioning(id, place("Lübeck"), place("São Paulo")) | facts for id in ("first", "second")]
    api.seed(write_documents(tmp_path / "seeds", documents))
    return api


def test_values_of_parameters_are_those_of_the_corpus(corpus: Api) -> None:
    document = corpus.json("/openapi.json")
    shared = document["components"]["parameters"]
    asked = 0
    for path, item in document["paths"].items():
        for declaration in item["get"]["parameters"]:
            parameter = shared[declaration["$ref"].split("/")[-1]] if "$ref" in declaration else declaration
            if "{" in path or parameter["name"] not in {*VALUE_FIELDS, *NAME_PARAMETERS}:
                continue
            if (path, parameter["name"]) == ("/tags", "name"):  # The example of a name is an entity's: of no tag.
                continue
            needed = {"q": "a"} if PREREQUISITES.get(parameter["name"]) else {}
            for example in parameter["schema"]["examples"]:
                answer = corpus.get(path, params={**needed, parameter["name"]: example})
                assert (answer.status_code, answer.json().get("warnings")) == (200, None), (path, parameter["name"])
                asked += 1

    assert asked > 60


def test_paths_and_questions_are_those_of_the_corpus(corpus: Api) -> None:
    document = corpus.json("/openapi.json")
    urls = re.findall(r"\]\(([^)]+)\)", document["info"]["description"])

    for path, item in document["paths"].items():
        values: dict[str, Any] = {
            parameter["name"]: parameter["example"] for parameter in item["get"]["parameters"] if "example" in parameter
        }
        if "id" in values and "suffix" not in path:
            assert corpus.get(path.format(**values)).status_code == 200
    assert len(urls) == 5
    for url in urls:
        answer = corpus.json(f"/{url}")
        assert answer["items"] or url.startswith("entities"), url
        assert "warnings" not in answer


def test_a_corpus_without_entities_is_documented(api: Api, tmp_path: Path) -> None:
    api.seed(write_documents(tmp_path / "seeds", [{"title": "T", "text": "A text.", "mentions": []}]))

    assert api.json("/openapi.json")["paths"]["/articles/{id}"]["get"]["parameters"][0]["example"] == "t"


def test_before_the_first_revision_the_examples_are_those_of_the_project(api: Api) -> None:
    document = api.json("/openapi.json")

    assert document["paths"]["/entities/{id}"]["get"]["parameters"][0]["example"] == "minsk"
