"""The catalogue of the last run, which is not read again where its files are the same."""

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

import orjson
from sqlalchemy import Connection, delete, insert, select
from sqlmodel import col

from app.models import Catalogue as CatalogueRow
from app.seeding.catalogue import CatalogueReading, catalogue_files, read_catalogue
from app.seeding.catalogue.catalogue import Catalogue, EntityEntry, TagEntry
from app.seeding.catalogue.yaml_files import read_bytes
from app.seeding.fingerprints import PIPELINE_VERSION, compute_fingerprint
from app.seeding.normalize.raw import Fault


def load_catalogue(connection: Connection, roots: Sequence[Path], *, follow_links: bool = False) -> CatalogueReading:
    """What `read_catalogue` gives of these folders. One without faults is remembered with the run."""
    fingerprint = catalogue_fingerprint(roots, follow_links=follow_links)
    entries = select(col(CatalogueRow.entries)).where(col(CatalogueRow.fingerprint) == fingerprint)
    if known := connection.scalar(entries):
        return CatalogueReading(deserialize(known), [])
    reading = read_catalogue(roots, follow_links=follow_links)
    # A file may have changed while it was read.
    if fingerprint and not reading.findings and fingerprint == catalogue_fingerprint(roots, follow_links=follow_links):
        connection.execute(delete(CatalogueRow))
        connection.execute(insert(CatalogueRow), {"fingerprint": fingerprint, "entries": serialize(reading.catalogue)})
    return reading


def catalogue_fingerprint(roots: Sequence[Path], *, follow_links: bool) -> str | None:
    """Of all that a catalogue is read from; None where a file can't be read, or may not be."""
    nodes = catalogue_files(roots, follow_links=follow_links)
    if any(node.is_outside for node in nodes):
        return None
    try:
        files = [(node.path, read_bytes(node)) for node in nodes]
    except (OSError, Fault):
        return None
    return compute_fingerprint(PIPELINE_VERSION, *(part for file in files for part in file))


def serialize(catalogue: Catalogue) -> bytes:
    """A catalogue as it is stored."""
    entities, tags = (attrgetter(*(it.name for it in fields(entry))) for entry in (EntityEntry, TagEntry))
    return orjson.dumps([[*map(entities, catalogue.entities.values())], [*map(tags, catalogue.tags.values())]])


def deserialize(entries: bytes) -> Catalogue:
    """The catalogue that was stored."""
    entities, tags = orjson.loads(entries)
    return Catalogue(
        {it[0]: EntityEntry(*it[:5], *map(tuple, it[5:])) for it in entities},
        {it[0]: TagEntry(*it) for it in tags},
    )
