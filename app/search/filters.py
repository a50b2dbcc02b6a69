"""Filters: the query parameters that select articles or paragraphs, the same on every endpoint."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal
from unicodedata import normalize

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from app.dates import end_of_period, parse_date
from app.models import EntityType, Role
from app.search.index.schema import KEYWORDS
from app.search.query_parser import Match

Value = Annotated[
    str, StringConstraints(min_length=1, max_length=300), AfterValidator(lambda value: normalize("NFC", value))
]
Values = Annotated[tuple[Value, ...], Field(max_length=50)]
Within = Literal["article", "paragraph"]
Types = Annotated[tuple[EntityType, ...], Field(max_length=50)]


TIME = r"T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?"
SPELLED = WithJsonSchema(
    {"type": "string", "pattern": rf"^\d{{4}}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])({TIME})?)?)?$"}
)
"""How the API's documentation describes a moment."""


def moment(value: Any, *, last: bool) -> datetime:
    """The first or the last moment of what was given."""
    at, precision = parse_date(value)
    return end_of_period(at, precision) if last else at


class FilterParams(BaseModel):
    """What an article, or a paragraph, must be like. Different parameters must all hold."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")
    WITHIN: ClassVar[Within] = "article"
    """Where everything must hold unless the question says it."""

    q: Annotated[str, StringConstraints(min_length=1)] | None = None
    """Words that must all be there; `"a phrase"`, `"a phrase"~2`, `OR`, `-not`, `prefix*`, `word~1`, `( )`.
    At most 64 terms and 1,000 characters."""
    match: Match = "all"
    """`any`: one of the words of `q` is enough, and stop words don't count; for questions in natural language."""
    q_in: Annotated[tuple[Role, ...], Field(max_length=50)] = ()
    """Look for `q` only in paragraphs of these roles. Without it: in all but credits."""
    within: Within | None = None
    """`paragraph`: everything (`q`, `entity...`, `entity_type...`) must hold in one and the same paragraph.
    The default is `article`, and `paragraph` on `/paragraphs`."""
    entity: Values = ()
    """Names all of these entities (ids or Wikidata ids)."""
    entity_any: Values = ()
    """Names at least one of these entities."""
    entity_not: Values = ()
    """Names none of these entities."""
    entity_type: Types = ()
    """Names something of each of these types."""
    entity_type_any: Types = ()
    """Names something of at least one of these types."""
    entity_type_not: Types = ()
    """Names nothing of these types."""
    tag: Values = ()
    """Stands under all of these tags (ids)."""
    tag_any: Values = ()
    """Stands under at least one of these tags."""
    tag_not: Values = ()
    """Stands under none of these tags."""
    author: Values = ()
    """Is by all of these authors (names, as the article spells them)."""
    author_any: Values = ()
    """Is by at least one of these authors."""
    author_not: Values = ()
    """Is by none of these authors."""
    source: Values = ()
    """Comes from one of these sources."""
    source_not: Values = ()
    """Comes from none of these sources."""
    language: Values = ()
    """Is in one of these languages (tags such as `en`)."""
    language_not: Values = ()
    """Is in none of these languages."""
    published_from: Annotated[datetime | None, BeforeValidator(lambda value: moment(value, last=False)), SPELLED] = None
    """Appeared then or later: `2025`, `2025-12`, `2025-12-18` or an RFC 3339 time. Leaves undated articles out."""
    published_to: Annotated[datetime | None, BeforeValidator(lambda value: moment(value, last=True)), SPELLED] = None
    """Appeared then or earlier; `2025` means its last moment. Leaves undated articles out."""
    id: Values = ()
    """Is one of these articles (ids)."""

    @property
    def filtered(self) -> bool:
        """Whether anything is asked for that not every article has."""
        return not SELECTING.isdisjoint(self.model_fields_set)


SELECTING = FilterParams.model_fields.keys() - {"within", "match", "q_in"}
"""The filters that select by themselves; the others say how."""

KEYWORD_PARAMETERS: Final = {
    f"{field}{suffix}": field
    for suffix in ("", "_any", "_not")
    for field in FilterParams.model_fields
    if field in KEYWORDS and f"{field}{suffix}" in FilterParams.model_fields
}
"""The filters by whole values, each with the field of the index that it is about."""


def requires_all(field: str) -> bool:
    """Tell whether several values of the filter without a suffix must all hold: so it is if `_any` exists besides."""
    return f"{field}_any" in KEYWORD_PARAMETERS


def facet_parameter(field: str) -> str:
    """Return the parameter that selects documents with at least one of several values of a field."""
    return f"{field}_any" if requires_all(field) else field
