"""Whether a draft's keys make an `ArticleDocument`, and, where not, what of it is wrong, in sentences."""

import difflib
import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.seeding.document import ArticleDocument, EntityDocument, MentionDocument, ParagraphDocument
from app.seeding.limits import MOST_WARNINGS
from app.seeding.normalize.raw import JsonPath, RawArticle, format_path

INNER_KEYS = tuple(
    {key: None for model in (MentionDocument, ParagraphDocument, EntityDocument) for key in model.model_fields}
)
BRANCHES = {"str", "constrained-str", "int", EntityDocument.__name__}
"""What Pydantic adds to a place where a value may be of several kinds."""

EXPECTED: dict[str | int, str] = {
    "entity": "should be an entity's id, an object {name, type, wikidata}, or null",
    "wikidata": "should be Q and a number, such as Q2280",
    "language": "should be a language tag, such as en or pt-BR",
    "published_at": "should be a date, such as 2025-12-18",
}
"""Where Pydantic would say it in a roundabout way."""


def validate(draft: RawArticle) -> ArticleDocument | None:
    """The draft as a document; None, with faults taken down, where it is none."""
    try:
        return ArticleDocument.model_validate(draft.keys)
    except ValidationError as error:
        wrong = told_apart(error.errors(include_url=False))
        for place, detail in wrong[:MOST_WARNINGS]:
            draft.fault(sentence(place, detail), *place)
        if len(wrong) > MOST_WARNINGS:
            draft.fault(f"There are {len(wrong) - MOST_WARNINGS:,} more faults in this article.")
        return None


def told_apart(errors: Iterable[ErrorDetails]) -> list[tuple[JsonPath, ErrorDetails]]:
    """One error for each place; none for a value as a whole where there is one for a part of it."""
    placed = {tuple(step for step in error["loc"] if step not in BRANCHES): error for error in errors}
    inner = {place[:length] for place in placed for length in range(len(place))}
    return [(place, error) for place, error in placed.items() if place not in inner]


def sentence(place: JsonPath, error: ErrorDetails) -> str:
    """What is wrong at this place, and what was expected."""
    name = format_path(place)
    match error["type"]:
        case "missing":
            return f"`{name}` is missing."
        case "extra_forbidden":
            close = difflib.get_close_matches(str(place[-1])[:40], INNER_KEYS, n=1)
            return f"`{name}` is not a key" + (f"; did you mean `{close[0]}`?" if close else " that is known here.")
        case "too_long":
            context = error.get("ctx", {})
            return f"`{name}` has more than {context['max_length']:,} items; expected at most so many."
        case "string_too_long":
            context = error.get("ctx", {})
            return f"`{name}` has {len(error['input']):,} characters; expected at most {context['max_length']:,}."
    expected = EXPECTED.get(place[-1]) or re.sub(r"^\w+ should", "should", error["msg"])
    return f"`{name}` {expected}; it is {shown(error['input'])}."


def shown(value: Any) -> str:
    """A value as a sentence can hold it."""
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
