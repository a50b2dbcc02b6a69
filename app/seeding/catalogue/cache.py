"""Catalogue cache: store the last run's catalogue, which is not read again while its files are the same."""

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

import orjson
from sqlalchemy import Connection, delete, insert, select
from sqlmodel import col

from app import models
from app.seeding.catalogue import CatalogueReading, find_catalogue_files, read_catalogue
from app.seeding.catalogue.catalogue import Catalogue, EntityEntry, TagEntry
from app.seeding.catalogue.yaml_files import read_bytes
from app.seeding.fingerprints import PIPELINE_VERSION, compute_fingerprint
from app.seeding.normalize.raw import Fault


def load_catalogue(connection: Connection, roots: Sequence[Path], *, follow_links: bool = False) -> CatalogueReading:
    """Return the reading of `read_catalogue`, from the cache if possible; store one that has no findings."""
    fingerprint = catalogue_fingerprint(roots, follow_links=follow_links)
    entries = select(col(models.Catalogue.entries)).where(col(models.Catalogue.fingerprint) == fingerprint)
    if serialized := connection.scalar(entries):
        return CatalogueReading(deserialize(serialized), [])
    reading = read_catalogue(roots, follow_links=follow_links)
    # A file may have changed while it was read.
    if fingerprint and not reading.findings and fingerprint == catalogue_fingerprint(roots, follow_links=follow_links):
        connection.execute(delete(models.Catalogue))
        values = {"fingerprint": fingerprint, "entries": serialize(reading.catalogue)}
        connection.execute(insert(models.Catalogue), values)
    return reading


def catalogue_fingerprint(roots: Sequence[Path], *, follow_links: bool) -> str | None:
    """Return the fingerprint of all files that a catalogue is read from; None if one can't or must not be read."""
    nodes = find_catalogue_files(roots, follow_links=follow_links)
    if any(node.is_outside for node in nodes):
        return None
    try:
        files = [(node.path, read_bytes(node)) for node in nodes]
    except (OSError, Fault):
        return None
    return compute_fingerprint(PIPELINE_VERSION, *(part for file in files for part in file))


def serialize(catalogue: Catalogue) -> bytes:
    """Return a catalogue as JSON: a list of entities and one of tags, each a list of its fields' values."""
    entities, tags = (attrgetter(*(field.name for field in fields(entry))) for entry in (EntityEntry, TagEntry))
    return orjson.dumps([[*map(entities, catalogue.entities.values())], [*map(tags, catalogue.tags.values())]])


def deserialize(serialized: bytes) -> Catalogue:
    """Return the catalogue that was serialized."""
    entities, tags = orjson.loads(serialized)
    return Catalogue(
        {values[0]: EntityEntry(*values[:5], *map(tuple, values[5:])) for values in entities},
        {values[0]: TagEntry(*values) for values in tags},
    )
