"""Links between pages: the address of a page, and of the same page with another question."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from fastapi import Request

from app.api.params import PREREQUISITES, DocumentListParams
from app.api.routes.timeline import TimelineParams

FILTERS: Final = DocumentListParams.model_fields.keys() & TimelineParams.model_fields.keys()
"""Parameters that mean the same in every list: which articles or paragraphs to select."""

NOT_SELECTING: Final = frozenset({"sort", "limit", "within", "match", "q_in", "type", "name", "name_prefix"})
"""Parameters of lists that select no articles: with them alone, nothing can be associated with the selection."""


def encode_query(parameters: Iterable[tuple[str, str | int]]) -> str:
    """Return a query string; bytes that were not UTF-8 are again what they were, so that the API refuses them."""
    return urlencode([*parameters], errors="surrogateescape")


@dataclass(frozen=True, slots=True)
class PageUrl:
    """The address of a page: the path of the API's resource that it shows, and the question.

    A question that differs begins at the first page of a list.
    """

    root: str
    """The path prefix under which a proxy publishes the service."""
    path: str
    """The path of the resource, such as `/articles`."""
    parameters: tuple[tuple[str, str], ...] = ()

    def values(self, name: str) -> list[str]:
        """Return the values of a parameter."""
        return [value for each, value in self.parameters if each == name]

    def get(self, name: str, default: str = "") -> str:
        """Return the first value of a parameter."""
        return next(iter(self.values(name)), default)

    def has(self, name: str, value: str) -> bool:
        """Tell whether a parameter has this value."""
        return (name, value) in self.parameters

    def select(self, names: Iterable[str]) -> "PageUrl":
        """Return the address with these parameters only."""
        kept = {*names}
        return replace(self, parameters=tuple(pair for pair in self.parameters if pair[0] in kept))

    def replace_parameters(self, parameters: Iterable[tuple[str, str]]) -> "PageUrl":
        """Return the address with those of these parameters that still mean something.

        Without `q` there are no words to match and no order by relevance; without a selection, none by association.
        """
        pairs = tuple(parameters)
        names = {name for name, _ in pairs}
        impossible = {("sort", "relevance")} if "q" not in names else set()
        if names <= NOT_SELECTING:
            impossible.add(("sort", "-association"))
        kept = (pair for pair in pairs if pair not in impossible and PREREQUISITES.get(pair[0], pair[0]) in names)
        return replace(self, parameters=tuple(kept))

    def without(self, *names: str) -> "PageUrl":
        """Return the address without these parameters, at the first page of a list."""
        dropped = {*names, "cursor"}
        return self.replace_parameters(pair for pair in self.parameters if pair[0] not in dropped)

    def remove(self, name: str, value: str) -> "PageUrl":
        """Return the address without one value of a parameter."""
        pairs = (pair for pair in self.parameters if pair != (name, value))
        return self.replace_parameters(pair for pair in pairs if pair[0] != "cursor")

    def add(self, name: str, value: str) -> "PageUrl":
        """Return the address with one more value of a parameter."""
        url = self.remove(name, value)
        return replace(url, parameters=(*url.parameters, (name, value)))

    def widen(self, name: str, value: str) -> "PageUrl":
        """Return the address that selects another value of a filter, too: `tag=a` becomes `tag_any=a&tag_any=b`."""
        values = [*self.values(name), *self.values(f"{name}_any"), value]
        url = self.without(name, f"{name}_any")
        return replace(url, parameters=(*url.parameters, *((f"{name}_any", each) for each in values)))

    def set(self, /, **values: str) -> "PageUrl":
        """Return the address with only these values of parameters."""
        url = self.without(*values)
        return replace(url, parameters=(*url.parameters, *values.items()))

    def exchange(self, name: str, value: str, other: str) -> "PageUrl":
        """Return the address with another value of a parameter instead of one; of `q`, a value is a word."""
        url = self.without()
        if name == "q":
            return url.set(q=url.get("q").replace(value, other))
        pairs = tuple((name, other) if pair == (name, value) else pair for pair in url.parameters)
        return replace(url, parameters=pairs)

    def at(self, path: str) -> "PageUrl":
        """Return the address of another resource with the same filters."""
        return replace(self.select(FILTERS).without(), path=path)

    def narrow(self, dates: str) -> Callable[[str, str], str]:
        """Return the function that links to a period, from its first to its last year, month or day.

        `dates` are those of publication (`published`) or in texts (`about`). Charts have hundreds of such links.
        """
        start = str(self.without(f"{dates}_to").set(**{f"{dates}_from": ""}))
        return lambda first, last: f"{start}{first}&{dates}_to={last}"

    def correct(self, parameter: str, value: str) -> "PageUrl":
        """Return the address with a suggestion of an error: another id, parameter or value."""
        if parameter == "id" and not self.values("id"):
            return replace(self, path=f"{self.path.rpartition('/')[0]}/{value}")
        if value in DocumentListParams.model_fields and parameter not in DocumentListParams.model_fields:
            pairs = ((value if name == parameter else name, text) for name, text in self.parameters)
            return replace(self, parameters=tuple(pairs))
        return self.set(**{parameter: value})

    def export(self, suffix: str) -> str:
        """Return the URL of an export, or of the JSON if the suffix is empty."""
        query = encode_query(self.parameters)
        return f"{self.root}{self.path}{suffix}{'?' if query else ''}{query}"

    @property
    def json(self) -> str:
        """Return the URL of the API's own resource."""
        return self.export("")

    def __str__(self) -> str:
        """Return the URL of the page."""
        return self.export(".html")


def name_page(url: str) -> str:
    """Return the URL of the page that shows a URL of the API: `/articles.html?q=a` for `/articles?q=a`."""
    path, mark, query = url.partition("?")
    return f"{path}.html{mark}{query}"


def read_page_url(request: Request) -> PageUrl:
    """Return the address of the page that is requested, with bytes that are not UTF-8 as they are.

    A form sends its empty fields, too: parameters without a value are left out.
    """
    root = request.scope.get("root_path", "")
    path = request.scope["path"].removesuffix(".html")
    path = path.removeprefix(root) if path.startswith(f"{root}/") else path
    query = request.scope["query_string"].decode("utf-8", "surrogateescape")
    return PageUrl(root, path, tuple(parse_qsl(query, errors="surrogateescape")))
