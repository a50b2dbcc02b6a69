"""How a query string becomes a question: read once, and what is wrong with it is said by name."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cache
from hashlib import blake2b
from typing import Annotated, Any, Generic, NamedTuple, TypeVar, get_origin
from urllib.parse import parse_qsl, urlencode

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from starlette.requests import Request

from app.problems import ErrorShape, refuse
from app.search.filters import Filters
from app.shapes import OffsetUnit

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


def integer(value: Any) -> int:
    """A whole number in plain digits."""
    if not re.fullmatch(r"[0-9]{1,9}", str(value)):
        raise ValueError(f"'{str(value)[:40]}' is not a whole number")
    return int(value)


Limit = Annotated[int, BeforeValidator(integer), Field(ge=1, le=100)]


class Paged(Filters):
    """Filters, and which of the selected to show."""

    limit: Limit = 20
    """How many to show, at most 100."""
    cursor: Annotated[str, Field(min_length=1, max_length=4000)] | None = None
    """Where to go on: from `next` or `previous` of an answer to the same question."""


class Empty(BaseModel):
    """No parameters at all."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Reading(Empty):
    """How one article or paragraph is shown."""

    offset_unit: OffsetUnit = "codepoint"
    """What the offsets of mentions count."""


Model = TypeVar("Model", bound=BaseModel)


class Asked(NamedTuple, Generic[Model]):
    """A question, with what is needed to ask on."""

    question: Model
    parameters: list[tuple[str, str]]
    """As they were given."""
    path: str

    def link(self, root_path: str, cursor: str) -> str:
        """The address of another page of the same answer."""
        kept = [(name, value) for name, value in self.parameters if name != "cursor"]
        return f"{root_path}{self.path}?{urlencode([*kept, ('cursor', cursor)])}"

    @property
    def digest(self) -> str:
        """Names what is asked, whichever page of it, and however it was spelled."""
        asked = self.question.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_defaults=True)
        return blake2b(orjson.dumps([self.path, asked], option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()


def asks(model: type[Model], path: str) -> Callable[[Request], Asked[Model]]:
    """The dependency that reads a query string as this model."""

    async def read(request: Request) -> Asked[Model]:
        parameters = split(request.scope["query_string"])
        return Asked(validate(model, parameters), parameters, path)

    return read  # type: ignore[return-value]


def split(query_string: bytes) -> list[tuple[str, str]]:
    """Names and values. Raises `Problem` where they can't be read."""
    try:
        parameters = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000
        )
    except ValueError:
        message = "The query string is not percent-encoded UTF-8, or has more than 1,000 parameters."
        raise refuse([{"parameter": "", "message": message}]) from None
    return parameters


def validate(model: type[Model], parameters: list[tuple[str, str]]) -> Model:
    """The question that the parameters ask. Raises `Problem` with everything that is wrong with them."""
    repeatable = lists(model)
    given: dict[str, Any] = {}
    errors: list[ErrorShape] = []
    for name, value in parameters:
        if name in repeatable:
            given.setdefault(name, []).append(value)
        elif name in given and name in model.model_fields:
            errors.append({"parameter": name, "message": f"`{name}` is given twice; it takes one value."})
        else:
            given[name] = value
    try:
        question = model.model_validate(given)
    except ValidationError as error:
        errors += [explain(model, it) for it in error.errors(include_url=False)]
    if errors:
        raise refuse(errors)
    return question


@cache
def lists(model: type[BaseModel]) -> frozenset[str]:
    """The parameters that may be repeated."""
    return frozenset(name for name, it in model.model_fields.items() if get_origin(it.annotation) is list)


def explain(model: type[BaseModel], error: Mapping[str, Any]) -> ErrorShape:
    """What is wrong with one parameter, and the nearest that would have been right."""
    name = str(error["loc"][0])
    shown, context, value = name[:60], error.get("ctx", {}), str(error["input"])[:60]
    match error["type"]:
        case "extra_forbidden":
            near = nearest_parameter(model, name)
            hint = f"; did you mean `{near[0]}`?" if near else "."
            said = f"There is no parameter `{shown}`{hint}"
            return {"parameter": shown, "message": said, **({"did_you_mean": near} if near else {})}  # type: ignore[typeddict-item]
        case "literal_error":
            expected = re.findall(r"'([^']*)'", context["expected"])
            near = get_close_matches(value, expected, n=1)
            said = f"`{shown}` can't be '{value}'; it is one of {', '.join(expected)}."
            return {"parameter": shown, "message": said, **({"did_you_mean": near} if near else {})}  # type: ignore[typeddict-item]
        case "value_error":
            said = f"`{shown}`: {context['error']}."
        case "less_than_equal":
            said = f"`{shown}` may be at most {context['le']}."
        case "greater_than_equal":
            said = f"`{shown}` must be at least {context['ge']}."
        case "too_long":
            said = f"`{shown}` takes at most {context['max_length']} values."
        case "string_too_long":
            said = f"A value of `{shown}` has at most {context['max_length']} characters."
        case "string_too_short":
            said = f"`{shown}` is empty; leave it out or give it a value."
        case _:
            said = f"`{shown}`: {error['msg']}."
    return {"parameter": shown, "message": said}


def nearest_parameter(model: type[BaseModel], name: str) -> list[str]:
    """The parameter that somebody who wrote this may have meant, by meaning or by spelling."""
    folded = name.lower().strip().replace("-", "_")
    meant = SYNONYMS.get(folded)
    if meant in model.model_fields:
        return [meant]
    return get_close_matches(folded, model.model_fields, n=1, cutoff=0.6)


def parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    """The same model, as OpenAPI describes parameters."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return [
        {
            "name": name, "in": "query", "required": False,
            "description": it.pop("description", ""),
            "schema": {key: value for key, value in it.items() if key != "title"},
        }
        for name, it in schema["properties"].items()
    ]  # fmt: skip
