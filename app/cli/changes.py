"""Changes of a seeding run: print which articles, entities and mentions came, changed and went, as text or as JSON."""

import json
from collections.abc import Iterator
from typing import Any

from app.cli.console import pluralize, print_line
from app.seeding.revision.changes import Changes

SIGNS = {"added": "+", "changed": "~", "removed": "-"}


def print_changes(changes: Changes, *, as_json: bool) -> None:
    """Print all changes of a run."""
    document = changes.to_json()
    if as_json:
        print_line(json.dumps(document, indent=2, ensure_ascii=False))
        return
    for noun in ("articles", "entities"):
        for line in describe_ids(noun, document[noun]):
            print_line(line)
    for line in describe_mentions(document["mentions"]):
        print_line(line)


def describe_ids(noun: str, changed_ids: dict[str, Any]) -> Iterator[str]:
    """Yield a line with the numbers of ids, and a line for each of them."""
    numbers = ", ".join(f"{part['count']:,} {kind}" for kind, part in changed_ids.items())
    yield f"{noun.capitalize()}: {numbers}."
    for kind, part in changed_ids.items():
        yield from (f"  {SIGNS[kind]} {id}" for id in part["ids"])


def describe_mentions(mentions: dict[str, Any]) -> Iterator[str]:
    """Yield a line with the numbers of mentions, and a line for each entity that is mentioned more or less often."""
    yield f"Mentions: {mentions['before']:,} before, {mentions['after']:,} now."
    for entity in mentions["entities"]:
        before, after = (
            f"{pluralize(counts['mentions'], 'mention')} in {pluralize(counts['articles'], 'article')}"
            for counts in (entity["before"], entity["after"])
        )
        yield f"  {entity['id']}: {before} before, {after} now"
