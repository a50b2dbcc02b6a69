"""The comparison of two entities: who is meant by two names, and how often each is named in the same periods."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app.rendering import JsonObject
from app.web.api_client import ApiClient
from app.web.charts import Timeline, build_timeline, load_longest_periods

MOST_CANDIDATES: Final = 6
"""Most entities that are suggested for a name."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what was asked for, the entity, or those that may be meant."""

    text: str
    entity: JsonObject | None = None
    candidates: Sequence[Any] = ()


async def resolve_side(api: ApiClient, text: str) -> Side:
    """Return the entity with an id, a Wikidata id or a name; else those whose names are equal or similar."""
    if not text:
        return Side(text)
    by_id = await api.get("/entities", [("entity_id", text), ("limit", 1)])
    if by_id["items"]:
        return Side(text, by_id["items"][0])
    namesakes = await api.get("/entities", [("name", text), ("limit", MOST_CANDIDATES)])
    if namesakes["total"] == 1:
        return Side(text, namesakes["items"][0])
    if not namesakes["items"]:
        namesakes = await api.get("/entities", [("name_prefix", text), ("limit", MOST_CANDIDATES)])
    similar = [suggestion for warning in by_id["warnings"] for suggestion in warning["did_you_mean"]]
    return Side(text, candidates=namesakes["items"] or similar)


async def load_timelines(api: ApiClient, ids: Sequence[str]) -> list[Timeline]:
    """Return the timelines of several entities over the same periods, and with the same height."""
    interval, frame = await load_longest_periods(api, [("entity_any", id) for id in ids])
    answers = await asyncio.gather(*(api.get("/timeline", [("entity", id), ("interval", interval)]) for id in ids))
    timelines = [build_timeline(spread_counts(frame, answer)) for answer in answers]
    highest = max(timeline.highest for timeline in timelines)
    return [replace(timeline, least_height=highest) for timeline in timelines]


def spread_counts(frame: JsonObject, answer: JsonObject) -> JsonObject:
    """Return a timeline over all periods of another one."""
    counts = {item["start"]: item["count"] for item in answer["items"]}
    periods = [{"start": item["start"], "count": counts.get(item["start"], 0)} for item in frame["items"]]
    return {"items": periods, "undated": answer["undated"]}
