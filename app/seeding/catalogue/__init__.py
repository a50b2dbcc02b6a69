"""How the built-in entities.yaml and tags.yaml and those of the seeds become one catalogue."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from app.seeding.catalogue.entries import Catalogue, EntityEntry, TagEntry
from app.seeding.catalogue.files import CatalogueFile, read_file
from app.seeding.catalogue.keys import Kind
from app.seeding.catalogue.merging import Merged, merge
from app.seeding.documents import Finding

__all__ = ["Catalogue", "CatalogueReading", "EntityEntry", "TagEntry", "catalogue_files", "read_catalogue"]

BUILT_IN = Path(__file__).parent
"""The folder of the entities and tags that come with the project."""


_NAMES: dict[Kind, str] = {"entities": "entities.yaml", "tags": "tags.yaml"}


class CatalogueReading(NamedTuple):
    """A catalogue, and the faults of the files it came from; the entries that have them are left out."""

    catalogue: Catalogue
    findings: list[Finding]


def read_catalogue(roots: Sequence[Path]) -> CatalogueReading:
    """Read the built-in catalogue and what the folders add to it or override, the inner over the outer.

    Where a root is a file, the folder that it lies in counts, and none below. Of several roots, the
    later one overrides.
    """
    findings: list[Finding] = []
    files = [_found(root) for root in roots]
    entities, tags = _merged("entities", files, findings), _merged("tags", files, findings)
    catalogue = Catalogue(
        {id_: EntityEntry(id=id_, **values) for id_, values in entities.values.items()},
        {id_: TagEntry(id=id_, **values) for id_, values in tags.values.items()},
    )
    return CatalogueReading(catalogue, findings)


def catalogue_files(roots: Sequence[Path]) -> list[Path]:
    """All files that may have a say in the catalogue of these folders, in the order in which they do."""
    return [*(BUILT_IN / name for name in _NAMES.values()), *(path for root in roots for path in _found(root))]


def _merged(kind: Kind, files: Sequence[Sequence[Path]], findings: list[Finding]) -> Merged:
    built_in = BUILT_IN / _NAMES[kind]
    seen = {built_in.resolve()}
    read: list[list[CatalogueFile]] = []
    for of_root in files:
        paths = [path for path in of_root if path.name == _NAMES[kind] and path.resolve() not in seen]
        seen |= {path.resolve() for path in paths}
        read.append([read_file(path, kind, findings) for path in paths])
    if all(file.builtin for of_root in read for file in of_root):
        read.insert(0, [read_file(built_in, kind, findings)])
    return merge(kind, read, findings)


def _found(root: Path) -> list[Path]:
    """Return the catalogue files under a root, outer ones first; hidden folders are not entered."""
    root = root.resolve()
    if not root.is_dir():
        return [root.parent / name for name in _NAMES.values() if (root.parent / name).is_file()]
    paths, entered = [], set[str]()
    for folder, folders, files in os.walk(root, followlinks=True):
        # A link may lead back to where it stands.
        if (real := os.path.realpath(folder)) in entered:
            folders.clear()
            continue
        entered.add(real)
        folders[:] = [inner for inner in folders if not inner.startswith(".")]
        paths += [Path(folder) / name for name in _NAMES.values() if name in files]
    return sorted(paths, key=lambda path: (len(path.parts), path))
