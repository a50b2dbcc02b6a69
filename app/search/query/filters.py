"""Filters: the query parameters that select articles or paragraphs, the same on every endpoint."""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, NamedTuple, TypeVar
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
from app.search.index.schema import FILLED_FIELDS, KEYWORDS
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

if TYPE_CHECKING:
    FilledField = str
else:
    FilledField = TypeAliasType(
        "FilledField",
        Annotated[
            Literal[(*FILLED_FIELDS,)], Field(description="Field of an article that may be null or an empty list.")
        ],
    )
FilledFields = Annotated[tuple[FilledField, ...], Field(max_length=50)]


OFFSET_PATTERN: Final = r"([Zz]|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)?"
TIME_PATTERN: Final = rf"[Tt ]([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)([.,]\d+)?)?{OFFSET_PATTERN}"
UNENCODED_PLUS = re.compile(r"[Tt][\d:.,]+ \d\d(:?\d\d)?", re.ASCII)
MOMENT_SCHEMA = WithJsonSchema(
    {"type": "string", "pattern": rf"^\d{{4}}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])({TIME_PATTERN})?)?)?$"}
)
"""Describes a date in the OpenAPI document, which knows no format for `2025` or `2025-12`."""


def parse_int(value: Any) -> int:
    """Return the integer that plain digits stand for. Raises `ValueError`.

    Ten characters are read, for all bounds are below a billion: Python does not convert more than 4,300 digits.
    """
    if not re.fullmatch(r"-?[0-9]+", str(value)):
        raise ValueError(f"'{str(value)[:40]}' is not a whole number")
    return int(str(value)[:10])


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


PeriodStart = Annotated[datetime | None, BeforeValidator(lambda value: parse_moment(value, last=False)), MOMENT_SCHEMA]
PeriodEnd = Annotated[
    datetime | None,
    BeforeValidator(lambda value: parse_moment(value, last=True)),
    AfterValidator(check_range),
    MOMENT_SCHEMA,
]


class FilterParams(BaseModel):
    """Filters of articles or paragraphs. Different parameters must all hold.

    The docstrings of fields are their descriptions (app/api/docs/descriptions.py).
    """

    # Pydantic builds the model of an endpoint for the first request to it, and models that are only bases of others
    # never: to build all 24 took 60 ms of the .9 s until the first answer of a server.
    model_config = ConfigDict(extra="forbid", defer_build=True)
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
    entity_name: Values = ()
    """Require a mention of an entity with this name or alias, ignoring case and accents: of any such entity, if several
    have it. Of several names, all."""
    origin: Values = ()
    """Of mentions, consider only those of these origins: `given` (they came with the article), `catalogue`, `rules`, or
    `model:` with the name of a model. `origin`, `min_confidence`, `entity_in` and `local` must hold of the same
    mention: one of what the filters `entity...` name, or of anything, if there are none."""
    min_confidence: Annotated[float, Field(ge=0, le=1, multiple_of=0.01)] | None = None
    """Of mentions, consider only those with at least this confidence, from 0 to 1, in steps of 0.01; those without one
    are certain."""
    entity_in: Annotated[tuple[Role, ...], Field(max_length=50)] = ()
    """Of mentions, consider only those in paragraphs of these roles, such as `title`."""
    local: bool | None = None
    """Of mentions, consider only those of local entities, which come from names in the articles (`true`), or only those
    of entities that a document or a catalogue describes (`false`). `/entities` lists only such entities."""
    min_mentions: Annotated[int, Field(ge=1, le=1000), BeforeValidator(parse_int)] | None = None
    """Require of what the filters `entity...` name (or of anything, if there are none) at least this many mentions in
    the article, or in the paragraph with `within=paragraph`; all are counted, wherever they are and whoever made them.
    """
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
    published_from: PeriodStart = None
    """Require publication at this time or later: `2025`, `2025-12`, `2025-12-18` or an RFC 3339 time.
    Years, months and days begin and end in UTC. Excludes undated articles."""
    published_to: PeriodEnd = None
    """Require publication at this time or earlier; `2025` includes the whole year. Excludes undated articles."""
    updated_from: PeriodStart = None
    """Require an update at this time or later, like `published_from`. Excludes articles without a date of update."""
    updated_to: PeriodEnd = None
    """Require the last update at this time or earlier. Excludes articles without a date of update."""
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
    has: FilledFields = ()
    """Require articles in which all of these fields are filled: neither null nor empty."""
    has_any: FilledFields = ()
    """Require articles in which at least one of these fields is filled."""
    missing: FilledFields = ()
    """Require articles in which all of these fields are null or empty."""
    id: Values = ()
    """Require one of these articles (ids)."""

    @property
    def filtered(self) -> bool:
        """Return whether any filter selects by itself."""
        return not SELECTING.isdisjoint(self.model_fields_set)


SELECTING = FilterParams.model_fields.keys() - {"within", "match", "q_in"}
"""The filters that select by themselves; the others only change what `q` and the entity filters mean."""


class KeywordFilter(NamedTuple):
    """What a filter by whole values requires: of a field of the index, all its values, any of them or none."""

    field: str
    requires: Literal["all", "any", "none"]
    lookup: str
    """By what values are found: the name of the field, or another one of `Snapshot.resolve_value`."""


def keyword_filter(field: str, suffix: str) -> KeywordFilter:
    """Return what a parameter requires: without a suffix, any of its values, or all if there is one with `_any`."""
    has_any = f"{field}_any" in FilterParams.model_fields
    return KeywordFilter(field, "none" if suffix == "_not" else "all" if has_any and not suffix else "any", field)


KEYWORD_FILTERS: Final = {
    **{
        f"{field}{suffix}": keyword_filter(field, suffix)
        for suffix in ("", "_any", "_not")
        for field in FilterParams.model_fields
        if field in KEYWORDS and f"{field}{suffix}" in FilterParams.model_fields
    },
    "entity_name": KeywordFilter("entity", "all", "entity_name"),
    "missing": KeywordFilter("has", "none", "has"),
}
"""The filters by whole values by parameter."""

MENTION_PARAMETERS: Final = ("origin", "min_confidence", "entity_in", "local", "min_mentions")
"""The parameters that say which mentions the filters by entity and type consider, and how many they need."""


def facet_parameter(field: str) -> str:
    """Return the parameter that selects documents with at least one of several values of a field."""
    return f"{field}_any" if f"{field}_any" in KEYWORD_FILTERS else field
