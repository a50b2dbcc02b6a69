"""Merging: combine the entries of many files into one table by id, and report conflicts."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from app.seeding.article import Finding
from app.seeding.catalogue.fields import Kind
from app.seeding.catalogue.yaml_files import CatalogueFile, Entry
from app.seeding.slugs import MAX_ID_LENGTH, slug
from app.text import fold_name


class MergedEntries(NamedTuple):
    """The merged values of each id, and the last entry that contributed to them."""

    values: dict[str, dict[str, Any]]
    entries: dict[str, Entry]


def merge(kind: Kind, roots: Sequence[Sequence[CatalogueFile]], findings: list[Finding]) -> MergedEntries:
    """Merge the files of each root, outer ones before inner ones: later entries override key by key.

    Appends a fault for each entry that stands twice or lacks a key, and for each name or id that two claim.
    """
    merged = MergedEntries({}, {})
    for files in roots:
        merged_here: dict[str, Entry] = {}
        for file in files:
            for id, entry in assign_ids(file.entries, merged, findings):
                twin = merged_here.get(id)
                if twin is not None and Path(twin.file).parent not in Path(entry.file).parents[1:]:
                    message = f"'{id}' stands here and in {twin.place}; expected each id once"
                    findings.append(Finding(entry.file, entry.line, message))
                elif not (missing := missing_keys(kind, merged.values.get(id, {}) | entry.values)):
                    merged_here[id] = merged.entries[id] = entry
                    merged.values.setdefault(id, {}).update(entry.values)
                else:
                    message = f"nothing is known of '{id}' yet; expected its {' and its '.join(missing)}"
                    findings.append(Finding(entry.file, entry.line, message))
    findings += find_conflicts(kind, merged)
    return merged


def missing_keys(kind: Kind, values: dict[str, Any]) -> list[str]:
    """Return the required keys that are missing."""
    return [key for key in ("name", "type")[: 2 if kind == "entities" else 1] if key not in values]


def assign_ids(entries: Sequence[Entry], merged: MergedEntries, findings: list[Finding]) -> Iterator[tuple[str, Entry]]:
    """Yield each entry with its id: its own, or the slug of its name, with `-type` if another type has that."""
    types: dict[str, str | None] = {id: values.get("type") for id, values in merged.values.items()}
    for entry in entries:
        if id := entry.values.get("id"):
            types[id] = entry.values.get("type", types.get(id))
    for entry in entries:
        values = dict(entry.values)
        # 13 characters are left for `-organization`.
        derived_id = slug(values.get("name", ""))[: MAX_ID_LENGTH - 13].rstrip("-")
        id, type = values.pop("id", derived_id), values.get("type")
        if not id:
            message = "nothing here makes an id; expected an `id`, or a `name` that gives one"
            findings.append(Finding(entry.file, entry.line, message))
            continue
        if "id" not in entry.values and type and types.setdefault(id, type) != type:
            id = f"{id}-{type}"
        yield id, entry._replace(values=values)


def find_conflicts(kind: Kind, merged: MergedEntries) -> Iterator[Finding]:
    """Yield a fault for each tag name, former id and Wikidata id that two ids claim."""
    holders: dict[str, str] = {}
    for id, values in merged.values.items():
        if kind == "tags":
            claims = {fold_name(values["name"]): f"the name '{values['name']}'"}
        else:
            claims = {former: f"the former id '{former}'" for former in values.get("formerly", ())}
            if wikidata_id := values.get("wikidata"):
                claims[wikidata_id] = f"the Wikidata id {wikidata_id}"
        for claim, description in claims.items():
            entry, holder = merged.entries[id], holders.setdefault(claim, id)
            if kind == "entities" and claim in merged.values:
                holder = claim
            if holder != id:
                message = f"{description} of '{id}' belongs to '{holder}' too; expected it at one of them"
                yield Finding(entry.file, entry.line, message)
