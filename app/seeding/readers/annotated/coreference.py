"""Coreference: decode the entities that CoNLL-U files of CorefUD and GUM write as brackets in their last column."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

BRACKET = re.compile(r"(?P<opens>\()?(?P<content>[^()]+)(?P<closes>\))?")
PIECE = re.compile(r"\[\d+/\d+\]")
"""The number of a piece of an entity that is interrupted."""


class EntitySpan(NamedTuple):
    """Words of a sentence that mention an entity."""

    first: int
    last: int
    label: str
    entity: dict[str, Any] | None = None


class CoreferenceSchema(NamedTuple):
    """The fields of an entity, in their order, as a file declares them."""

    fields: tuple[str, ...] = ("eid", "etype", "head", "other")

    @classmethod
    def parse(cls, names: str) -> "CoreferenceSchema":
        """Return the schema of a comment `global.Entity = eid-etype-head-other`."""
        return cls(tuple(names.split("-")))

    def read(self, content: str) -> dict[str, str]:
        """Return the fields of an entity by name; the first is always under `eid`."""
        first, *values = PIECE.sub("", content).split("-", len(self.fields) - 1)
        fields = {"eid": first, **dict(zip(self.fields[1:], values, strict=False))}
        for item in fields.pop("other", "").split(","):
            key, _, value = item.partition(":")
            fields.setdefault(key, value)
        return fields


def decode_entities(values: Sequence[str], schema: CoreferenceSchema) -> Iterator[EntitySpan]:
    """Yield the entities of a sentence, from the `Entity` of each of its words."""
    open_entities: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for index, value in enumerate(values):
        for match in BRACKET.finditer(value):
            fields = schema.read(match["content"])
            if match["opens"]:
                open_entities.setdefault(fields["eid"], []).append((index, fields))
            if match["closes"] and open_entities.get(fields["eid"]):
                first, opened = open_entities[fields["eid"]].pop()
                yield EntitySpan(first, index, opened.get("etype") or "entity", to_identity(opened))


def to_identity(fields: dict[str, str]) -> dict[str, Any] | None:
    """Return the entity that the name of a Wikipedia page gives."""
    name = unquote(fields.get("identity", "")).replace("_", " ").strip()
    return {"name": name} if name else None
