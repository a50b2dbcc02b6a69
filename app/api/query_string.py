"""Query strings: parse one once, validate it against a model of parameters, and link to other pages."""

import re
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
from app.api.params import NoParams

MAX_PARAMETERS = 1000

Model = TypeVar("Model", bound=BaseModel)


class QueryString(NamedTuple):
    """The parameters of a request as they were sent, and the path they were sent to."""

    path: str
    parameters: list[tuple[str, str]]

    def page_url(self, root_path: str, cursor: str) -> str:
        """Return the URL of another page of the same list."""
        others = urlencode([(name, value) for name, value in self.parameters if name != "cursor"])
        return f"{root_path}{self.path}?{others}{'&' if others else ''}cursor={cursor}"

    @property
    def hash(self) -> str:
        """Return what all pages of one list have in common, whatever the order of the parameters."""
        parameters = sorted(pair for pair in self.parameters if pair[0] not in ("limit", "cursor"))
        return blake2b(orjson.dumps([self.path, parameters]), digest_size=6).hexdigest()


def get_query_string(request: Request, _corpus: CorpusDep) -> QueryString:
    """Return the query string, and refuse what FastAPI's own parsing lets pass. Raises `RequestValidationError`.

    FastAPI takes the last of two values where one is expected, and replaces bytes that are not UTF-8. Without a
    corpus, 503 is right whatever was asked, so that comes first.
    """
    route: APIRoute = request.scope["route"]
    query = QueryString(route.path, parse_query_string(request.scope["query_string"]))
    validate_params(query_model(route), query.parameters)
    return query


QueryStringDep = Annotated[QueryString, Depends(get_query_string)]


def query_model(route: APIRoute) -> type[BaseModel]:
    """Return the model of a route's query parameters; `NoParams` where the endpoint declares none."""
    annotations = [field.field_info.annotation for field in route.dependant.query_params]
    models = [it for it in annotations if isinstance(it, type) and issubclass(it, BaseModel)]
    return models[0] if models else NoParams


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
"""What the error handler `surrogateescape` decodes bytes to that are not UTF-8."""


def is_utf8(text: str) -> bool:
    """Return whether the bytes that the text was decoded from were UTF-8."""
    return text.isascii() or not SURROGATE.search(text)


def validate_params(model: type[Model], parameters: list[tuple[str, str]]) -> Model:
    """Return the parameters as the model has them. Raises `RequestValidationError` with everything that is wrong."""
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
    try:
        params = model.model_validate(values)
    except ValidationError as error:
        errors += [{**each, "loc": ("query", *each["loc"])} for each in error.errors(include_url=False)]
    if errors:
        raise RequestValidationError(errors)
    return params


def parameter_error(kind: str, name: str) -> dict[str, Any]:
    """Return an error of our own in the shape of Pydantic's."""
    return {"type": kind, "loc": ("query", name), "msg": kind, "input": ""}


@cache
def repeatable_params(model: type[BaseModel]) -> frozenset[str]:
    """Return the names of the parameters that may be repeated."""
    return frozenset(name for name, field in model.model_fields.items() if get_origin(field.annotation) is tuple)
