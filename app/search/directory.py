"""Who and what the corpus knows: the entities and tags of one revision, found by id, by name, by Wikidata id."""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from app.models import Entity, EntityType, Revision, Tag

WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class KnownEntity:
    """An entity as the newest revision knows it."""

    id: str
    name: str
    type: EntityType
    description: str | None
    wikidata: str | None
    aliases: list[str]
    formerly: list[str]
    articles: int
    mentions: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class KnownTag:
    """A tag as the newest revision knows it."""

    id: str
    name: str
    description: str | None
    iptc: str | None
    aliases: tuple[str, ...] = ()


class Directory:
    """The entities and tags of one revision, held in memory: answers about them never mix two revisions."""

    def __init__(self, connection: Connection) -> None:
        newest = select(Revision).order_by(col(Revision.number).desc()).limit(1)
        self.revision: dict[str, Any] = dict(connection.execute(newest).mappings().one())
        fields = KnownEntity.__slots__
        rows = connection.execute(select(*(getattr(Entity, name) for name in fields)))
        self.entities = {row[0]: KnownEntity(*row) for row in rows}
        tags = connection.execute(select(col(Tag.id), col(Tag.name), col(Tag.description), col(Tag.iptc)))
        self.tags = {row[0]: KnownTag(*row) for row in tags}
        self.other_ids = {old: it.id for it in self.entities.values() for old in it.formerly}
        self.other_ids |= {it.wikidata: it.id for it in self.entities.values() if it.wikidata}
        self.entity_names = Names(self.entities.values())
        self.tag_names = Names(self.tags.values())

    def entity(self, reference: str) -> KnownEntity | None:
        """By id, by a former id or by Wikidata id."""
        return self.entities.get(reference) or self.entities.get(self.other_ids.get(reference, ""))

    def like(self, reference: str) -> list[KnownEntity]:
        """Entities that somebody who wrote this may have meant."""
        named = self.entity_names.called(reference) or self.entity_names.beginning(reference.replace("-", " "))
        near = [self.entities[id] for id in get_close_matches(reference, self.entities, n=3)]
        found = [self.entities[id] for id in dict.fromkeys([*named, *(entity.id for entity in near)])]
        return sorted(found, key=lambda entity: -entity.articles)[:3]


class Names:
    """Which ids a name, or the beginning of any word of a name, leads to."""

    def __init__(self, known: Iterable[KnownEntity] | Iterable[KnownTag]) -> None:
        self.folded: dict[str, str] = {}
        """The name of each id, as names are compared."""
        self.whole: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.ends: list[tuple[str, str, int, str]] = []
        """Every name from each of its words on, with its place among the names of its id: what begins with a
        prefix stands together."""
        for it in known:
            for place, name in enumerate((it.name, *it.aliases)):
                folded = fold(name)
                self.folded.setdefault(it.id, folded)
                self.whole[folded].setdefault(it.id, name)
                self.ends += [(folded[word.start() :], it.id, place, name) for word in WORD.finditer(folded)]
        self.ends.sort()

    def called(self, name: str) -> dict[str, str]:
        """The ids of all that have this name or alias, with the name as it is spelled."""
        return self.whole.get(fold(name), {})

    def beginning(self, prefix: str) -> dict[str, str]:
        """The ids of all of which a word of a name or alias begins so, with the first of its names that does."""
        folded = fold(prefix)
        first = bisect_left(self.ends, (folded,))
        last = bisect_left(self.ends, (folded + "\U0010ffff",))
        found = sorted(self.ends[first:last], key=itemgetter(2), reverse=True) if folded else []
        return dict(map(itemgetter(1, 3), found))

    def fitting(self, name: str | None, prefix: str | None) -> dict[str, str] | None:
        """What has the name and the prefix, as far as they are given; None where neither is."""
        if name is None:
            return None if prefix is None else self.beginning(prefix)
        called = self.called(name)
        if prefix is None:
            return called
        beginning = self.beginning(prefix)
        return {id: it for id, it in called.items() if id in beginning}


def fold(name: str) -> str:
    """Without case, accents and doubled spaces."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())
