"""Real answers in the OpenAPI document, and their values beside the fields that they are values of."""

from collections.abc import Iterator
from typing import Any

from app.api.docs.examples import ADDRESSES, answers

Node = dict[str, Any]
"""A piece of the document."""


def operations(document: Node) -> Iterator[Node]:
    """All operations."""
    for path in document["paths"].values():
        yield from path.values()


def show_examples(document: Node) -> None:
    """Show real answers, what was asked for them, and their values beside the fields."""
    show_path_examples(document)
    good = {it["operationId"]: it["responses"]["200"] for it in operations(document)}
    shared = document["components"]["responses"]
    shown = [(it["content"]["application/json"], name) for name, it in good.items() if name in ADDRESSES]
    shown += [(it["content"]["application/problem+json"], name) for name, it in shared.items() if name in ADDRESSES]
    schemas = document["components"]["schemas"]
    for content, name in shown:
        content["example"] = answers()[name]
    for telling in (True, False):
        for content, _ in shown:
            illustrate(content["schema"], content["example"], schemas, telling=telling)
    fields = [field for schema in schemas.values() for field in schema.get("properties", {}).items()]
    known = {(name, it.get("description")): it["examples"] for name, it in fields if "examples" in it}
    for name, it in fields:
        if examples := known.get((name, it.get("description"))):
            it["examples"] = examples


def show_path_examples(document: Node) -> None:
    """Give path parameters the values that they have in the URL of the operation's example, where it has one."""
    for path, item in document["paths"].items():
        for operation in item.values():
            if url := ADDRESSES.get(operation["operationId"]):
                values = parse(path, url.partition("?")[0])
                for parameter in operation["parameters"]:
                    if parameter.get("in") == "path":
                        parameter["example"] = values[parameter["name"]]


def parse(template: str, path: str) -> Node:
    """The parts of a path that its template leaves open, numbers as such."""
    parts = zip(template.split("/"), path.split("/"), strict=True)
    return {open_[1:-1]: int(it) if it.isdecimal() else it for open_, it in parts if open_ != it}


def illustrate(schema: Node, value: Any, schemas: Node, *, telling: bool) -> None:
    """Give every field of a schema the first value that an answer has for it, or the first telling one."""
    schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    for option in schema.get("anyOf", []):
        illustrate(option, value, schemas, telling=telling)
    if isinstance(value, list):
        for it in value:
            illustrate(schema.get("items", {}), it, schemas, telling=telling)
    elif isinstance(value, dict):
        for name, it in value.items():
            field = schema.get("properties", {}).get(name, {})
            nested = isinstance(it[0] if it and isinstance(it, list) else it or None, dict)
            if not nested and (it not in (None, [], {}) or not telling):
                field.setdefault("examples", [it])
            below = field or schema.get("additionalProperties") or {}
            illustrate(below, it, schemas, telling=telling)
