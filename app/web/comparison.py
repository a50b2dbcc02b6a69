"""The comparison of two entities: who is meant by two names, and how often each is named in the same periods."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.rendering import JsonObject
from app.web.api_client import ApiClient, ApiProblem, Moved
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
    except ApiProblem as problem:
        similar = [id for error in problem.problem.get("errors", []) for id in error.get("did_you_mean", [])]
    candidates = await find_candidates(api, text, similar)
    return Side(text, candidates[0]) if len(candidates) == 1 else Side(text, candidates=candidates)


async def find_candidates(api: ApiClient, text: str, similar: Sequence[str]) -> list[Any]:
    """Return the entities with a name; if there are none, with one that begins like this, or with these ids."""
    questions = [[("name", text)], [("name_prefix", text)], [("entity_id", id) for id in similar]]
    for question in questions:
        if question:
            answer = await api.get("/entities", [*question, ("limit", MOST_CANDIDATES)])
            if answer["items"]:
                return list(answer["items"])
    return []


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
