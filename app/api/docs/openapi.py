"""The OpenAPI document: what FastAPI makes of the application, with headers, problems, links and examples."""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from http import HTTPStatus
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app.api.docs.examples import VALUES
from app.api.docs.response_examples import Node, operations, show_examples
from app.api.errors import TITLES
from app.api.facets import Facet
from app.api.highlighting import Highlight
from app.models import EntityType, Role
from app.schemas import OffsetUnit
from app.search.filters import Within
from app.search.query_parser import Match

VOCABULARIES: dict[str, tuple[Any, str]] = {
    "EntityType": (
        EntityType,
        "What an entity is. A group is a people, a faith or a party; a product is a weapon, a vehicle, software.",
    ),
    "Role": (Role, "What a paragraph is in its article."),
    "OffsetUnit": (
        OffsetUnit,
        "What offsets count: Unicode code points, UTF-16 code units (JavaScript, Java), or UTF-8 bytes (Go, Rust).",
    ),
    "Match": (Match, "Whether all words of `q` must be there, or one is enough."),
    "Within": (Within, "Whether everything must hold in one article, or in one paragraph of it."),
    "Highlight": (Highlight, "Where `q` was found: as offsets, or as HTML with `<mark>`."),
    "Facet": (Facet, "By what a selection can be divided."),
}  # fmt: skip
"""The words that several fields and parameters choose from."""

HEADERS = {
    "ETag": ("Names this answer; send it back as `If-None-Match`.", '"5d0a1b6c9f1e4b7a8c2d3e4f"'),
    "Last-Modified": ("When the served revision of the corpus was made.", "Mon, 23 Nov 2026 07:28:21 GMT"),
    "Link": (
        "The addresses of the next page (`next`) and of the previous one (`prev`), where there are any (RFC 8288).",
        '</articles?limit=20&cursor=WyI5ZjJjIiwibiJd>; rel="next"',
    ),
    "Location": ("The entity's own address.", "/entities/minsk"),
    "Retry-After": ("In how many seconds to ask again.", "1"),
}

IF_NONE_MATCH = {
    "name": "If-None-Match", "in": "header", "required": False,
    "schema": {"type": "string", "examples": ['"5d0a1b6c9f1e4b7a8c2d3e4f"']},
    "description": "The `ETag` of an answer that is at hand; as long as it is still right, the answer is an empty 304.",
}  # fmt: skip

FIRST = "$response.body#/items/0"
ARTICLE = {"read_article": {"id": f"{FIRST}/id"}, "list_similar": {"id": f"{FIRST}/id"}}
LINKS = {
    "list_articles": ARTICLE,
    "list_similar": ARTICLE,
    "read_article": {
        "list_similar": {"id": "$response.body#/id"},
        "read_paragraph": {"id": "$response.body#/id", "position": "$response.body#/paragraphs/0/position"},
    },
    "list_paragraphs": {
        "read_article": {"id": f"{FIRST}/article/id"},
        "read_paragraph": {"id": f"{FIRST}/article/id", "position": f"{FIRST}/position"},
    },
    "read_paragraph": {"read_article": {"id": "$response.body#/article/id"}},
    "list_entities": {"read_entity": {"id": f"{FIRST}/id"}},
    "list_tags": {"read_tag": {"id": f"{FIRST}/id"}},
}
"""Which operation goes on from which, and with what."""


def finished(app: FastAPI) -> Callable[[], Node]:
    """Return what makes the document of an application; once, when it is first asked for."""
    generate = app.openapi

    @cache
    def openapi() -> Node:
        document = deepcopy(generate())
        for route in iter_route_contexts(app.routes):
            if route.path_format in document["paths"]:
                document["paths"][route.path_format]["get"]["operationId"] = route.name
        return finish(document)

    return openapi


def finish(document: Node) -> Node:
    """Add to the document what FastAPI does not know."""
    schemas = document["components"]["schemas"]
    document["security"] = []
    components = document["components"] = {
        "schemas": schemas,
        "parameters": {},
        "responses": {},
        "headers": {
            name: {"description": said, "schema": {"type": "string"}, "example": example}
            for name, (said, example) in HEADERS.items()
        },
    }
    for operation in operations(document):
        operation["parameters"] = [simplify(parameter) for parameter in operation.get("parameters", [])]
        share_problems(operation, components["responses"])
        answer(operation)
        loosen(operation, schemas)
    share_parameters(document)
    show_examples(document)
    for name, (vocabulary, said) in VOCABULARIES.items():
        words = list(get_args(vocabulary))
        refer(document, words, f"#/components/schemas/{name}")
        schemas[name] = {"type": "string", "enum": words, "description": said}
    for schema in schemas.values():
        schema.pop("title", None)
        for field in schema.get("properties", {}).values():
            field.pop("title", None)
    components["schemas"] = dict(sorted(schemas.items()))
    return document


def ref(kind: str, name: str) -> Node:
    """What refers to a shared piece."""
    return {"$ref": f"#/components/{kind}/{name}"}


def simplify(parameter: Node) -> Node:
    """Return a parameter as FastAPI describes it, without what says nothing, and with an example of its value.

    That it may be left out needs no type of its own: nothing in a URL is null.
    """
    schema = parameter["schema"]
    [first, *_] = schema.pop("anyOf", [{}])
    schema = {**first, **{key: value for key, value in schema.items() if value not in (None, [])}}
    for repeated in ("title", "description"):
        schema.pop(repeated, None)
    if parameter["in"] == "query" and "examples" not in schema and parameter["name"] in VALUES:
        schema["examples"] = [VALUES[parameter["name"]]]
    return {**parameter, "schema": schema}


def share_problems(operation: Node, shared: Node) -> None:
    """Describe what several operations answer once, and refer to it."""
    for code, response in operation["responses"].items():
        status = int(code)
        if status < 300 or status == 308:
            continue
        name = (TITLES.get(status) or HTTPStatus(status).phrase).replace(" ", "").replace("-", "")
        if status == 304:
            headers = {name: ref("headers", name) for name in ("ETag", "Last-Modified")}
            shared[name] = {"description": response["description"], "headers": headers}
        else:
            content = {"application/problem+json": {"schema": ref("schemas", "ProblemDetails")}}
            shared[name] = {"description": response["description"], "content": content}
        if status == 503:
            shared[name]["headers"] = {"Retry-After": ref("headers", "Retry-After")}
        operation["responses"][code] = ref("responses", name)
    operation["responses"] = dict(sorted(operation["responses"].items()))


def answer(operation: Node) -> None:
    """Name the operation, and declare the headers of a good answer, and where it leads."""
    responses, name = operation["responses"], operation["operationId"]
    operation["summary"] = name.replace("_", " ").capitalize()
    if "304" in responses:
        headers = ["ETag", "Last-Modified", *(["Link"] if "cursor" in asked(operation) else [])]
        responses["200"]["headers"] = {header: ref("headers", header) for header in headers}
        operation["parameters"] = [*operation.get("parameters", []), IF_NONE_MATCH]
    if "308" in responses:
        responses["308"]["headers"] = {"Location": ref("headers", "Location")}
    if name in LINKS:
        responses["200"]["links"] = {
            target: {"operationId": target, "parameters": parameters} for target, parameters in LINKS[name].items()
        }


def loosen(operation: Node, schemas: Node) -> None:
    """Where fields can be chosen, items may lack any of them, so that they have a shape in which none is due."""
    if {"fields", "cursor"} <= asked(operation):
        page = schemas[operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]]
        items = page["properties"]["items"]["items"]
        shape = items["$ref"].split("/")[-1]
        listed = f"{shape.removesuffix('ListItem')}ListItem"
        said = f"{schemas[shape]['description']} Under `fields`, the others are left out."
        schemas[listed] = {**schemas[shape], "description": said}
        schemas[listed].pop("required", None)
        items["$ref"] = f"#/components/schemas/{listed}"


def asked(operation: Node) -> set[str]:
    """The names of an operation's parameters."""
    return {parameter["name"] for parameter in operation.get("parameters", [])}


def share_parameters(document: Node) -> None:
    """Describe a parameter once, and refer to it wherever it is the same."""
    everywhere = [it for operation in operations(document) for it in operation.get("parameters", [])]
    shared = document["components"]["parameters"]
    for parameter in everywhere:
        if parameter["in"] != "path" and everywhere.count(parameter) > 1:
            shared.setdefault(parameter["name"], parameter)
    for operation in operations(document):
        operation["parameters"] = [
            ref("parameters", it["name"]) if shared.get(it["name"]) == it else it
            for it in operation.get("parameters", [])
        ]


def refer(node: Any, words: list[str], target: str) -> None:
    """Refer to a vocabulary wherever one of just these words is asked for."""
    if isinstance(node, dict):
        if node.get("enum") == words:
            node.pop("type", None)
            del node["enum"]
            node["$ref"] = target
        for it in node.values():
            refer(it, words, target)
    elif isinstance(node, list):
        for it in node:
            refer(it, words, target)
