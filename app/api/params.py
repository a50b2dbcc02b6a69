"""How a query string becomes a question: read once, and what is wrong with it is said by name."""

import re
from functools import cache
from hashlib import blake2b
from math import inf
from typing import Annotated, Any, Generic, NamedTuple, TypeVar, get_origin
from urllib.parse import parse_qsl, urlencode

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.api.deps import Corpus
from app.api.docs.examples import VALUES
from app.api.errors import ErrorShape, Problem, invalid_params
from app.api.facets import Facet
from app.api.validation_messages import explain_errors
from app.search.filters import FilterParams


def parse_int(value: Any) -> int:
    """A whole number in plain digits; one beyond a billion is as good as a billion, for all bounds are below."""
    if not re.fullmatch(r"-?[0-9]+", str(value)):
        raise ValueError(f"'{str(value)[:40]}' is not a whole number")
    return int(str(value)[:10])


PLACES_COUNT = re.compile(r'["“”„«»*~]')
"""What may stand in a `q` that has phrases, prefixes or misspelt words, which take longer to find."""
MOVED = re.compile(r'["“”„«»]~')
"""What stands in a `q` with phrases whose words may be moved, which take far longer."""
MANY_LETTERS = 60
"""A `q` of more characters may have so many words that making a query of them takes long, whatever there is to find."""

NEVER, VAST, HUGE, LARGE, ALWAYS = inf, 200_000, 70_000, 2_000, 0
"""From so many articles on, a question may take over some two milliseconds."""


def dear_words(q: str | None) -> float:
    """From how many articles on these words may take so long to find."""
    if q is None:
        return NEVER
    if len(q) > MANY_LETTERS or MOVED.search(q):
        return ALWAYS
    if PLACES_COUNT.search(q):
        return LARGE
    return HUGE if len(q.split()) > 1 else NEVER


Limit = Annotated[int, Field(ge=1, le=100), BeforeValidator(parse_int)]


class ListParams(FilterParams):
    """Filters, and which of the selected to show."""

    limit: Limit = 20
    """How many to show, at most 100."""
    cursor: Annotated[str, Field(min_length=1, max_length=4000)] | None = None
    """Where to go on: from `next` or `previous` of an answer to the same question."""
    facet: tuple[Facet, ...] = ()
    """Count how the selection divides by these: how many of it have each value."""
    facet_size: Limit = 10
    """How many values of each facet to show, at most 100."""

    @property
    def dear_from(self) -> float:
        """From how many articles on it may take over some two milliseconds."""
        # The first page of everything is known; what stands behind it has to be found.
        found = VAST if self.filtered or self.cursor else NEVER
        return min(dear_words(self.q), LARGE if self.facet or self.within else found)


class NoParams(BaseModel):
    """No parameters at all."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    @property
    def dear_from(self) -> float:
        """Looking something up never takes that long."""
        return NEVER


Model = TypeVar("Model", bound=BaseModel)


class Asked(NamedTuple, Generic[Model]):
    """A question, with what is needed to ask on."""

    question: Model
    parameters: list[tuple[str, str]]
    """As they were given."""
    path: str
    corpus: Corpus
    """What it is put to."""

    def link(self, root_path: str, cursor: str) -> str:
        """The address of another page of the same answer."""
        kept = urlencode([(name, value) for name, value in self.parameters if name != "cursor"])
        return f"{root_path}{self.path}?{kept}{'&' if kept else ''}cursor={cursor}"

    @property
    def digest(self) -> str:
        """Names what is asked, whichever page of it, and in whatever order."""
        asked = sorted(given for given in self.parameters if given[0] not in ("limit", "cursor"))
        return blake2b(orjson.dumps([self.path, asked]), digest_size=6).hexdigest()


def parse_query_string(query_string: bytes) -> list[tuple[str, str]]:
    """Names and values. Raises `Problem` where they can't be read."""
    try:
        parameters = parse_qsl(
            query_string.decode("utf-8", "surrogateescape"),
            keep_blank_values=True, errors="surrogateescape", max_num_fields=1000,
        )  # fmt: skip
    except ValueError:
        raise Problem(422, "The query string has more than 1,000 parameters.") from None
    undecodable = [name for name, value in parameters if not (is_utf8(name) and is_utf8(value))]
    if undecodable:
        shown = [name[:60].encode(errors="replace").decode() for name in dict.fromkeys(undecodable)]
        raise invalid_params([
            {"parameter": name, "message": f"`{name}` is not UTF-8 when it is percent-decoded."} for name in shown
        ])  # fmt: skip
    return parameters


SURROGATE = re.compile("[\ud800-\udfff]")
"""What a byte is decoded to that is not UTF-8."""


def is_utf8(text: str) -> bool:
    """Whether the bytes that this was decoded from were UTF-8."""
    return text.isascii() or not SURROGATE.search(text)


def validate_params(model: type[Model], parameters: list[tuple[str, str]]) -> Model:
    """The question that the parameters ask. Raises `Problem` with everything that is wrong with them."""
    repeatable = repeatable_params(model)
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
        errors += explain_errors(model, error.errors(include_url=False))
    if errors:
        raise invalid_params(errors)
    return question


@cache
def repeatable_params(model: type[BaseModel]) -> frozenset[str]:
    """The parameters that may be repeated."""
    return frozenset(name for name, it in model.model_fields.items() if get_origin(it.annotation) is tuple)


def parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    """The same model, as OpenAPI describes parameters."""
    properties = model.model_json_schema(ref_template="#/components/schemas/{model}")["properties"]
    return [parameter(name, schema) for name, schema in properties.items()]


def parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """One of them. That it may be left out needs no type of its own, for nothing in an address is null."""
    given, *_ = schema.pop("anyOf", [{}])
    said = {"name": name, "in": "query", "required": False, "description": schema.pop("description")}
    kept = {key: value for key, value in schema.items() if key != "title" and value not in (None, [])}
    examples = schema.get("examples") or [VALUES[name]]
    return {**said, "schema": {**given, **kept, "examples": examples}}
