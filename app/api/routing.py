"""Route classes: `CachedRoute` gets ETags and cached responses, `QueryRoute` also parses the query string once."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from inspect import isclass, iscoroutinefunction, signature
from typing import Any

from fastapi import Request
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.responses import Response

from app.api.cost import is_slow
from app.api.deps import Corpus, get_corpus
from app.api.query_string import QueryString, get_query_string, parse_query_string, query_model, validate_params
from app.system.threads import LongWorkError, run_in_low_priority_thread


class CachedRoute(APIRoute):
    """A route whose responses depend on nothing but the URL and the revision of the corpus.

    `CachingMiddleware` gives them `ETag` and `Last-Modified`, answers conditional requests, and caches them.
    """


class QueryRoute(CachedRoute):
    """A route that parses the query string once and validates all parameters together.

    FastAPI validates each parameter by itself, which takes 240 us for our 33; all together take 30. A `def` endpoint
    runs in a thread only where `is_slow` says so: handing over to a thread takes 120 us. Without this class the
    API answers the same, 2.4 to 3.6 times slower (tests/api/test_routing.py).

    It knows path parameters, one `Query()` model, `CorpusDep` and `QueryStringDep`, in a `def` endpoint that returns a
    `Response`; an endpoint that declares anything else is left to FastAPI. Dependencies of `include_router` are not
    seen: declare them at the router or the endpoint.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request to this route."""
        if not is_query_endpoint(self.endpoint, self.dependant):
            return super().get_route_handler()
        endpoint: Callable[..., Response] = self.endpoint
        path, model = self.path, query_model(self)
        bind = ArgumentBinder.for_endpoint(self.dependant).bind

        async def handle(request: Request) -> Response:
            corpus = get_corpus(request)
            query = QueryString(path, parse_query_string(request.scope["query_string"]))
            params = validate_params(model, query.parameters)
            answer = partial(endpoint, **bind(request, params, corpus, query))
            if not is_slow(params, corpus, len(query.parameters)):
                # Nothing is changed by answering: what turns out to be slow is begun again in a thread.
                with suppress(LongWorkError):
                    return answer()
            return await run_in_low_priority_thread(answer)

        return handle


def is_query_endpoint(endpoint: Callable[..., Any], dependant: Dependant) -> bool:
    """Return whether an endpoint declares only what `QueryRoute` knows."""
    returned = signature(endpoint).return_annotation
    if iscoroutinefunction(endpoint) or not (isclass(returned) and issubclass(returned, Response)):
        return False
    known = Dependant(
        path_params=dependant.path_params,
        query_params=[field for field in dependant.query_params if is_model(field)][:1],
        dependencies=[part for part in dependant.dependencies if part.call in (get_corpus, get_query_string)],
        name=dependant.name,
        call=dependant.call,
        path=dependant.path,
        scope=dependant.scope,
    )
    return known == dependant


def is_model(field: ModelField) -> bool:
    """Return whether a query parameter is a model of several."""
    return isclass(field.field_info.annotation) and issubclass(field.field_info.annotation, BaseModel)


@dataclass(frozen=True, slots=True)
class ArgumentBinder:
    """Collects the arguments of an endpoint by their names."""

    params: str | None
    corpus: str | None
    query: str | None
    path: tuple[ModelField, ...]

    @classmethod
    def for_endpoint(cls, dependant: Dependant) -> "ArgumentBinder":
        """Return the binder of an endpoint that declares only what `QueryRoute` knows."""
        names = {part.call: part.name for part in dependant.dependencies if part.name}
        params = next((field.name for field in dependant.query_params), None)
        return cls(params, names.get(get_corpus), names.get(get_query_string), tuple(dependant.path_params))

    def bind(self, request: Request, params: BaseModel, corpus: Corpus, query: QueryString) -> dict[str, Any]:
        """Return the arguments. Raises `RequestValidationError` where a path parameter is invalid."""
        arguments: dict[str, Any] = {}
        if self.params:
            arguments[self.params] = params
        if self.corpus:
            arguments[self.corpus] = corpus
        if self.query:
            arguments[self.query] = query
        for field in self.path:
            value, errors = field.validate(request.path_params[field.alias], loc=("path", field.alias))
            if errors:
                raise RequestValidationError(errors)
            arguments[field.name] = value
        return arguments
