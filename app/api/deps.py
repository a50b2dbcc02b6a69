"""What every resource needs to answer: the corpus at one revision, filters applied, problems documented."""

from dataclasses import dataclass
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.api.errors import Problem, invalid_params
from app.database.document_store import DocumentStore
from app.search.filters import FilterParams
from app.search.query_builder import UnknownValue, build_selection
from app.search.query_parser import QueryError
from app.search.selection import Selection
from app.search.snapshot import Snapshot
from app.search.suggestions import suggest
from app.system.threads import leave_event_loop

MANY_PARAGRAPHS: Final = 500
"""An article of more paragraphs is not read on the event loop."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """One revision of everything, for as long as one request takes."""

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


def select_or_refuse(filters: FilterParams, snapshot: Snapshot) -> tuple[Selection, list[UnknownValue]]:
    """What the filters select; a `q` that can't be searched is a `Problem`."""
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


def chosen(shape: Any) -> FieldSelection:
    """Fields of this shape."""
    return FieldSelection(tuple(shape.__annotations__))


SAID = {
    304: "The answer that `If-None-Match` names is still right.",
    400: "This is not an HTTP request that can be read.",
    404: "There is no such thing.",
    406: "The `Accept` header leaves JSON out.",
    414: "The address has more than 65,535 bytes.",
    422: "The question is wrong; `errors` says where.",
    500: "The service failed.",
    503: "No revision is served yet.",
}
"""What it means where there is no answer."""


def success(shape: type) -> dict[int | str, dict[str, Any]]:
    """How OpenAPI documents an answer of this shape, which is described itself where the whole document is made."""
    schema = {"$ref": f"#/components/schemas/{shape.__name__}"}
    return {200: {"content": {"application/json": {"schema": schema}}}}


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How OpenAPI documents what may go wrong, at any address and at this one."""
    return {status: {"description": SAID[status]} for status in (400, 414, 500, *statuses)}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The same for an address that answers from the corpus."""
    return failures(304, 406, 422, 503, *statuses)
