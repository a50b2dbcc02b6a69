"""The comparison of two entities: who is meant by two names, and how often each is named in the same periods."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.api.errors import Problem
from app.rendering import JsonObject
from app.web.api_client import ApiClient, Moved
from app.web.charts import FEW_BARS, INTERVALS, Timeline, build_timeline

MOST_CANDIDATES: Final = 6
"""Most entities that are suggested for a name."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: what was asked for, the entity, or those that may be meant."""

    text: str
    entity: JsonObject | None = None
    candidates: Sequence[Any] = field(default=())


async def resolve_side(api: ApiClient, text: str) -> Side:
    """Return the entity with an id, a Wikidata id or a name; else those whose names are equal, or similar."""
    if not text:
        return Side(text)
    try:
        return Side(text, await api.get(f"/entities/{text}"))
    except Moved as move:
        return Side(text, await api.get(f"/entities/{move.url.rpartition('/')[2]}"))
    except Problem as problem:
        similar = [id for error in problem.errors for id in error.get("did_you_mean", [])]
    namesakes = await api.get("/entities", [("name", text), ("limit", MOST_CANDIDATES)])
    if namesakes["total"] == 1:
        return Side(text, namesakes["items"][0])
    return Side(text, candidates=namesakes["items"] or await find_similar(api, text, similar))


async def find_similar(api: ApiClient, text: str, ids: Sequence[str]) -> list[Any]:
    """Return the entities with a name that begins like this, else those with these ids."""
    similar = await api.get("/entities", [("name_prefix", text), ("limit", MOST_CANDIDATES)])
    if not similar["items"] and ids:
        similar = await api.get("/entities", [*(("entity_id", id) for id in ids), ("limit", MOST_CANDIDATES)])
    return list(similar["items"])


async def load_timelines(api: ApiClient, ids: Sequence[str]) -> list[Timeline]:
    """Return the timelines of several entities over the same periods, and with the same height."""
    frame: JsonObject = {}
    interval = INTERVALS[0]
    for interval in INTERVALS:
        frame = await api.get("/timeline", [*(("entity_any", id) for id in ids), ("interval", interval)])
        if len(frame["items"]) >= FEW_BARS or not frame["items"]:
            break
    answers = await asyncio.gather(*(api.get("/timeline", [("entity", id), ("interval", interval)]) for id in ids))
    return [build_timeline(spread_counts(frame, answer)) for answer in answers]


def spread_counts(frame: JsonObject, answer: JsonObject) -> JsonObject:
    """Return a timeline over all periods of another one."""
    counts = {item["start"]: item["count"] for item in answer["items"]}
    periods = [{"start": item["start"], "count": counts.get(item["start"], 0)} for item in frame["items"]]
    return {"items": periods, "undated": answer["undated"]}
