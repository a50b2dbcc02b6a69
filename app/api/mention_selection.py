"""Mention selection: the paragraphs that can hold the mentions of a request, and which of their mentions to list."""

from functools import cache
from typing import Annotated, Final

from pydantic import BeforeValidator, Field
from tantivy import Occur, Query

from app.api.deps import select
from app.api.params import parse_int
from app.api.value_lists import warn_of_unknown_ids
from app.export.tables import MentionRows
from app.models import EntityType, enumerate_values
from app.rendering import JsonObject
from app.schemas import OffsetUnit
from app.search.names.directory import EntityDirectory
from app.search.query.filters import FilterParams, Types, Values
from app.search.query.warnings import QueryWarning, UnknownValue
from app.search.selection import MatchAll, Selection
from app.search.snapshot import Snapshot, match_all

ALL_TYPES: Final = enumerate_values(EntityType)


class MentionFilterParams(FilterParams):
    """Which mentions of the selected articles or paragraphs to list."""

    WITHIN = "paragraph"

    type: Types = ()
    """Require one of these types."""
    of: Values = ()
    """Require one of these entities (ids or Wikidata ids)."""
    exact: Values = ()
    """Require exactly these words."""
    origin: Values = ()
    """Require one of these origins, such as `given` or `catalogue`."""
    min_confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    """Require at least this confidence; mentions without one are certain, and always included."""
    context: Annotated[int, Field(ge=0, le=1000), BeforeValidator(parse_int)] = 0
    """Characters of text to return before and after each mention, cut between words."""
    offset_unit: OffsetUnit = "codepoint"
    """Unit of offsets."""

    def resolve_entities(self, directory: EntityDirectory) -> list[str]:
        """Return the ids of the entities in `of`; an unknown value unchanged."""
        return [entity.id if (entity := directory.entity(value)) else value for value in self.of]

    def mention_rows(self, directory: EntityDirectory) -> MentionRows:
        """Return the maker of rows for the mentions to list."""
        known = directory.entities

        @cache  # An export asks for each mention.
        def find_wikidata(id: str) -> str | None:
            return known[id].wikidata if id in known else None

        narrowed = self.type or self.of or self.exact or self.origin or self.min_confidence is not None
        entities = {*self.resolve_entities(directory)}
        types, texts, origins, least = {*self.type}, {*self.exact}, {*self.origin}, self.min_confidence

        def is_listed(mention: JsonObject) -> bool:
            entity, confidence = mention["entity"], mention["confidence"]
            return (
                (not types or mention["type"] in types)
                and (not entities or (entity is not None and entity["id"] in entities))
                and (not texts or mention["exact"] in texts)
                and (not origins or mention["origin"] in origins)
                and (least is None or confidence is None or confidence >= least)
            )

        return MentionRows(find_wikidata, is_listed if narrowed else None, self.context, self.offset_unit)


def select_mentions(
    params: MentionFilterParams, snapshot: Snapshot
) -> tuple[Selection, list[UnknownValue | QueryWarning]]:
    """Return the paragraphs with mentions to list, and what to warn of.

    Paragraphs without a mention of the right type and entity are left out by the index; words, origin and confidence
    are looked at in the paragraphs themselves. Raises `Problem` for a `q` that can't be searched.
    """
    selection, unknown = select(params, snapshot)
    schema = snapshot.kinds["paragraphs"].schema
    conditions = [Query.term_set_query(schema, "entity_type", [*(params.type or ALL_TYPES)])]
    if params.of:
        conditions.append(Query.term_set_query(schema, "entity", params.resolve_entities(snapshot.directory)))
    everything = isinstance(selection, MatchAll)
    query = match_all(schema) if everything else selection.as_kind("paragraphs").query
    clauses = [(Occur.Must, query), *((Occur.Must, condition) for condition in conditions)]
    paragraphs = Selection(snapshot, "paragraphs", lambda: Query.boolean_query(clauses))
    return paragraphs, [*unknown, *warn_of_unknown_ids("of", "entity", params.of, snapshot)]
