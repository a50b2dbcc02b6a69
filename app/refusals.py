"""What is wrong with a parameter, and what would have been right: by name, in a sentence."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_origin

from pydantic import BaseModel

from app.problems import ErrorShape

SYNONYMS = {
    "authors": "author", "by": "author", "before": "published_to", "count": "limit", "date": "published_from",
    "end": "published_to", "entities": "entity", "from": "published_from", "ids": "id", "lang": "language",
    "max": "limit", "mention": "entity", "offset": "cursor", "order": "sort", "order_by": "sort",
    "page": "cursor", "page_size": "limit", "per_page": "limit", "person": "entity", "prefix": "name_prefix",
    "query": "q", "role": "q_in", "scope": "within", "search": "q", "since": "published_from", "size": "limit",
    "start": "published_from", "tags": "tag", "text": "q", "to": "published_to", "topic": "tag",
    "until": "published_to",
    "after": "published_from", "year": "published_from", "types": "entity_type", "expand": "include",
}  # fmt: skip
"""What other services call our parameters."""

SENTENCES = {
    "greater_than_equal": "`{name}` must be at least {ge}.",
    "less_than_equal": "`{name}` may be at most {le:,}.",
    "string_too_long": "A value of `{name}` has at most {max_length} characters.",
    "string_too_short": "`{name}` is empty; leave it out or give it a value.",
    "too_long": "`{name}` takes at most {max_length} values.",
    "value_error": "`{name}`: {error}.",
}
"""What the kinds of error mean that have no nearest right value."""


def explain(model: type[BaseModel], error: Mapping[str, Any]) -> ErrorShape:
    """What is wrong with one parameter, and the nearest that would have been right."""
    name = str(error["loc"][0])
    shown, context, value = name[:60], error.get("ctx", {}), str(error["input"])[:60]
    match error["type"]:
        case "extra_forbidden":
            near = nearest_parameter(model, name)
            return told(shown, f"There is no parameter `{shown}`", near)
        case "literal_error":
            possible = re.findall(r"'([^']*)'", context["expected"])
            said = f"`{shown}` can't be '{value}'; it is one of {', '.join(possible)}"
            return told(shown, said, get_close_matches(value, possible, n=1), repeated(model, name, value))
        case "no_such_field":
            value = context["field"]
            said = f"`{shown}`: there is no field '{value}'"
            return told(shown, said, context["near"], repeated(model, name, value))
        case kind if kind in SENTENCES:
            return {"parameter": shown, "message": SENTENCES[kind].format(name=shown, **context)}
        case _:
            return told(shown, f"`{shown}`: {error['msg']}", [])


def told(parameter: str, said: str, near: list[str], more: str = "") -> ErrorShape:
    """A sentence, with the nearest that would have been right where there is one."""
    if not near:
        return {"parameter": parameter, "message": f"{said}.{more}"}
    return {"parameter": parameter, "message": f"{said}; did you mean `{near[0]}`?{more}", "did_you_mean": near}


def repeated(model: type[BaseModel], name: str, value: str) -> str:
    """What to say to somebody who put several values into one."""
    if "," not in value or get_origin(model.model_fields[name].annotation) is not tuple:
        return ""
    return f" For several values, repeat the parameter: {name}=...&{name}=..."


def nearest_parameter(model: type[BaseModel], name: str) -> list[str]:
    """The parameter that somebody who wrote this may have meant, by meaning or by spelling."""
    folded = name.lower().strip().replace("-", "_")
    meant = SYNONYMS.get(folded)
    if meant in model.model_fields:
        return [meant]
    return get_close_matches(folded, model.model_fields, n=1, cutoff=0.6)
