"""Query parameters that several endpoints share."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.api.facets import Facet
from app.search.filters import FilterParams


def parse_int(value: Any) -> int:
    """A whole number in plain digits; one beyond a billion is as good as a billion, for all bounds are below."""
    if not re.fullmatch(r"-?[0-9]+", str(value)):
        raise ValueError(f"'{str(value)[:40]}' is not a whole number")
    return int(str(value)[:10])


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


class NoParams(BaseModel):
    """No parameters at all."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
