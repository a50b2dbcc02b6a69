"""The OpenAPI document: FastAPI's own, with headers, shared errors, links and examples."""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from app.api.docs.descriptions import describe_fields
from app.api.docs.examples import PARAMETER_VALUES, load_responses
from app.api.docs.response_examples import Node, add_examples, iter_operations
from app.api.params import NoParams
from app.schemas import Schema
from app.search.query.filters import FilterParams

TITLES = {414: "URI Too Long", 422: "Unprocessable Content"}
"""Names in RFC 9110 of statuses whose names differ between versions of Python."""

HEADERS = {
    "ETag": ("Identifies this response; send it back as `If-None-Match`.", '"5d0a1b6c9f1e4b7a8c2d3e4f"'),
    "Last-Modified": ("Time when the revision of the corpus was created.", "Mon, 23 Nov 2026 07:28:21 GMT"),
    "Link": (
        "URLs of the next page (`next`) and of the previous page (`prev`), if they exist (RFC 8288).",
        '</articles?limit=20&cursor=WyI5ZjJjIiwibiJd>; rel="next"',
    ),
    "Location": ("Current URL of the entity.", "/entities/minsk"),
    "Retry-After": ("Seconds to wait before trying again.", "1"),
}

IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "examples": ['"5d0a1b6c9f1e4b7a8c2d3e4f"']},
    "description": "`ETag` of an earlier response; while that is current, the response is an empty 304.",
}

IF_MODIFIED_SINCE = {
    "name": "If-Modified-Since",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "examples": ["Mon, 23 Nov 2026 07:28:21 GMT"]},
    "description": "`Last-Modified` of an earlier response, for clients that keep no `ETag`; ignored with "
    "`If-None-Match`, which is more precise.",
}

USUAL_PARAMETERS = (
    *("q", "entity", "tag", "author", "source", "language"),
    *("published_from", "published_to", "sort", "limit"),
)
"""The parameters that are used most, which stand first; with the others, a list is four screens long."""

FIRST_ITEM = "$response.body#/items/0"
ARTICLE_LINKS = {"read_article": {"id": f"{FIRST_ITEM}/id"}, "list_similar": {"id": f"{FIRST_ITEM}/id"}}
LINKS = {
    "list_articles": ARTICLE_LINKS,
    "list_similar": ARTICLE_LINKS,
    "read_article": {
        "list_similar": {"id": "$response.body#/id"},
        "read_paragraph": {"id": "$response.body#/id", "position": "$response.body#/paragraphs/0/position"},
    },
    "list_paragraphs": {
        "read_article": {"id": f"{FIRST_ITEM}/article/id"},
        "read_paragraph": {"id": f"{FIRST_ITEM}/article/id", "position": f"{FIRST_ITEM}/position"},
    },
    "read_paragraph": {"read_article": {"id": "$response.body#/article/id"}},
    "list_entities": {"read_entity": {"id": f"{FIRST_ITEM}/id"}},
    "list_tags": {"read_tag": {"id": f"{FIRST_ITEM}/id"}},
}
"""Links from the response of an operation to other operations, with the values of their parameters."""


def custom_openapi(app: FastAPI) -> Callable[[], Node]:
    """Return the function that generates the document of an application, when it is first called."""
    generate = app.openapi

    @cache
    def openapi() -> Node:
        for model in (FilterParams, NoParams, Schema):
            describe_fields(model)
        document = deepcopy(generate())
        for route in iter_route_contexts(app.routes):
            if route.path_format in document["paths"]:
                document["paths"][route.path_format]["get"]["operationId"] = route.name
        return customize(document)

    return openapi


def customize(document: Node) -> Node:
    """Add to the document what FastAPI does not know."""
    schemas = document["components"]["schemas"]
    document["security"] = []
    components = document["components"] = {
        "schemas": schemas,
        "parameters": {},
        "responses": {},
        "headers": {
            name: {"description": description, "schema": {"type": "string"}, "example": example}
            for name, (description, example) in HEADERS.items()
        },
    }
    for operation in iter_operations(document):
        operation["parameters"] = [simplify_parameter(parameter) for parameter in operation.get("parameters", [])]
        share_errors(operation, components["responses"])
        describe_success(operation)
        operation["parameters"].sort(key=order_parameter)
        make_fields_optional(operation, schemas)
    share_parameters(document)
    add_examples(document)
    for schema in schemas.values():
        schema.pop("title", None)
        for field in schema.get("properties", {}).values():
            field.pop("title", None)
    components["schemas"] = dict(sorted(schemas.items()))
    return document


def ref(kind: str, name: str) -> Node:
    """Return a reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def simplify_parameter(parameter: Node) -> Node:
    """Return a parameter without redundant keys, and with an example.

    FastAPI describes an optional one as "of this type or null", but nothing in a URL is null.
    """
    schema = parameter["schema"]
    [type_schema, *_] = schema.pop("anyOf", [{}])
    schema = {**type_schema, **{key: value for key, value in schema.items() if value not in (None, [])}}
    for redundant in ("title", "description"):
        schema.pop(redundant, None)
    name = parameter["name"]
    if parameter["in"] == "query" and "examples" not in schema and name in PARAMETER_VALUES:
        schema["examples"] = [PARAMETER_VALUES[name]]
    return {**parameter, "schema": schema}


def order_parameter(parameter: Node) -> int:
    """Return a sort key: parameters of the path, then those that are used most, then the others in their order."""
    if parameter["in"] == "path":
        return -1
    return USUAL_PARAMETERS.index(parameter["name"]) if parameter["name"] in USUAL_PARAMETERS else len(USUAL_PARAMETERS)


def share_errors(operation: Node, shared: Node) -> None:
    """Give each error response of an operation its example, or replace it by a reference to a shared one."""
    for code, response in operation["responses"].items():
        status = int(code)
        if status < 300 or status == 308:
            continue
        described: Node = {"description": response["description"]}
        if status == 304:
            described["headers"] = {name: ref("headers", name) for name in ("ETag", "Last-Modified")}
        else:
            described["content"] = {"application/problem+json": {"schema": ref("schemas", "ProblemDetails")}}
        if status == 503:
            described["headers"] = {"Retry-After": ref("headers", "Retry-After")}
        name = (TITLES.get(status) or HTTPStatus(status).phrase).replace(" ", "").replace("-", "")
        if example := load_responses().get(f"{operation['operationId']} {code}"):
            described["content"]["application/problem+json"]["example"] = example
            operation["responses"][code] = described
            continue
        if example := load_responses().get(name):
            described["content"]["application/problem+json"]["example"] = example
        shared[name] = described
        operation["responses"][code] = ref("responses", name)
    operation["responses"] = dict(sorted(operation["responses"].items()))


def describe_success(operation: Node) -> None:
    """Add the summary of an operation, and the headers and links of its response."""
    responses, name = operation["responses"], operation["operationId"]
    operation["summary"] = name.replace("_", " ").capitalize()
    if "304" in responses:
        headers = ["ETag", "Last-Modified", *(["Link"] if "cursor" in parameter_names(operation) else [])]
        responses["200"]["headers"] = {header: ref("headers", header) for header in headers}
        operation["parameters"] = [*operation.get("parameters", []), IF_NONE_MATCH, IF_MODIFIED_SINCE]
    if "308" in responses:
        responses["308"]["headers"] = {"Location": ref("headers", "Location")}
    if name in LINKS:
        responses["200"]["links"] = {
            target: {"operationId": target, "parameters": parameters} for target, parameters in LINKS[name].items()
        }


def make_fields_optional(operation: Node, schemas: Node) -> None:
    """Give what `fields` selects from, items of a list or one resource, a schema without required fields."""
    reference = operation["responses"]["200"].get("content", {}).get("application/json", {}).get("schema", {})
    if "fields" not in parameter_names(operation) or "$ref" not in reference:
        return
    name = item_name = reference["$ref"].split("/")[-1]
    if page_items := schemas[name]["properties"].get("items"):
        reference = page_items["items"]
        name = reference["$ref"].split("/")[-1]
        item_name = f"{name.removesuffix('ListItem')}ListItem"
    description = f"{schemas[name]['description']} With `fields`, only these fields."
    schemas[item_name] = {**schemas[name], "description": description}
    schemas[item_name].pop("required", None)
    reference["$ref"] = f"#/components/schemas/{item_name}"


def parameter_names(operation: Node) -> set[str]:
    """Return the names of the parameters of an operation."""
    return {parameter["name"] for parameter in operation.get("parameters", [])}


def share_parameters(document: Node) -> None:
    """Replace parameters that are the same in several operations by references to a shared one."""
    parameters = [parameter for operation in iter_operations(document) for parameter in operation["parameters"]]
    shared = document["components"]["parameters"]
    for parameter in parameters:
        if parameter["in"] != "path" and parameters.count(parameter) > 1:
            shared.setdefault(parameter["name"], parameter)
    for operation in iter_operations(document):
        operation["parameters"] = [
            ref("parameters", parameter["name"]) if shared.get(parameter["name"]) == parameter else parameter
            for parameter in operation["parameters"]
        ]
