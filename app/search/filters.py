"""The one filter language: which articles, or which paragraphs, a question selects."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any, ClassVar, Literal, NamedTuple
from unicodedata import normalize

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from tantivy import Occur, Query

from app.dates import end_of_period, parse_date
from app.models import EntityType, Role
from app.search import query_parser
from app.search.directory import SUGGESTIONS
from app.search.index.schema import Kind
from app.search.paging import PHRASE_TIE_LOOKAHEAD, TIE_LOOKAHEAD
from app.search.selection import Excluding, MatchAll, Ranking, Selection, between
from app.search.snapshot import Snapshot, match_all
from app.search.suggestions import FEW, suggest
from app.search.text_query import TextQueryCompiler, any_of
from app.system.threads import leave_event_loop

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


EPOCH, SECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(seconds=1)


class UnknownValue(NamedTuple):
    """A value that nothing in the corpus has."""

    parameter: str
    value: str


class FilterParams(BaseModel):
    """What an article, or a paragraph, must be like. Different parameters must all hold."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")
    WITHIN: ClassVar[Within] = "article"
    """Where everything must hold unless the question says it."""

    q: Annotated[str, StringConstraints(min_length=1)] | None = None
    """Words that must all be there; `"a phrase"`, `"a phrase"~2`, `OR`, `-not`, `prefix*`, `word~1`, `( )`.
    At most 64 terms and 1,000 characters."""
    match: query_parser.Match = "all"
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

FIELDS = {
    "entity": "all",
    "entity_type": "all",
    "tag": "all",
    "author": "all",
    "source": "any",
    "language": "any",
    "id": "any",
}
"""Filters by whole values, and what several values without a suffix mean."""

PARAMETERS = {f"{field}{suffix}": field for suffix in ("", "_any", "_not") for field in FIELDS}
"""The parameters of these filters, with or without a suffix."""


def facet_parameter(field: str) -> str:
    """The parameter by which a question chooses among the values of a field: at least one of them must hold."""
    return field if FIELDS.get(field) == "any" else f"{field}_any"


def build_selection(filters: FilterParams, snapshot: Snapshot) -> tuple[Selection, list[UnknownValue]]:
    """What the filters select in this snapshot, and which of their values nothing has.

    Raises `words.QueryError` where `q` can't be searched.
    """
    kind: Kind = "paragraphs" if (filters.within or filters.WITHIN) == "paragraph" else "articles"
    question = QueryBuilder(filters, snapshot, kind)
    if question.tree is not None or question.must:
        return Selection(snapshot, kind, question.query, question.ranking), question.unknown
    if question.must_not:
        return Excluding(snapshot, kind, question.query, any_of(question.must_not)), question.unknown
    return MatchAll(snapshot, kind), question.unknown


class QueryBuilder:
    """Filters on their way to a query of the engine."""

    def __init__(self, filters: FilterParams, snapshot: Snapshot, kind: Kind) -> None:
        self.filters = filters
        self.snapshot = snapshot
        self.kind = kind
        self.schema = snapshot.kinds[kind].schema
        present = filters.model_fields_set
        self.given = [parameter for parameter in PARAMETERS if parameter in present]
        self.unknown: list[UnknownValue] = []
        self.tree = None if filters.q is None else query_parser.parse_query(filters.q, filters.match)
        """What `q` says, read once."""
        self.must = [*self.wanted()]
        """What must hold besides."""
        self.must_not = [*self.unwanted()]
        """What must not."""

    def query(self) -> Query:
        """What selects: all conditions together."""
        wanted = [] if self.tree is None else [self.scope(self.kind).query(self.tree)]
        must = [*wanted, *self.must] or [match_all(self.schema)]
        if len(must) == 1 and not self.must_not:
            return must[0]
        return Query.boolean_query([
            *((Occur.Must, it) for it in must), *((Occur.MustNot, it) for it in self.must_not)
        ])  # fmt: skip

    def weighed(self, tree: query_parser.Tree) -> Query:
        """The same, and what has words of `q` in its title weighs more."""
        selected, titles = self.query(), self.scope(self.kind).titles(tree)
        if titles is None:
            return selected
        # Where one word is enough, whatever has it in its title is selected, and the engine finds either of two faster
        # than the first with the second. Elsewhere it is the other way round, by far.
        enough = query_parser.matches_any_word(tree) and not (self.must or self.must_not)
        return Query.boolean_query([(Occur.Should if enough else Occur.Must, selected), (Occur.Should, titles)])

    def worth(self, tree: query_parser.Tree, kind: Kind) -> Query:
        """What ranks articles or paragraphs by `q`."""
        scope = self.scope(kind)
        worth, titles = scope.worth(tree), scope.titles(tree)
        return worth if titles is None else Query.boolean_query([(Occur.Should, worth), (Occur.Should, titles)])

    def scope(self, kind: Kind) -> TextQueryCompiler:
        """Where `q` is looked for."""
        roles = tuple(self.filters.q_in) or None
        return TextQueryCompiler(
            self.snapshot.kinds[kind].schema, self.snapshot.state.stemmers, kind, roles, self.filters.match
        )

    @property
    def ranking(self) -> Ranking | None:
        """How `q` ranks; None where it has only beginnings of words, or misspelt ones, which all weigh the same."""
        tree = self.tree
        terms = [] if tree is None else [it for it in query_parser.terms(tree) if not (it.prefix or it.distance)]
        if tree is None or not terms:
            return None
        # To find a phrase takes far longer than to look at what was found.
        ahead = PHRASE_TIE_LOOKAHEAD if any(it.quoted for it in terms) else TIE_LOOKAHEAD
        return Ranking(partial(self.weighed, tree), partial(self.worth, tree), ahead)

    def wanted(self) -> Iterator[Query]:
        """What must hold besides `q`."""
        filters = self.filters
        for parameter in self.given:
            field = PARAMETERS[parameter]
            if parameter == field and FIELDS[field] == "all":
                yield from (self.has(field, [value]) for value in self.values(parameter))
            elif not parameter.endswith("_not") and (values := self.values(parameter)):
                yield self.has(field, values)
        if filters.published_from or filters.published_to:
            first, last = filters.published_from, filters.published_to
            query = between(self.schema, "published", second_from(first), second_to(last))
            yield Query.const_score_query(query, 0.0)

    def unwanted(self) -> Iterator[Query]:
        """What must not hold."""
        for parameter in self.given:
            if parameter.endswith("_not") and (values := self.values(parameter)):
                yield self.has(PARAMETERS[parameter], values)

    def has(self, field: str, values: Sequence[str]) -> Query:
        """Documents with at least one of these values; filters never change the ranking."""
        if len(values) == 1:
            return Query.const_score_query(Query.term_query(self.schema, field, values[0], "basic"), 0.0)
        return Query.const_score_query(Query.term_set_query(self.schema, field, [*values]), 0.0)

    def values(self, parameter: str) -> list[str]:
        """What a parameter names, entities by their own ids; values that nothing has are noted."""
        field = PARAMETERS[parameter]
        given: tuple[str, ...] = getattr(self.filters, parameter)
        directory = self.snapshot.directory
        if field == "entity":
            known = {value: directory.entity(value) for value in given}
            self.unknown += [UnknownValue(parameter, value) for value, it in known.items() if it is None]
            return [it.id if it else value for value, it in known.items()]
        if field != "entity_type":
            self.unknown += [UnknownValue(parameter, value) for value in given if not self.exists(field, value)]
        return list(given)

    def exists(self, field: str, value: str) -> bool:
        """Whether any article has this value."""
        articles = self.snapshot.kinds["articles"]
        return bool(articles.searcher.search(Query.term_query(articles.schema, field, value, "basic"), 1).hits)


def second_from(at: datetime | None) -> int | None:
    """The first full second, counted from 1970, that is not before this moment."""
    return None if at is None else -((EPOCH - at) // SECOND)


def second_to(at: datetime | None) -> int | None:
    """The last full second, counted from 1970, that is not after this moment."""
    return None if at is None else (at - EPOCH) // SECOND


def warn(unknown: Sequence[UnknownValue], snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return a warning of each value that nothing has; what may have been meant is looked for of the first few."""
    leave_event_loop()
    return [
        {
            "parameter": parameter, "value": value, "message": describe_unknown(PARAMETERS[parameter], value),
            "did_you_mean": suggest_values(PARAMETERS[parameter], value, snapshot) if number < FEW else [],
        }
        for number, (parameter, value) in enumerate(unknown)
    ]  # fmt: skip


def describe_unknown(field: str, value: str) -> str:
    """Say that nothing has this value."""
    if field == "entity":
        return f"No entity of the corpus has the id '{value}'."
    return f"Nothing in the corpus has the {field} '{value}'."


def suggest_values(field: str, value: str, snapshot: Snapshot) -> list[dict[str, str]]:
    """Return values that somebody who wrote this may have meant, the likeliest first."""
    match field:
        case "entity":
            found = snapshot.directory.suggest_entities(value)
            return [{"id": it.id, "name": it.name, "type": it.type} for it in found]
        case "tag":
            return [{"id": it.id, "name": it.name} for it in snapshot.directory.suggest_tags(value)]
    begins = value[:3] if field == "id" else ""
    terms = snapshot.kinds["articles"].searcher.terms_with_prefix(field, begins, limit=1000)
    return [{"id": it, "name": it} for it in suggest(value, (term for term, _ in terms), SUGGESTIONS)]
