"""Validation: turn a raw article into an `ArticleDocument`, or Pydantic's errors into sentences for the author."""

import difflib
import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.seeding.document import (
    ArticleDocument,
    DateDocument,
    Document,
    EntityDocument,
    MentionDocument,
    ParagraphDocument,
)
from app.seeding.limits import MOST_WARNINGS
from app.seeding.normalize.raw import JsonPath, RawArticle, format_path

UNION_MEMBERS = {"str", "constrained-str", "int", EntityDocument.__name__}
"""Steps that Pydantic adds to the location of a value whose type is a union."""
MEANINGS_BY_POSITION = {"dict[constrained-str,nullable[constrained-str]]", "[key]"}
"""Those of a value under `entities` that holds the positions of paragraphs."""

EXPECTED: dict[str | int, str] = {
    "": "should be an entity's id, null, or an object with these by the position of a paragraph",
    "entity": "should be an entity's id, an object {name, type, wikidata}, or null",
    "wikidata": "should be Q and a number, such as Q2280",
    "language": "should be a language tag, such as en or pt-BR",
    "published_at": "should be a date, such as 2025-12-18",
    "updated_at": "should be a date, such as 2025-12-18",
}
"""Plainer words than Pydantic's, by key: its own would quote a regular expression or list the union's types."""


def validate(raw: RawArticle) -> ArticleDocument | None:
    """Validate the document of a raw article; None, with a fault for every error, if it is invalid."""
    try:
        return ArticleDocument.model_validate(raw.document)
    except ValidationError as error:
        errors = select_innermost(error.errors(include_url=False))
        for path, details in errors[:MOST_WARNINGS]:
            raw.add_fault(describe_error(path, details), *path)
        if len(errors) > MOST_WARNINGS:
            raw.add_fault(f"There are {len(errors) - MOST_WARNINGS:,} more faults in this article.")
        return None


def select_innermost(errors: Iterable[ErrorDetails]) -> list[tuple[JsonPath, ErrorDetails]]:
    """Keep one error for each path, and none for a value that holds another value with an error."""
    added = UNION_MEMBERS | MEANINGS_BY_POSITION
    by_path = {tuple(step for step in error["loc"] if step not in added): error for error in errors}
    outer = {path[:length] for path in by_path for length in range(len(path))}
    return [(path, error) for path, error in by_path.items() if path not in outer]


def describe_error(path: JsonPath, error: ErrorDetails) -> str:
    """Describe an error in one sentence: what is wrong at this path, and what was expected."""
    name = format_path(path)
    match error["type"]:
        case "missing":
            return f"`{name}` is missing."
        case "extra_forbidden":
            keys = tuple(find_model(path).model_fields)
            matches = difflib.get_close_matches(str(path[-1])[:40], keys, n=1)
            return f"`{name}` is not a key; " + (
                f"did you mean `{matches[0]}`?" if matches else f"expected one of {', '.join(keys)}."
            )
        case "too_long":
            context = error.get("ctx", {})
            return f"`{name}` has more than {context['max_length']:,} items; expected at most so many."
        case "string_too_long":
            context = error.get("ctx", {})
            return f"`{name}` has {len(error['input']):,} characters; expected at most {context['max_length']:,}."
    expected = EXPECTED.get("" if path[0] == "entities" else path[-1]) or re.sub(r"^\w+ should", "should", error["msg"])
    return f"`{name}` {expected}; it is {describe_value(error['input'])}."


def find_model(path: JsonPath) -> type[Document]:
    """Return the model of the object that has a key at this path."""
    if path[0] == "paragraphs":
        return DateDocument if "dates" in path[:-1] else ParagraphDocument
    return EntityDocument if "entity" in path[:-1] else MentionDocument


def describe_value(value: Any) -> str:
    """Describe a value so that a sentence can hold it."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return f"'{value[:60]}'"
        case list():
            return "a list"
        case dict():
            return "an object"
    return str(value)[:60]
