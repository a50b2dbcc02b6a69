"""Validation messages: one sentence for each invalid parameter, with suggestions ("did you mean")."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, get_origin

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.responses import Response

from app.api.errors import invalid_params, respond
from app.api.query_string import query_model
from app.rendering import JsonObject
from app.search.names.suggestions import FEW, suggest
from app.text import fold_name

SYNONYMS = {
    synonym: parameter
    for parameter, synonyms in {
        "author": "authors by byline creator",
        "cursor": "after_cursor offset page skip",
        "entity": "entities location mention name organisation organization person place wikidata",
        "entity_any": "entity__in",
        "entity_type": "type types",
        "entity_name": "alias entity_label",
        "entity_in": "entity_role mention_role",
        "facet": "facets",
        "fields": "attributes select",
        "has": "exists non_empty",
        "id": "ids",
        "include": "expand",
        "interval": "granularity",
        "language": "lang",
        "limit": "_size count first max page_size per_page rows size top",
        "match": "default_operator operator",
        "min_confidence": "confidence min_score score threshold",
        "min_mentions": "min_count mentions mentions_min",
        "missing": "empty is_null null without",
        "name_prefix": "prefix",
        "offset_unit": "encoding unit",
        "published_from": "after date date_from from from_date published_after since start start_date year",
        "published_to": "before date_to end end_date published_before to to_date until",
        "updated_from": "lastmod_from modified modified_after modified_from modified_since updated updated_after "
        "updated_since",
        "updated_to": "lastmod_to modified_before modified_to updated_before",
        "q": "keyword keywords query search term terms text",
        "origin": "annotator origins provenance",
        "q_in": "role",
        "sort": "order order_by orderby sort_by sortby",
        "source": "domain publisher site sources",
        "tag": "categories category section subject tags topic",
        "within": "scope",
    }.items()
    for synonym in synonyms.split()
}
"""Names of parameters in other services, by which users may look for ours."""

VALUE_SYNONYMS = {
    synonym: value
    for value, synonyms in {
        "-count": "count frequency",
        "-published": "-date date desc latest newest",
        "all": "and",
        "any": "or",
        "body": "paragraph text",
        "codepoint": "characters",
        "day": "daily",
        "group": "norp",
        "markup": "html",
        "month": "monthly",
        "organization": "company org organisation",
        "other": "misc",
        "person": "human people per",
        "place": "city country fac gpe loc location",
        "published": "asc oldest",
        "-updated": "-lastmod -modified lastmod modified updated_at",
        "relevance": "best rank score",
        "title": "headline",
        "utf8": "bytes",
        "work": "work_of_art",
        "year": "yearly",
    }.items()
    for synonym in synonyms.split()
}
"""Values of parameters in other services."""

SENTENCES = {
    "greater_than_equal": "`{name}` must be at least {ge}.",
    "bool_parsing": "`{name}` is `true` or `false`.",
    "multiple_of": "`{name}` goes in steps of {multiple_of}; round it.",
    "less_than_equal": "`{name}` may be at most {le:,}.",
    "string_too_long": "A value of `{name}` has at most {max_length:,} characters.",
    "string_too_short": "`{name}` is empty; leave it out or give it a value.",
    "absent_field": "`{name}`: '{field}' comes only with `{needed}`; add that, or leave this out.",
    "prerequisite": "`{name}` needs `{needed}`; add that, or leave this out.",
    "repeated": "`{name}` is given twice; it takes one value.",
    "not_utf8": "`{name}` is not UTF-8 when it is percent-decoded.",
    "too_long": "`{name}` takes at most {max_length} values.",
    "value_error": "`{name}`: {error}.",
}
"""Messages by the type of Pydantic's error, for errors without suggestions."""

Suggest = Callable[[str, Iterable[str]], list[str]]
"""Takes a word and the valid ones, and returns those that are spelled alike, the most similar first."""


async def validation_error_handler(request: Request, error: Exception) -> Response:
    """Return the response to invalid parameters, with a message for each of them."""
    assert isinstance(error, RequestValidationError)
    errors = explain_errors(query_model(request.scope["route"]), error.errors())
    return respond(invalid_params(errors), request.scope)


def explain_errors(model: type[BaseModel], errors: Sequence[Mapping[str, Any]]) -> list[JsonObject]:
    """Return a message for each error, with suggestions for the first few."""
    repeated = sum(error["type"] == "repeated" for error in errors)
    return [
        describe_error(model, error, suggest if index < repeated + FEW else suggest_nothing)
        for index, error in enumerate(errors)
    ]


def suggest_nothing(_word: str, _known: Iterable[str]) -> list[str]:
    """Return no suggestions, where there are too many invalid words to look for them all."""
    return []


def describe_error(model: type[BaseModel], error: Mapping[str, Any], suggest: Suggest) -> JsonObject:
    """Return the message about one parameter, with suggestions."""
    name = str(error["loc"][1])
    shown, context, value = name[:60], error.get("ctx", {}), str(error["input"])[:60]
    match error["type"]:
        case "extra_forbidden":
            return with_suggestion(shown, f"There is no parameter `{shown}`", similar_parameters(model, name, suggest))
        case "literal_error":
            valid = re.findall(r"'([^']*)'", context["expected"])
            message = f"`{shown}` can't be '{value}'; it is one of {', '.join(valid)}"
            similar = similar_values(value, valid, suggest)
            return with_suggestion(shown, message, similar, repeat_hint(model, name, value))
        case "no_such_field":
            value = context["field"]
            message = f"`{shown}`: there is no field '{value}'"
            return with_suggestion(shown, message, context["suggestions"], repeat_hint(model, name, value))
        case kind if kind in SENTENCES:
            return {"parameter": shown, "message": SENTENCES[kind].format(name=shown, **context)}
        case _:
            return with_suggestion(shown, f"`{shown}`: {error['msg']}", [])


def with_suggestion(parameter: str, message: str, suggestions: list[str], hint: str = "") -> JsonObject:
    """Return the error with this message, which lacks its full stop, the suggestions, and a hint."""
    if not suggestions:
        return {"parameter": parameter, "message": f"{message}.{hint}"}
    message = f"{message}; did you mean `{suggestions[0]}`?{hint}"
    return {"parameter": parameter, "message": message, "did_you_mean": suggestions}


def repeat_hint(model: type[BaseModel], name: str, value: str) -> str:
    """Return a hint to repeat the parameter, where a value looks like several; else nothing."""
    if "," not in value or get_origin(model.model_fields[name].annotation) is not tuple:
        return ""
    return f" For several values, repeat the parameter: {name}=...&{name}=..."


def similar_parameters(model: type[BaseModel], name: str, suggest: Suggest) -> list[str]:
    """Return the parameters that an unknown name may stand for, by meaning or by spelling."""
    folded = name[:60].lower().strip().replace("-", "_")
    synonym = SYNONYMS.get(folded)
    if synonym in model.model_fields:
        return [synonym]
    return suggest(folded, model.model_fields)


def similar_values(value: str, valid: Sequence[str], suggest: Suggest) -> list[str]:
    """Return the valid values that an invalid one may stand for, by meaning or by spelling."""
    synonym = VALUE_SYNONYMS.get(fold_name(value))
    return [synonym] if synonym is not None and synonym in valid else suggest(value, valid)
