"""What every resource needs to answer: the corpus at one revision, filters applied, problems documented."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from app.database import Documents
from app.problems import Problem, refuse
from app.search.filters import Filters, Warned, select
from app.search.selection import Selection, Snapshot
from app.search.words import QueryError


@dataclass(frozen=True, slots=True)
class Corpus:
    """One revision of everything, for as long as one request takes."""

    snapshot: Snapshot
    documents: Documents
    root_path: str

    def article(self, id: str) -> int:
        """The key of an article. Raises `Problem` where there is none."""
        key = self.documents.key(id, self.snapshot.state.revision)
        if key is None:
            raise Problem(404, f"There is no article '{id}'.")
        return key


def corpus(request: Request) -> Corpus:
    """The revision that the request was pinned to when it came in. Raises `Problem` while there is none."""
    service = request.app.state.service
    snapshot = request.scope.get("snapshot") or service.corpus()
    return Corpus(snapshot, service.documents, service.settings.root_path)


async def pinned(request: Request) -> Corpus:
    """`corpus`, as a dependency that needs no thread."""
    return corpus(request)


CorpusDep = Annotated[Corpus, Depends(pinned)]


def select_or_refuse(filters: Filters, snapshot: Snapshot) -> tuple[Selection, list[Warned]]:
    """What the filters select; a `q` that can't be searched is a `Problem`."""
    try:
        return select(filters, snapshot)
    except QueryError as error:
        raise refuse([{"parameter": "q", "message": f"`q` {error}."}]) from None


def chosen(shape: Any) -> AfterValidator:
    """Checks that fields are fields of this shape."""

    def check(fields: list[str]) -> list[str]:
        for field in fields:
            if field not in shape.__annotations__:
                near = get_close_matches(field, shape.__annotations__, n=1)
                raise PydanticCustomError("no_such_field", "unknown field", {"field": field[:60], "near": near})
        return fields

    return AfterValidator(check)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How OpenAPI documents what may go wrong."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemShape"}}}
    said = {
        404: "There is no such thing.",
        422: "The question is wrong; `errors` says where.",
        500: "The service failed.",
        503: "No revision is served yet.",
    }
    return {status: {"description": said[status], "content": content} for status in (*statuses, 422, 500, 503)}
