"""Examples of the corpus that is served: where it lacks the values of the project's own articles, its own ones."""

from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from typing import Final
from urllib.parse import urlencode

from app.api.docs.examples import PARAMETER_VALUES, QUESTIONS
from app.api.docs.introduction import describe_api
from app.api.docs.response_examples import Node, iter_operations
from app.search.snapshot import Snapshot

VALUE_FIELDS: Final = {
    **{f"{field}{suffix}": field for field in ("entity", "tag", "author") for suffix in ("", "_any", "_not")},
    **{f"{field}{suffix}": field for field in ("source", "language") for suffix in ("", "_not")},
    "id": "id",
    "after": "id",
    "entity_id": "entity",
    "of": "entity",
    "tag_id": "tag",
}
"""The parameters whose examples are values of a corpus, with the field that has them."""

NAME_PARAMETERS: Final = ("q", "name", "name_prefix", "exact")
"""The parameters whose examples are words of a corpus."""

PATH_FIELDS: Final = {"articles": "id", "entities": "entity", "tags": "tag"}
"""The field whose values follow the first segment of a path."""


def adapt_examples(document: Node, snapshot: Snapshot) -> Node:
    """Return the OpenAPI document with examples that this corpus has."""
    if has_own_examples(snapshot):
        return document
    document = deepcopy(document)
    values = {field: list_values(snapshot, field) for field in {*VALUE_FIELDS.values()}}
    for path, item in document["paths"].items():
        field = PATH_FIELDS.get(path.split("/")[1])
        for parameter in item["get"]["parameters"]:
            if parameter.get("in") == "path" and parameter["name"] == "id" and field and values[field]:
                parameter["example"] = values[field][0]
    names = [snapshot.directory.entities[id].name for id in values["entity"]]
    for parameter in iter_parameters(document):
        name, schema = parameter["name"], parameter["schema"]
        if name in NAME_PARAMETERS and names:
            example = names[0][:4] if name == "name_prefix" else names[0]
            schema["examples"] = [[example] if schema["type"] == "array" else example]
        elif own := values.get(VALUE_FIELDS.get(name, "")):
            size = len(PARAMETER_VALUES[name])
            schema["examples"] = [own[:size] if schema["type"] == "array" else own[0]]
    document["info"]["description"] = describe_api(ask_questions(values, names))
    return document


def has_own_examples(snapshot: Snapshot) -> bool:
    """Tell whether a corpus has the articles that the examples speak of."""
    return all(snapshot.resolve_value("id", id) for id in ("stanislav-petrov", *PARAMETER_VALUES["id"]))


def list_values(snapshot: Snapshot, field: str) -> list[str]:
    """Return a few values of a field, the most frequent first; of ids the first ones."""
    if field == "id":
        return [id for id, _ in snapshot.kinds["articles"].searcher.terms_with_prefix("id", "", limit=3)]
    return [value for value, _ in islice(snapshot.value_counts("articles", field).values, 3)]


def iter_parameters(document: Node) -> Iterator[Node]:
    """Yield the query parameters of a document, shared ones and those of one operation."""
    parameters = [*document["components"]["parameters"].values()]
    parameters += [parameter for operation in iter_operations(document) for parameter in operation["parameters"]]
    yield from (parameter for parameter in parameters if parameter.get("in") == "query")


def ask_questions(values: dict[str, list[str]], names: list[str]) -> dict[str, str]:
    """Return questions about a corpus as `QUESTIONS` has them, without those that it has no values for."""
    questions: dict[str, str] = {}
    if names:
        q = urlencode({"q": f'"{names[0]}"'})
        questions[f"articles?{q}"] = f"Articles with the words {names[0]}, the most relevant first."
        questions[f"entities?{q}&type=person"] = "People who are mentioned in these articles."
    if len(names) > 1:
        both = urlencode({"entity": values["entity"][:2]}, doseq=True)
        questions[f"articles?{both}"] = f"Articles that mention both {names[0]} and {names[1]}."
        questions[f"paragraphs?{both}"] = "Paragraphs that mention both."
    if values["tag"]:
        questions[f"timeline?{urlencode({'tag': values['tag'][0]})}&interval=year"] = (
            "Articles with a tag, counted by year."
        )
    return questions or QUESTIONS
