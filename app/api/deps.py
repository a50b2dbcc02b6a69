"""What endpoints depend on: the corpus at one revision, and the filters applied to it."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, cast

from fastapi import Depends, Request
from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.api.errors import Problem, invalid_params
from app.database.document_store import DocumentStore
from app.search.filters import FilterParams
from app.search.query_builder import build_selection
from app.search.query_parser import QueryError
from app.search.query_warnings import QueryWarning, UnknownValue
from app.search.selection import Selection
from app.search.snapshot import Snapshot
from app.search.suggestions import suggest
from app.system.threads import leave_event_loop

MANY_PARAGRAPHS: Final = 500
"""An article of more paragraphs is not read on the event loop."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A snapshot, and the path that its links begin with: what an endpoint answers from."""

    snapshot: Snapshot
    root_path: str

    @property
    def documents(self) -> DocumentStore:
        """What its articles look like, by their keys."""
        return self.snapshot.documents

    def article(self, id: str) -> int:
        """The key of an article. Raises `Problem` where there is none."""
        key = self.documents.key(id, self.snapshot.state.revision)
        if key is None:
            raise Problem(404, f"There is no article '{id}'.")
        return key

    def whole_article(self, id: str) -> tuple[bytes, list[bytes], bytes]:
        """All parts of an article. Raises `Problem` where there is none."""
        if self.snapshot.paragraphs_of(id) > MANY_PARAGRAPHS:
            leave_event_loop()
        return self.documents.whole([self.article(id)])[0]


def get_corpus(request: Request) -> Corpus:
    """Return the revision that `CachingMiddleware` pinned to the request, else the newest.

    Raises `Problem` while there is none.
    """
    if pinned := request.scope.get("corpus"):
        return cast("Corpus", pinned)
    service = request.app.state.service
    if service.snapshot is None:
        raise Problem(503, service.status)
    return Corpus(service.snapshot, service.settings.root_path)


CorpusDep = Annotated[Corpus, Depends(get_corpus)]


def select(filters: FilterParams, snapshot: Snapshot) -> tuple[Selection, list[UnknownValue | QueryWarning]]:
    """Return what the filters select, and what to warn of. Raises `Problem` for a `q` that can't be searched."""
    try:
        return build_selection(filters, snapshot)
    except QueryError as error:
        raise invalid_params([{"parameter": "q", "message": f"`q` {error}."}]) from None


@dataclass(frozen=True, slots=True)
class FieldSelection:
    """Takes these names and no others, and says so in the API's documentation."""

    names: tuple[str, ...]

    def check(self, given: tuple[str, ...]) -> tuple[str, ...]:
        """The same, if all of them are right."""
        for name in given:
            if name not in self.names:
                near = suggest(name[:60], self.names)
                raise PydanticCustomError("no_such_field", "unknown field", {"field": name[:60], "near": near})
        return given

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        named = {"items": {"type": "string", "enum": [*self.names]}, "examples": [[*self.names[:2]]]}
        return {**handler(schema), **named}


def fields_of(schema: type[BaseModel]) -> FieldSelection:
    """Return what checks the names of fields of a schema."""
    return FieldSelection(tuple(schema.model_fields))
