"""Changes of a run: which articles and entities it added, changed and removed, and how often entities are mentioned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any, Final, NamedTuple

from app.seeding.registry import EntityRow

MOST_IDS: Final = 10
"""Ids of each kind that a revision names; of the others, it has the number."""

DESCRIPTION: Final = ("id", "name", "type", "description", "wikidata", "aliases", "formerly", "local")
"""The columns of an entity that say what it is."""


class Counts(NamedTuple):
    """How often an entity is mentioned, and in how many articles."""

    mentions: int = 0
    articles: int = 0


@dataclass
class ChangedIds:
    """The ids of articles, or of entities, that a run added, changed or removed."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def to_json(self, most: int | None) -> dict[str, Any]:
        """Return the number of ids of each kind, and the ids, or the first of them in their order."""
        return {kind: {"count": len(ids), "ids": sorted(ids)[:most]} for kind, ids in vars(self).items()}


@dataclass
class Changes:
    """What a run changed in the corpus."""

    articles: ChangedIds = field(default_factory=ChangedIds)
    entities: ChangedIds = field(default_factory=ChangedIds)
    """Added: mentioned now, and not before. Changed: described otherwise. Removed: mentioned no longer."""
    mentions: tuple[int, int] = (0, 0)
    """Their number before and after the run."""
    counts: dict[str, tuple[Counts, Counts]] = field(default_factory=dict)
    """The counts, before and after the run, of each entity whose counts differ, by its id."""

    def compare_entities(self, before: Mapping[int, EntityRow | None], after: Mapping[int, EntityRow]) -> None:
        """Compare the rows of the entities that the run touched, by key; `before` has None for a new one."""
        for key, old in before.items():
            new = after.get(key)
            was, now = count_mentions(old), count_mentions(new)
            id = (new or old or {})["id"]
            if now.articles and not was.articles:
                self.entities.added.append(id)
            elif was.articles and not now.articles:
                self.entities.removed.append(id)
            elif old and new and any(old[column] != new[column] for column in DESCRIPTION):
                self.entities.changed.append(id)
            if was != now:
                self.counts[id] = was, now

    def to_json(self, most: int | None = None) -> dict[str, Any]:
        """Return the changes as JSON: all, or so many ids of each kind; of counts those that differ most."""
        differences = {id: abs(now.mentions - was.mentions) for id, (was, now) in sorted(self.counts.items())}
        ids = nlargest(len(differences) if most is None else most, differences, key=differences.__getitem__)
        before, after = self.mentions
        counts = [(id, *self.counts[id]) for id in ids]
        entities = [{"id": id, "before": was._asdict(), "after": now._asdict()} for id, was, now in counts]
        return {
            "articles": self.articles.to_json(most),
            "entities": self.entities.to_json(most),
            "mentions": {"before": before, "after": after, "entities": entities},
        }


def count_mentions(row: EntityRow | None) -> Counts:
    """Return the counts of an entity; zeros if there is none."""
    return Counts(row["mentions"], row["articles"]) if row else Counts()
