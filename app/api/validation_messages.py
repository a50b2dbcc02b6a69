"""What is wrong with a parameter, and what would have been right: by name, in a sentence."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, get_origin

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.responses import Response

from app.api.errors import invalid_params, request_path
from app.api.query_string import query_model
from app.rendering import JsonObject
from app.search.suggestions import FEW, suggest
from app.text import fold_name

SYNONYMS = {
    "authors": "author", "by": "author", "before": "published_to", "count": "limit", "date": "published_from",
    "end": "published_to", "entities": "entity", "from": "published_from", "ids": "id", "lang": "language",
    "max": "limit", "mention": "entity", "offset": "cursor", "order": "sort", "order_by": "sort",
    "page": "cursor", "page_size": "limit", "per_page": "limit", "person": "entity", "prefix": "name_prefix",
    "query": "q", "role": "q_in", "scope": "within", "search": "q", "since": "published_from", "size": "limit",
    "start": "published_from", "tags": "tag", "text": "q", "to": "published_to", "topic": "tag",
    "until": "published_to",
    "after": "published_from", "year": "published_from", "types": "entity_type", "expand": "include",
    "place": "entity", "location": "entity", "organization": "entity", "organisation": "entity", "name": "entity",
    "wikidata": "entity", "entity__in": "entity_any", "type": "entity_type", "publisher": "source", "site": "source",
    "domain": "source", "sources": "source", "byline": "author", "creator": "author", "category": "tag",
    "categories": "tag", "subject": "tag", "section": "tag", "keyword": "q", "keywords": "q", "term": "q", "terms": "q",
    "rows": "limit", "_size": "limit", "top": "limit", "first": "limit", "skip": "cursor", "after_cursor": "cursor",
    "date_from": "published_from", "start_date": "published_from", "from_date": "published_from",
    "published_after": "published_from", "date_to": "published_to", "end_date": "published_to",
    "to_date": "published_to", "published_before": "published_to", "orderby": "sort", "sort_by": "sort",
    "sortby": "sort", "select": "fields", "attributes": "fields", "unit": "offset_unit", "encoding": "offset_unit",
    "operator": "match", "default_operator": "match", "granularity": "interval", "facets": "facet",
}  # fmt: skip
"""What other services call our parameters."""

VALUE_SYNONYMS = {
    "people": "person", "per": "person", "human": "person", "location": "place", "loc": "place", "gpe": "place",
    "city": "place", "country": "place", "org": "organization", "organisation": "organization", "fac": "place",
    "company": "organization", "norp": "group", "work_of_art": "work", "misc": "other", "headline": "title",
    "text": "body", "paragraph": "body", "newest": "-published", "date": "-published", "latest": "-published",
    "-date": "-published", "desc": "-published", "oldest": "published", "asc": "published", "score": "relevance",
    "rank": "relevance", "best": "relevance", "count": "-count", "frequency": "-count", "html": "markup", "or": "any",
    "and": "all", "monthly": "month", "yearly": "year", "daily": "day", "characters": "codepoint", "bytes": "utf8",
}  # fmt: skip
"""What other services call the values of our parameters."""

SENTENCES = {
    "greater_than_equal": "`{name}` must be at least {ge}.",
    "less_than_equal": "`{name}` may be at most {le:,}.",
    "string_too_long": "A value of `{name}` has at most {max_length:,} characters.",
    "string_too_short": "`{name}` is empty; leave it out or give it a value.",
    "repeated": "`{name}` is given twice; it takes one value.",
    "not_utf8": "`{name}` is not UTF-8 when it is percent-decoded.",
    "too_long": "`{name}` takes at most {max_length} values.",
    "value_error": "`{name}`: {error}.",
}
"""What the kinds of error mean that have no nearest right value."""


Suggest = Callable[[str, Iterable[str]], list[str]]
"""Finds the known word that is spelled most like another one."""


async def validation_error_handler(request: Request, error: Exception) -> Response:
    """Answer invalid parameters with a problem that names each of them."""
    assert isinstance(error, RequestValidationError)
    errors = explain_errors(query_model(request.scope["route"]), error.errors())
    return invalid_params(errors).response(request_path(request.scope))


def explain_errors(model: type[BaseModel], errors: Sequence[Mapping[str, Any]]) -> list[JsonObject]:
    """Say what is wrong with each parameter, and of the first few, what is spelled most like it."""
    first = sum(error["type"] == "repeated" for error in errors)
    return [
        describe_error(model, error, suggest if place < first + FEW else suggest_nothing)
        for place, error in enumerate(errors)
    ]


def suggest_nothing(_word: str, _known: Iterable[str]) -> list[str]:
    """Stand for `suggest` where there are too many wrong words."""
    return []


def describe_error(model: type[BaseModel], error: Mapping[str, Any], suggest: Suggest) -> JsonObject:
    """What is wrong with one parameter, and the nearest that would have been right."""
    name = str(error["loc"][1])
    shown, context, value = name[:60], error.get("ctx", {}), str(error["input"])[:60]
    match error["type"]:
        case "extra_forbidden":
            near = nearest_parameter(model, name, suggest)
            return with_suggestion(shown, f"There is no parameter `{shown}`", near)
        case "literal_error":
            possible = re.findall(r"'([^']*)'", context["expected"])
            said = f"`{shown}` can't be '{value}'; it is one of {', '.join(possible)}"
            near = nearest_value(value, possible, suggest)
            return with_suggestion(shown, said, near, repeat_hint(model, name, value))
        case "no_such_field":
            value = context["field"]
            said = f"`{shown}`: there is no field '{value}'"
            return with_suggestion(shown, said, context["near"], repeat_hint(model, name, value))
        case kind if kind in SENTENCES:
            return {"parameter": shown, "message": SENTENCES[kind].format(name=shown, **context)}
        case _:
            return with_suggestion(shown, f"`{shown}`: {error['msg']}", [])


def with_suggestion(parameter: str, said: str, near: list[str], more: str = "") -> JsonObject:
    """A sentence, with the nearest that would have been right where there is one."""
    if not near:
        return {"parameter": parameter, "message": f"{said}.{more}"}
    return {"parameter": parameter, "message": f"{said}; did you mean `{near[0]}`?{more}", "did_you_mean": near}


def repeat_hint(model: type[BaseModel], name: str, value: str) -> str:
    """What to say to somebody who put several values into one."""
    if "," not in value or get_origin(model.model_fields[name].annotation) is not tuple:
        return ""
    return f" For several values, repeat the parameter: {name}=...&{name}=..."


def nearest_parameter(model: type[BaseModel], name: str, suggest: Suggest) -> list[str]:
    """The parameter that somebody who wrote this may have meant, by meaning or by spelling."""
    folded = name[:60].lower().strip().replace("-", "_")
    meant = SYNONYMS.get(folded)
    if meant in model.model_fields:
        return [meant]
    return suggest(folded, model.model_fields)


def nearest_value(value: str, possible: Sequence[str], suggest: Suggest) -> list[str]:
    """Return the possible value that somebody who wrote this may have meant, by meaning or by spelling."""
    meant = VALUE_SYNONYMS.get(fold_name(value))
    return [meant] if meant is not None and meant in possible else suggest(value, possible)
