"""Route classes: `CachedRoute` gets ETags and cached responses, `QueryRoute` also parses the query string once.

`PageRoute` is a `CachedRoute` with an HTML page. `HtmlMount` leads to the pages of app/web.
"""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property, partial
from inspect import isclass, iscoroutinefunction, signature
from typing import Any, Protocol

from fastapi import FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from starlette.convertors import Convertor, register_url_convertor
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from app.api.cost import is_slow
from app.api.deps import Corpus, get_corpus
from app.api.middleware.negotiation import accepts_html
from app.api.query_string import QueryString, get_query_string, parse_query, query_model
from app.system.threads import LongWorkError, run_in_low_priority_thread


class IdConvertor(Convertor[str]):
    """Match an id in a path: ids hold no dot, so that the first one begins the suffix of an export."""

    regex = "[^/.]+"

    def convert(self, value: str) -> str:
        """Return the id as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Return the id as it is."""
        return value


register_url_convertor("id", IdConvertor())


class CachedRoute(APIRoute):
    """A route whose responses depend on nothing but the URL and the revision of the corpus.

    `CachingMiddleware` gives them `ETag` and `Last-Modified`, answers conditional requests, and caches them.
    """

    @cached_property
    def fixed_path(self) -> str:
        """The path up to its first parameter."""
        return self.path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is for this route.

        The comparison saves a timeline, whose route is the 14th, 4 of 10 us. The path may begin with the root path.
        """
        return super().matches(scope) if self.fixed_path in scope["path"] else (Match.NONE, {})


class PageRoute(CachedRoute):
    """A cached route with an HTML page, whose responses also depend on `Accept`, and which never refuses one."""


class HtmlMount(BaseRoute):
    """Mounts an application of HTML pages at all paths that end in `.html`, and at `/` for clients that accept HTML.

    `CachingMiddleware` treats its responses like those of a `CachedRoute`. All other requests pass it after one
    comparison (.2 us) instead of one with each page.
    """

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is for a page."""
        path, root = scope["path"], scope.get("root_path", "")
        if path.endswith(".html"):
            return Match.FULL, {}
        if path not in ("/", f"{root}/"):
            return Match.NONE, {}
        accept = b",".join(value for name, value in scope["headers"] if name == b"accept")
        return (Match.FULL if accepts_html(accept) else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request for a page; `api` in its scope is the application around this route."""
        await self.app({**scope, "api": scope["app"]}, receive, send)


class QueryRoute(CachedRoute):
    """A route that parses the query string once and validates all parameters together.

    FastAPI validates each parameter by itself, which takes 240 us for our 33; all together take 30. A `def` endpoint
    runs in a thread only if `is_slow` says so: handing over to a thread takes 120 us. Without this class the API
    responds the same, 2.4 to 3.6 times slower (tests/api/test_routing.py).

    It supports path parameters, one `Query()` model, `CorpusDep` and `QueryStringDep`, in a `def` endpoint that returns
    a `Response`. An endpoint that declares anything else is left to FastAPI, and so is a route to which
    `include_router` adds dependencies.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the function that responds to a request."""
        respond_as_fastapi = super().get_route_handler()

        async def respond(request: Request) -> Response:
            return await (self.respond if self.is_supported(request.scope["app"]) else respond_as_fastapi)(request)

        return respond

    @cached_property
    def is_supported(self) -> Callable[[FastAPI], bool]:
        """Tells whether this class supports the endpoint with the dependencies that an application adds."""
        is_supported = is_query_endpoint(self.endpoint, self.dependant)

        @cache
        def is_supported_in(app: FastAPI) -> bool:
            routes = (route for route in iter_route_contexts(app.routes) if route.original_route is self)
            return is_supported and all(route.dependencies == self.dependencies for route in routes)

        return is_supported_in

    @cached_property
    def respond(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Returns the response to a request, for an endpoint that this class supports."""
        endpoint: Callable[..., Response] = self.endpoint
        path, model = self.path, query_model(self)
        bind = ArgumentBinder.for_endpoint(self.dependant).bind

        @cache
        def parse_empty_query() -> tuple[QueryString, BaseModel]:
            return parse_query(path, model, b"")

        def parse(request: Request) -> tuple[QueryString, BaseModel] | Exception:
            if not (query_string := request.scope["query_string"]):
                return parse_empty_query()
            # `CachingMiddleware` has parsed the query already, to find its canonical form: 30 us.
            return request.scope.get("parsed_query") or parse_query(path, model, query_string)

        async def respond(request: Request) -> Response:
            corpus = get_corpus(request)
            parsed = parse(request)
            if isinstance(parsed, Exception):
                raise parsed.with_traceback(None)  # It is cached, and `raise` adds a frame each time.
            query, params = parsed
            call_endpoint = partial(endpoint, **bind(request, params, corpus, query))
            if not is_slow(params, corpus, len(query.parameters)):
                # Endpoints change nothing, so one that turns out to be slow starts again in a thread.
                with suppress(LongWorkError):
                    return call_endpoint()
            return await run_in_low_priority_thread(call_endpoint)

        return respond


def is_query_endpoint(endpoint: Callable[..., Any], dependant: Dependant) -> bool:
    """Return whether an endpoint declares only what `QueryRoute` supports."""
    return_type = signature(endpoint).return_annotation
    if iscoroutinefunction(endpoint) or not (isclass(return_type) and issubclass(return_type, Response)):
        return False
    supported = Dependant(
        path_params=dependant.path_params,
        query_params=[field for field in dependant.query_params if is_model(field)][:1],
        dependencies=[part for part in dependant.dependencies if part.call in (get_corpus, get_query_string)],
        name=dependant.name,
        call=dependant.call,
        path=dependant.path,
        scope=dependant.scope,
    )
    return supported == dependant


class Parameter(Protocol):
    """What is used here of FastAPI's `ModelField`, which is private."""

    name: str
    field_info: FieldInfo

    @property
    def alias(self) -> str:
        """Name in the URL."""

    def validate(self, value: Any, *, loc: tuple[int | str, ...]) -> tuple[Any, list[dict[str, Any]]]:
        """Return the value in its declared type, and the errors."""


def is_model(parameter: Parameter) -> bool:
    """Return whether a query parameter is a model of several."""
    annotation = parameter.field_info.annotation
    return isclass(annotation) and issubclass(annotation, BaseModel)


@dataclass(frozen=True, slots=True)
class ArgumentBinder:
    """Collects the arguments of an endpoint by the names of its parameters."""

    params: str | None
    corpus: str | None
    query: str | None
    path: tuple[Parameter, ...]

    @classmethod
    def for_endpoint(cls, dependant: Dependant) -> "ArgumentBinder":
        """Return the binder of an endpoint that declares only what `QueryRoute` supports."""
        names = {part.call: part.name for part in dependant.dependencies if part.name}
        params = next((field.name for field in dependant.query_params), None)
        return cls(params, names.get(get_corpus), names.get(get_query_string), tuple(dependant.path_params))

    def bind(self, request: Request, params: BaseModel, corpus: Corpus, query: QueryString) -> dict[str, Any]:
        """Return the arguments. Raises `RequestValidationError` for an invalid path parameter."""
        arguments: dict[str, Any] = {}
        if self.params:
            arguments[self.params] = params
        if self.corpus:
            arguments[self.corpus] = corpus
        if self.query:
            arguments[self.query] = query
        for parameter in self.path:
            value, errors = parameter.validate(request.path_params[parameter.alias], loc=("path", parameter.alias))
            if errors:
                raise RequestValidationError(errors)
            arguments[parameter.name] = value
        return arguments
