"""Mention selection: the paragraphs that can hold the mentions of a request, and which of their mentions to list."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Final

import orjson
from pydantic import BeforeValidator, Field
from tantivy import Occur, Query

from app.api.deps import select
from app.api.lists.value_lists import warn_of_unknown_ids
from app.export.tables import MentionRows, Row
from app.models import EntityType, enumerate_values
from app.rendering import JsonObject
from app.schemas import OffsetUnit
from app.search.index.mention_terms import ANYTHING, confidence_percent
from app.search.names.directory import EntityDirectory
from app.search.query.builder import build_value_filter
from app.search.query.clauses import any_of
from app.search.query.filters import FilterParams, Types, Values, parse_int
from app.search.query.mention_conditions import MentionConditions
from app.search.query.warnings import QueryWarning, UnknownValue
from app.search.selection import CachedSelection, Selection
from app.search.snapshot import Snapshot

DESCRIBED: Final = 10_000
"""Entities of an export whose values are kept: all 50,000 of 100,000 articles would take 20 MB."""

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
    context: Annotated[int, Field(ge=0, le=1000), BeforeValidator(parse_int)] = 0
    """Characters of text to return before and after each mention, cut between words."""
    offset_unit: OffsetUnit = "codepoint"
    """Unit of offsets."""

    @property
    def narrows_paragraphs(self) -> bool:
        """Return whether paragraphs with mentions are left out by the index."""
        return bool(self.filtered or self.of or self.type)

    def resolve_entities(self, directory: EntityDirectory) -> list[str]:
        """Return the ids of the entities in `of`; an unknown value unchanged."""
        return [entity.id if (entity := directory.entity(value)) else value for value in self.of]

    def countable_values(self, directory: EntityDirectory) -> tuple[str, Sequence[str]] | None:
        """Return the field and the values whose mentions are those to list; None if the index does not count them."""
        if self.exact or (self.type and self.of):
            return None
        if self.of:
            return "entity", [*{*self.resolve_entities(directory)}]
        return "entity_type", [*{*self.type}] or [ANYTHING]

    def mention_rows(self, directory: EntityDirectory) -> MentionRows:
        """Return the maker of rows for the mentions to list."""
        known = directory.entities

        @lru_cache(DESCRIBED)  # An export asks for each mention.
        def describe_entity(id: str, name: str) -> Row:
            entity = known.get(id)
            return (id, name, entity.wikidata, entity.local) if entity else (id, name, None, None)

        conditions = MentionConditions.of(self)
        narrowed = self.type or self.of or self.exact or conditions.narrow
        entities, types, texts = {*self.resolve_entities(directory)}, {*self.type}, {*self.exact}

        def is_listed(mention: JsonObject) -> bool:
            id = mention["entity"] and mention["entity"]["id"]
            entity = known.get(id)
            return (
                (not types or mention["type"] in types)
                and (not entities or id in entities)
                and (not texts or mention["exact"] in texts)
                and conditions.accept_mention(
                    confidence_percent(mention["confidence"]), entity and entity.local, mention["origin"]
                )
            )

        literals = [orjson.dumps(text) for text in texts]
        return MentionRows(describe_entity, is_listed if narrowed else None, self.context, self.offset_unit, literals)


def select_mentions(
    params: MentionFilterParams, snapshot: Snapshot
) -> tuple[Selection, list[UnknownValue | QueryWarning]]:
    """Return the paragraphs with mentions to list, and what to warn of.

    Paragraphs without a mention of the right type and entity, origin and so on are left out by the index; words are
    looked for in the paragraphs themselves. Raises `Problem` for a `q` that can't be searched.
    """
    selection, unknown = select(params, snapshot)
    index, conditions = snapshot.kinds["paragraphs"], MentionConditions.of(params)._replace(min_count=None)
    filters = []
    if params.of:
        entities = params.resolve_entities(snapshot.directory)
        filters.append(build_value_filter(index, "entity", entities, conditions))
    if params.type or not params.of:  # Whatever mentions an entity mentions one of any type, too.
        filters.append(build_value_filter(index, "entity_type", params.type or ALL_TYPES, conditions))
    if params.narrows_paragraphs:
        clauses = [(Occur.Must, selection.as_kind("paragraphs").query), *((Occur.Must, each) for each in filters)]
        paragraphs = Selection(snapshot, "paragraphs", lambda: Query.boolean_query(clauses))
    else:
        paragraphs = CachedSelection(snapshot, "paragraphs", "mentions", lambda: any_of(filters))
    return paragraphs, [*unknown, *warn_of_unknown_ids("of", "entity", params.of, snapshot)]
