"""How the entries of many files become one table by id, and what may not stand in it twice."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from app.seeding.article import Finding
from app.seeding.catalogue.fields import Kind
from app.seeding.catalogue.yaml_files import CatalogueFile, Entry
from app.seeding.slugs import MAX_ID_LENGTH, slug
from app.text import fold_name


class Merged(NamedTuple):
    """Every id with what is said of it, and the entry that said it last."""

    values: dict[str, dict[str, Any]]
    entries: dict[str, Entry]


def merge(kind: Kind, roots: Sequence[Sequence[CatalogueFile]], findings: list[Finding]) -> Merged:
    """Merge the files of each root, outer ones before inner ones; later entries override key by key."""
    merged = Merged({}, {})
    for files in roots:
        written: dict[str, Entry] = {}
        for file in files:
            for id_, entry in _identified(file.entries, merged, findings):
                twin = written.get(id_)
                if twin is not None and Path(twin.file).parent not in Path(entry.file).parents[1:]:
                    what = f"'{id_}' stands here and in {twin.place}; expected each id once"
                    findings.append(Finding(entry.file, entry.line, what))
                elif not (missing := _missing(kind, merged.values.get(id_, {}) | entry.values)):
                    written[id_] = merged.entries[id_] = entry
                    merged.values.setdefault(id_, {}).update(entry.values)
                else:
                    what = f"nothing is known of '{id_}' yet; expected its {' and its '.join(missing)}"
                    findings.append(Finding(entry.file, entry.line, what))
    findings += _clashes(kind, merged)
    return merged


def _missing(kind: Kind, values: dict[str, Any]) -> list[str]:
    return [key for key in ("name", "type")[: 2 if kind == "entities" else 1] if key not in values]


def _identified(entries: Sequence[Entry], merged: Merged, findings: list[Finding]) -> Iterator[tuple[str, Entry]]:
    """Give every entry of a file its id: the one given, else its name's, with `-type` if another has that."""
    types: dict[str, str | None] = {id_: values.get("type") for id_, values in merged.values.items()}
    for entry in entries:
        if id_ := entry.values.get("id"):
            types[id_] = entry.values.get("type", types.get(id_))
    for entry in entries:
        values = dict(entry.values)
        # The shorter by as much as `-organization` may add.
        made = slug(values.get("name", ""))[: MAX_ID_LENGTH - 13].rstrip("-")
        id_, type_ = values.pop("id", made), values.get("type")
        if not id_:
            what = "nothing here makes an id; expected an `id`, or a `name` that gives one"
            findings.append(Finding(entry.file, entry.line, what))
            continue
        if "id" not in entry.values and type_ and types.setdefault(id_, type_) != type_:
            id_ = f"{id_}-{type_}"
        yield id_, entry._replace(values=values)


def _clashes(kind: Kind, merged: Merged) -> Iterator[Finding]:
    holders: dict[str, str] = {}
    for id_, values in merged.values.items():
        if kind == "tags":
            claims = {fold_name(values["name"]): f"the name '{values['name']}'"}
        else:
            claims = {former: f"the former id '{former}'" for former in values.get("formerly", ())}
            if wikidata := values.get("wikidata"):
                claims[wikidata] = f"the Wikidata id {wikidata}"
        for claim, what in claims.items():
            entry, holder = merged.entries[id_], holders.setdefault(claim, id_)
            if kind == "entities" and claim in merged.values:
                holder = claim
            if holder != id_:
                clash = f"{what} of '{id_}' belongs to '{holder}' too; expected it at one of them"
                yield Finding(entry.file, entry.line, clash)
