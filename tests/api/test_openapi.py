"""The OpenAPI document: whole, valid, with examples that are true, and never changed without anybody seeing it."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from app.api.docs.examples import EXAMPLE_URLS, load_responses
from app.api.docs.examples import __file__ as examples
from app.api.docs.openapi import USUAL_PARAMETERS
from app.api.params import PREREQUISITES
from tests.conftest import Api
from tests.support.error_examples import ask_errors

GOLDEN = Path(__file__).with_suffix("").with_name("openapi.json")
RECORDED = Path(examples).with_suffix(".json")
REGENERATE = "`uv run python -m tests.api.test_openapi` writes it anew."


def same(answer: Any) -> Any:
    """An answer without what each revision has of its own."""
    text = json.dumps(answer, ensure_ascii=False, indent=1)
    text = re.sub(r"cursor=[\w-]+", "cursor=WyI5ZjJjIiwibiJd", text)
    body = json.loads(text)
    for part in [body, *body.get("changes", ())]:
        if "revision" in part:
            part["revision"] |= {"id": "b2c4a83f0f0f4b7e", "at": "2026-11-23T07:28:21.481516Z"}
    return body


@pytest.fixture(scope="module")
def document(seeded: Api) -> Any:
    return seeded.json("/openapi.json")


def operations(document: Any) -> list[Any]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_every_change_of_the_document_is_seen(document: Any) -> None:
    assert document == json.loads(GOLDEN.read_text(encoding="utf-8")), f"The document has changed. {REGENERATE}"


@pytest.mark.parametrize("name", EXAMPLE_URLS)
def test_every_example_is_what_the_seeds_answer(seeded: Api, name: str) -> None:
    assert load_responses()[name] == same(seeded.get(EXAMPLE_URLS[name]).json()), (
        f"The answer has changed. {REGENERATE}"
    )


@pytest.mark.usefixtures("caplog")
def test_every_example_of_an_error_is_what_its_endpoint_answers(seeded: Api, document: Any, tmp_path: Path) -> None:
    problems = ask_errors(seeded, tmp_path)
    shown = {
        f"{operation['operationId']} {code}": response["content"]["application/problem+json"]["example"]
        for operation in operations(document)
        for code, response in operation["responses"].items()
        if code >= "400" and "$ref" not in response
    }
    shared = document["components"]["responses"]
    shown |= {
        name: response["content"]["application/problem+json"]["example"]
        for name, response in shared.items()
        if "content" in response
    }

    assert shown == problems, REGENERATE
    assert {problem["status"] for problem in problems.values()} == {400, 404, 406, 414, 422, 500, 503}


def test_the_usual_parameters_stand_first(document: Any) -> None:
    shared = document["components"]["parameters"]
    [articles] = [operation for operation in operations(document) if operation["operationId"] == "list_articles"]
    names = [
        shared[parameter["$ref"].split("/")[-1]]["name"] if "$ref" in parameter else parameter["name"]
        for parameter in articles["parameters"]
    ]

    assert names[:10] == [*USUAL_PARAMETERS]
    assert len(names) == len({*names}) > 20


def test_the_document_is_valid(document: Any) -> None:
    validate(document)

    assert document["openapi"].startswith("3.1")


def test_operations_are_named_like_functions(document: Any) -> None:
    assert [operation["operationId"] for operation in operations(document)] == [
        "list_articles",
        "read_article",
        "read_paragraph",
        "list_similar",
        "list_paragraphs",
        "list_mentions",
        "read_graph",
        "export_graph",
        "list_entities",
        "read_entity",
        "list_tags",
        "read_tag",
        "read_timeline",
        "read_corpus",
        "read_live",
        "read_ready",
        "read_index",
        "export_articles",
        "export_article",
        "export_paragraphs",
        "export_mentions",
        "export_entities",
        "export_tags",
        "export_timeline",
    ]
    assert all(len(operation["tags"]) == 1 for operation in operations(document))


def test_every_operation_parameter_and_field_has_a_description(document: Any) -> None:
    components = document["components"]
    bare = [
        f"{name}.{field}"
        for name, schema in components["schemas"].items()
        for field, field_schema in [("", schema), *schema.get("properties", {}).items()]
        if not field_schema.get("description")
    ]
    parameters = [parameter for operation in operations(document) for parameter in operation.get("parameters", ())]
    parts = [
        *operations(document),
        *parameters,
        *(component for kind in components.values() for component in kind.values()),
    ]
    bare += [part for part in parts if "$ref" not in part and not part.get("description")]
    bare += [tag for tag in document["tags"] if not tag["description"]]

    assert bare == []


def test_every_operation_has_an_example(document: Any) -> None:
    with_json = [operation for operation in operations(document) if operation["tags"] != ["exports"]]

    assert {operation["operationId"] for operation in with_json} <= EXAMPLE_URLS.keys()


def test_every_parameter_has_an_example(document: Any) -> None:
    parameters = [parameter for operation in operations(document) for parameter in operation.get("parameters", ())]
    parameters += document["components"]["parameters"].values()

    assert [
        parameter
        for parameter in parameters
        if not ("$ref" in parameter or "example" in parameter or parameter["schema"].get("examples"))
    ] == []


def test_every_field_has_an_example(document: Any) -> None:
    schemas = document["components"]["schemas"]
    bare = {
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, field_schema in schema.get("properties", {}).items()
        if not field_schema.get("examples") and not nested(field_schema)
    }

    assert bare == set()


def nested(schema: Any) -> bool:
    """Whether a field holds other fields, which have examples of their own."""
    return "#/components/schemas/" in json.dumps(schema)


def test_every_value_that_is_an_example_is_taken(seeded: Api, document: Any) -> None:
    shared = document["components"]["parameters"]
    asked = 0
    for path, item in document["paths"].items():
        for declaration in item["get"]["parameters"]:
            parameter = shared[declaration["$ref"].split("/")[-1]] if "$ref" in declaration else declaration
            # The example of a name is an entity's: of no tag.
            has_example = (path, parameter["name"]) != ("/tags", "name") and parameter["name"] != "cursor"
            if parameter["in"] == "query" and "{" not in path and has_example:
                for example in parameter["schema"]["examples"]:
                    needed = PREREQUISITES.get(parameter["name"])
                    others = {needed: {"q": "war", "facet": "tag"}[needed]} if needed else {}
                    query = {**others, parameter["name"]: example}
                    answer = seeded.get(path, params=query)
                    assert (answer.status_code, answer.json().get("warnings")) == (200, None), (path, query)
                    asked += 1

    assert asked > 100


def test_responses_refer_to_named_schemas(document: Any) -> None:
    for operation in operations(document):
        for status, response in operation["responses"].items():
            [*contents] = response.get("content", {}).items()
            for media, content in contents:
                assert "$ref" in content["schema"] or is_file(content["schema"]) or media == "text/html", (
                    operation["operationId"],
                    status,
                )
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])


def is_file(schema: Any) -> bool:
    """Whether an answer is a file of bytes, or of JSON that another standard describes: neither has a name."""
    return schema in ({"type": "string", "format": "binary"}, {})


def refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "$ref")
        for value in node.values():
            yield from refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from refs(value)


def test_every_component_is_referred_to(document: Any) -> None:
    there = {f"#/components/{kind}/{name}" for kind, members in document["components"].items() for name in members}

    assert set(refs(document)) == there


def record() -> None:
    """Write what the tests compare with."""
    import tempfile

    from app.settings import Settings
    from tests.conftest import SEEDS, seed_into

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        seed_into(settings, SEEDS)
        api = Api(settings)
        responses = {name: same(api.get(address).json()) for name, address in EXAMPLE_URLS.items()}
        responses |= ask_errors(api, Path(folder) / "empty")
        RECORDED.write_text(json.dumps(responses, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        load_responses.cache_clear()
        document = api.json("/openapi.json")
        GOLDEN.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        api.close()


if __name__ == "__main__":
    sys.exit(record())
