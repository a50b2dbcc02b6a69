"""Examples in the OpenAPI document: recorded responses, and their values as examples of the fields."""

from collections.abc import Iterator
from typing import Any

from app.api.docs.examples import EXAMPLE_URLS, load_responses

Node = dict[str, Any]
"""An object in the document."""


def iter_operations(document: Node) -> Iterator[Node]:
    """Yield all operations of the document."""
    for path_item in document["paths"].values():
        yield from path_item.values()


def add_examples(document: Node) -> None:
    """Add example responses, the path parameters of their URLs, and examples of fields."""
    add_path_examples(document)
    operations = {operation["operationId"]: operation["responses"] for operation in iter_operations(document)}
    contents = []
    for name, responses in operations.items():
        if name in EXAMPLE_URLS:
            content = responses["200"]["content"]["application/json"]
            content["example"] = load_responses()[name]
            contents.append(content)
        problems = [responses[code].get("content", {}).get("application/problem+json", {}) for code in responses]
        contents += [content for content in problems if "example" in content]
    schemas = document["components"]["schemas"]
    # A value that is not empty is the better example, in whichever response it occurs.
    for skip_empty in (True, False):
        for content in contents:
            add_field_examples(content["schema"], content["example"], schemas, skip_empty=skip_empty)
    share_field_examples(schemas)


def add_path_examples(document: Node) -> None:
    """Add examples to the path parameters of the operations that have an example URL."""
    for path, path_item in document["paths"].items():
        for operation in path_item.values():
            if url := EXAMPLE_URLS.get(operation["operationId"]):
                values = parse_path(path, url.partition("?")[0])
                for parameter in operation["parameters"]:
                    if parameter.get("in") == "path":
                        parameter["example"] = values[parameter["name"]]


def parse_path(template: str, path: str) -> Node:
    """Return the values of the parameters of a path, numbers as integers."""
    segments = zip(template.split("/"), path.split("/"), strict=True)
    return {name[1:-1]: int(value) if value.isdecimal() else value for name, value in segments if name != value}


def add_field_examples(schema: Node, value: Any, schemas: Node, *, skip_empty: bool) -> None:
    """Add the first value that a response has for a field to its schema, unless that has an example."""
    schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    for option in schema.get("anyOf", []):
        add_field_examples(option, value, schemas, skip_empty=skip_empty)
    if isinstance(value, list):
        for item in value:
            add_field_examples(schema.get("items", {}), item, schemas, skip_empty=skip_empty)
    elif isinstance(value, dict):
        for name, member in value.items():
            field = schema.get("properties", {}).get(name, {})
            first = member[0] if member and isinstance(member, list) else member
            if not (isinstance(first, dict) and first) and (member not in (None, [], {}) or not skip_empty):
                field.setdefault("examples", [member])
            member_schema = field or schema.get("additionalProperties") or {}
            add_field_examples(member_schema, member, schemas, skip_empty=skip_empty)


def share_field_examples(schemas: Node) -> None:
    """Give fields with the same name and description the same examples."""
    fields = [field for schema in schemas.values() for field in schema.get("properties", {}).items()]
    examples = {(name, field.get("description")): field["examples"] for name, field in fields if "examples" in field}
    for name, field in fields:
        if shared := examples.get((name, field.get("description"))):
            field["examples"] = shared
