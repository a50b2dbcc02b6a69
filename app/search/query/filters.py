"""Filters: the query parameters that select articles or paragraphs, the same on every endpoint."""

import re
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Final, Literal, TypeVar
from unicodedata import normalize

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from typing_extensions import TypeAliasType

from app.dates import end_of_period, parse_date
from app.models import EntityType, Role
from app.search.index.schema import KEYWORDS
from app.search.query.parser import Match

LONGEST_VALUE: Final = 1_000
"""Code points: as many as a name may have that an article brings, so that every value can be asked for."""

Value = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_VALUE),
    AfterValidator(lambda value: normalize("NFC", value)),
]
Values = Annotated[tuple[Value, ...], Field(max_length=50)]
Within = TypeAliasType(
    "Within",
    Annotated[
        Literal["article", "paragraph"],
        Field(description="Whether all filters must hold in the same article, or in the same paragraph."),
    ],
)
Types = Annotated[tuple[EntityType, ...], Field(max_length=50)]


OFFSET_PATTERN: Final = r"(Z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)?"
TIME_PATTERN: Final = rf"[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?{OFFSET_PATTERN}"
UNENCODED_PLUS = re.compile(r"T[\d:.,]+ \d\d(:?\d\d)?", re.ASCII)
MOMENT_SCHEMA = WithJsonSchema(
    {"type": "string", "pattern": rf"^\d{{4}}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])({TIME_PATTERN})?)?)?$"}
)
"""Describes a date in the OpenAPI document, which knows no format for `2025` or `2025-12`."""


def parse_moment(value: Any, *, last: bool) -> datetime:
    """Return the first, or the last, moment of a year, month, day or second. Raises `ValueError`."""
    if UNENCODED_PLUS.search(value):
        raise ValueError(f"'{value[:40]}' has a space before its offset; write `+` as `%2B` in a URL")
    moment, precision = parse_date(value)
    return end_of_period(moment, precision) if last else moment


DAY_SCHEMA = WithJsonSchema({"type": "string", "pattern": r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"})


def parse_day(value: Any, *, last: bool) -> date:
    """Return the first, or the last, day of a year, month or day. Raises `ValueError`."""
    moment, precision = parse_date(value)
    if precision == "second":
        raise ValueError(f"'{value[:40]}' has a time of day; expected 1986, 1986-04 or 1986-04-26")
    return (end_of_period(moment, precision) if last else moment).date()


Moment = TypeVar("Moment", date, datetime)


def check_range(last: Moment | None, info: ValidationInfo) -> Moment | None:
    """Return the end of a range. Raises `ValueError` if the range begins after its end."""
    start = str(info.field_name).replace("_to", "_from")
    first: Moment | None = info.data.get(start)
    if first is not None and last is not None and first > last:
        raise ValueError(f"this is before `{start}`, so no article can match; exchange the two")
    return last


class FilterParams(BaseModel):
    """Filters of articles or paragraphs. Different parameters must all hold."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")
    WITHIN: ClassVar[Within] = "article"
    """The default of `within`."""

    q: Annotated[str, StringConstraints(min_length=1)] | None = None
    """Require all of these words. Also: `"a phrase"`, `"a phrase"~2` (two moves), `a OR b`, `-not`, `prefix*`, `word~1`
    (one wrong letter) and parentheses. Stop words such as `the` count in phrases only. At most 2,000 characters; of
    more than 64 words, the 64 rarest are searched."""
    match: Match = "all"
    """`any`: require one of the words of `q`; AND, OR and NOT are words. For questions in natural language."""
    q_in: Annotated[tuple[Role, ...], Field(max_length=50)] = ()
    """Search `q` only in paragraphs of these roles. Default: all roles but `credit`."""
    within: Within | None = None
    """`paragraph`: all of `q`, `entity...`, `entity_type...` and `about_...` must hold in the same paragraph.
    Default: `article`; on `/paragraphs`, `paragraph`."""
    entity: Values = ()
    """Require mentions of all of these entities (ids or Wikidata ids)."""
    entity_any: Values = ()
    """Require a mention of at least one of these entities."""
    entity_not: Values = ()
    """Exclude articles that mention any of these entities."""
    entity_type: Types = ()
    """Require mentions of all of these types."""
    entity_type_any: Types = ()
    """Require a mention of at least one of these types."""
    entity_type_not: Types = ()
    """Exclude articles with mentions of any of these types."""
    tag: Values = ()
    """Require all of these tags (ids)."""
    tag_any: Values = ()
    """Require at least one of these tags."""
    tag_not: Values = ()
    """Exclude articles with any of these tags."""
    author: Values = ()
    """Require all of these authors (names as the article spells them)."""
    author_any: Values = ()
    """Require at least one of these authors."""
    author_not: Values = ()
    """Exclude articles by any of these authors."""
    source: Values = ()
    """Require one of these sources."""
    source_not: Values = ()
    """Exclude articles from these sources."""
    language: Values = ()
    """Require one of these languages (tags such as `en`; `pt` includes `pt-BR`)."""
    language_not: Values = ()
    """Exclude articles in these languages."""
    published_from: Annotated[
        datetime | None, BeforeValidator(lambda value: parse_moment(value, last=False)), MOMENT_SCHEMA
    ] = None
    """Require publication at this time or later: `2025`, `2025-12`, `2025-12-18` or an RFC 3339 time.
    Years, months and days begin and end in UTC. Excludes undated articles."""
    published_to: Annotated[
        datetime | None,
        BeforeValidator(lambda value: parse_moment(value, last=True)),
        AfterValidator(check_range),
        MOMENT_SCHEMA,
    ] = None
    """Require publication at this time or earlier; `2025` includes the whole year. Excludes undated articles."""
    about_from: Annotated[date | None, BeforeValidator(lambda value: parse_day(value, last=False)), DAY_SCHEMA] = None
    """Require a date in the text that begins on this day or later: `1986`, `1986-04` or `1986-04-26`. `last Friday` is
    the day that it means, and `last week` each of its days. With `about_to`, one date must lie between both."""
    about_to: Annotated[
        date | None,
        BeforeValidator(lambda value: parse_day(value, last=True)),
        AfterValidator(check_range),
        DAY_SCHEMA,
    ] = None
    """Require a date in the text that ends on this day or earlier; `1986` includes the whole year. A text that says
    `1986` and nothing more exact has no date within `1986-04`."""
    id: Values = ()
    """Require one of these articles (ids)."""

    @property
    def filtered(self) -> bool:
        """Return whether any filter selects by itself."""
        return not SELECTING.isdisjoint(self.model_fields_set)


SELECTING = FilterParams.model_fields.keys() - {"within", "match", "q_in"}
"""The filters that select by themselves; the others only change what `q` and the entity filters mean."""

KEYWORD_PARAMETERS: Final = {
    f"{field}{suffix}": field
    for suffix in ("", "_any", "_not")
    for field in FilterParams.model_fields
    if field in KEYWORDS and f"{field}{suffix}" in FilterParams.model_fields
}
"""The filters by whole values, each with its field of the index."""


def requires_all(field: str) -> bool:
    """Return whether several values of the filter without a suffix must all hold: they must if `_any` exists."""
    return f"{field}_any" in KEYWORD_PARAMETERS


def facet_parameter(field: str) -> str:
    """Return the parameter that selects documents with at least one of several values of a field."""
    return f"{field}_any" if requires_all(field) else field
