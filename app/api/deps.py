"""Dependencies of endpoints: the corpus at one revision, and the selection of its filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, cast

from fastapi import Depends, Request
from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.api.errors import Problem, invalid_param
from app.database.document_store import DocumentStore
from app.search.names.suggestions import suggest
from app.search.query.builder import build_selection
from app.search.query.filters import FilterParams
from app.search.query.parser import QueryError
from app.search.query.warnings import QueryWarning, UnknownValue
from app.search.selection import Selection
from app.search.snapshot import Snapshot
from app.system.threads import leave_event_loop

MANY_PARAGRAPHS: Final = 500
"""Articles of more paragraphs are read in a thread."""

LONGEST_SUGGESTED: Final = 100
"""Longer ids, in code points, than anybody mistypes get no suggestions."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A snapshot of the corpus, and the path prefix of links in its responses."""

    snapshot: Snapshot
    root_path: str

    @property
    def documents(self) -> DocumentStore:
        """Return the store of rendered articles and paragraphs."""
        return self.snapshot.documents

    def article_key(self, id: str) -> int:
        """Return the key of an article. Raises `Problem` for an unknown id."""
        key = self.documents.find_key(id, self.snapshot.state.revision)
        if key is None:
            raise self.not_found("article", id)
        return key

    def whole_article(self, id: str) -> tuple[bytes, list[bytes], bytes]:
        """Return the rendered article, its paragraphs and its extra fields. Raises `Problem` for an unknown id."""
        if self.snapshot.paragraphs_of(id) > MANY_PARAGRAPHS:
            leave_event_loop()
        article = self.documents.read_article(id, self.snapshot.state.revision)
        if article is None:
            raise self.not_found("article", id)
        return article

    def not_found(self, kind: Literal["article", "entity", "tag"], id: str) -> Problem:
        """Return the problem that a resource does not exist, with similar ids; finding them leaves the event loop."""
        leave_event_loop()
        message, similar = f"There is no {kind} '{id}'.", []
        if len(id) <= LONGEST_SUGGESTED and id.isprintable():
            field = "id" if kind == "article" else kind
            similar = [suggestion["id"] for suggestion in self.snapshot.suggest_values(field, id)]
        if not similar:
            return Problem(404, message, code="unknown-id")
        message = f"{message[:-1]}; did you mean `{similar[0]}`?"
        return Problem(
            404, message, [{"parameter": "id", "message": message, "did_you_mean": similar}], code="unknown-id"
        )


def get_corpus(request: Request) -> Corpus:
    """Return the revision that `CachingMiddleware` pinned to the request, or else the newest.

    Raises `Problem` if none is served yet.
    """
    if pinned := request.scope.get("corpus"):
        return cast("Corpus", pinned)
    service = request.app.state.service
    if service.snapshot is None:
        raise Problem(503, service.status)
    return Corpus(service.snapshot, service.settings.root_path)


CorpusDep = Annotated[Corpus, Depends(get_corpus)]


def select(filters: FilterParams, snapshot: Snapshot) -> tuple[Selection, list[UnknownValue | QueryWarning]]:
    """Return what the filters select, and what to warn of. Raises `Problem` for a `q` that can't be parsed."""
    try:
        return build_selection(filters, snapshot)
    except QueryError as error:
        raise invalid_param("q", f"`q` {error}.") from None


@dataclass(frozen=True, slots=True)
class FieldSelection:
    """An annotation for `fields`: accepts these names only, and lists them in the OpenAPI document.

    The parameter must stand after those that its fields need, for Pydantic validates in this order.
    """

    names: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]
    """The parameters, as `name` or `name=value`, without any of which a field never comes, by field."""

    def check(self, fields: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        """Return the fields. Raises `PydanticCustomError` for one that is unknown or never comes."""
        for field in fields:
            if field not in self.names:
                suggestions = suggest(field[:60], self.names)
                context = {"field": field[:60], "suggestions": suggestions}
                raise PydanticCustomError("no_such_field", "unknown field", context)
            needed = self.needs.get(field)
            if needed and not any(has_parameter(info.data, parameter) for parameter in needed):
                context = {"field": field, "needed": "` or `".join(needed)}
                raise PydanticCustomError("absent_field", "absent field", context)
        return fields

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        items = {"type": "string", "enum": [*self.names]}
        return {**handler(schema), "items": items, "examples": [[*self.names[:2]]]}


def has_parameter(values: Mapping[str, Any], parameter: str) -> bool:
    """Return whether the values have a parameter, written as `name` or `name=value`."""
    name, _, value = parameter.partition("=")
    return values.get(name) == value if value else values.get(name) is not None


def fields_of(schema: type[BaseModel], **needs: tuple[str, ...]) -> FieldSelection:
    """Return the annotation of a `fields` parameter that selects fields of a schema; `needs` as `FieldSelection`'s."""
    return FieldSelection(tuple(schema.model_fields), needs)
