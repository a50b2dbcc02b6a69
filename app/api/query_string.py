"""Query strings: parse one, validate its parameters with a model, make it canonical, and link to other pages."""

import re
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Annotated, Any, NamedTuple, TypeVar, get_origin
from urllib.parse import parse_qsl, urlencode

import orjson
from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

from app.api.deps import CorpusDep
from app.api.errors import Problem
from app.api.params import PREREQUISITES, NoParams

MAX_PARAMETERS = 1000
"""Most parameters of a request, repeated ones counted."""

Model = TypeVar("Model", bound=BaseModel)


class QueryString(NamedTuple):
    """The path of a route, and the canonical parameters of a request to it."""

    path: str
    parameters: list[tuple[str, str]]

    def page_url(self, root_path: str, cursor: str) -> str:
        """Return the URL of another page of the same list."""
        others = urlencode([(name, value) for name, value in self.parameters if name != "cursor"])
        return f"{root_path}{self.path}?{others}{'&' if others else ''}cursor={cursor}"

    @property
    def hash(self) -> str:
        """Return a hash that all pages of a list share, whatever the order of the values."""
        parameters = sorted(pair for pair in self.parameters if pair[0] not in ("limit", "cursor"))
        return blake2b(orjson.dumps([self.path, parameters]), digest_size=6).hexdigest()


def get_query_string(request: Request, _corpus: CorpusDep) -> QueryString:
    """Return the query string, validated more strictly than by FastAPI. Raises `RequestValidationError`.

    FastAPI takes the last value of a repeated parameter and replaces bytes that are not UTF-8. The dependency on the
    corpus comes first: without a corpus, every request gets a 503.
    """
    route: APIRoute = request.scope["route"]
    query, _ = parse_query(route.path, query_model(route), request.scope["query_string"])
    return query


QueryStringDep = Annotated[QueryString, Depends(get_query_string)]


def query_model(route: APIRoute) -> type[BaseModel]:
    """Return the model of a route's query parameters; `NoParams` where the endpoint declares none."""
    annotations = [field.field_info.annotation for field in route.dependant.query_params]
    models = (type_ for type_ in annotations if isinstance(type_, type) and issubclass(type_, BaseModel))
    return next(models, NoParams)


def parse_query(path: str, model: type[Model], query_string: bytes) -> tuple[QueryString, Model]:
    """Return the canonical query and its parameters. Raises `Problem` and `RequestValidationError`."""
    parameters = parse_query_string(query_string)
    params = validate_params(model, parameters)
    return QueryString(path, canonicalize(params, parameters)), params


def canonicalize(params: BaseModel, parameters: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the parameters that differ from their defaults, in the order of the model; times as they were sent."""
    sent = dict(parameters)
    canonical: list[tuple[str, str]] = []
    for name, field in type(params).model_fields.items():
        if name in sent and (value := getattr(params, name)) != field.default:
            texts = value if isinstance(value, tuple) else [sent[name] if isinstance(value, datetime) else value]
            canonical += [(name, str(text).lower() if isinstance(text, bool) else str(text)) for text in texts]
    return canonical


def parse_query_string(query_string: bytes) -> list[tuple[str, str]]:
    """Return names and values in the order of the URL. Raises `Problem` and `RequestValidationError`."""
    try:
        parameters = parse_qsl(
            query_string.decode("utf-8", "surrogateescape"),
            keep_blank_values=True,
            errors="surrogateescape",
            max_num_fields=MAX_PARAMETERS,
        )
    except ValueError:
        raise Problem(422, f"The query string has more than {MAX_PARAMETERS:,} parameters.") from None
    undecodable = [name for name, value in parameters if not (is_utf8(name) and is_utf8(value))]
    if undecodable:
        names = [name[:60].encode(errors="replace").decode() for name in dict.fromkeys(undecodable)]
        raise RequestValidationError([parameter_error("not_utf8", name) for name in names])
    return parameters


SURROGATE = re.compile("[\ud800-\udfff]")
"""The characters to which the error handler `surrogateescape` decodes bytes that are not UTF-8."""


def is_utf8(text: str) -> bool:
    """Return whether the bytes that the text was decoded from were UTF-8."""
    return text.isascii() or not SURROGATE.search(text)


def validate_params(model: type[Model], parameters: list[tuple[str, str]]) -> Model:
    """Return the parameters as an instance of the model. Raises `RequestValidationError` with all errors."""
    repeatable = repeatable_params(model)
    values: dict[str, Any] = {}
    errors: list[dict[str, Any]] = []
    for name, value in parameters:
        if name in repeatable:
            values.setdefault(name, []).append(value)
        elif name in values and name in model.model_fields:
            errors.append(parameter_error("repeated", name))
        else:
            values[name] = value
    errors += [
        parameter_error("prerequisite", name, needed=needed)
        for name, (needed, default) in prerequisites(model).items()
        # Swagger UI sends the defaults of parameters that nobody has filled in.
        if name in values and needed not in values and values[name] != default
    ]
    try:
        params = model.model_validate(values)
    except ValidationError as error:
        errors += [{**line, "loc": ("query", *line["loc"])} for line in error.errors(include_url=False)]
    if errors:
        raise RequestValidationError(errors)
    return params


def parameter_error(kind: str, name: str, **context: str) -> dict[str, Any]:
    """Return an error about a parameter, with the keys of Pydantic's errors."""
    return {"type": kind, "loc": ("query", name), "msg": kind, "input": "", "ctx": context}


@cache
def repeatable_params(model: type[BaseModel]) -> frozenset[str]:
    """Return the names of the parameters that may be repeated."""
    return frozenset(name for name, field in model.model_fields.items() if get_origin(field.annotation) is tuple)


@cache
def prerequisites(model: type[BaseModel]) -> dict[str, tuple[str, str]]:
    """Return the parameters that need another one: which, and their default."""
    return {
        name: (needed, str(model.model_fields[name].default))
        for name, needed in PREREQUISITES.items()
        if name in model.model_fields
    }
