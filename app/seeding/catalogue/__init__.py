"""How the built-in entities.yaml and tags.yaml and those of the seeds become one catalogue."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from app.seeding.article import Finding
from app.seeding.catalogue.catalogue import Catalogue, EntityEntry, TagEntry
from app.seeding.catalogue.fields import Kind
from app.seeding.catalogue.merge import Merged, merge
from app.seeding.catalogue.yaml_files import CatalogueFile, read_file
from app.seeding.files import LINK_OUT, Node, Tree, printable_path

__all__ = ["Catalogue", "CatalogueReading", "EntityEntry", "TagEntry", "catalogue_files", "read_catalogue"]

BUILT_IN = Path(__file__).parent
"""The folder of the entities and tags that come with the project."""


_NAMES: dict[Kind, str] = {"entities": "entities.yaml", "tags": "tags.yaml"}


class CatalogueReading(NamedTuple):
    """A catalogue, and the faults of the files it came from; the entries that have them are left out."""

    catalogue: Catalogue
    findings: list[Finding]


def read_catalogue(roots: Sequence[Path], *, follow_links: bool = False) -> CatalogueReading:
    """Read the built-in catalogue and what the folders add to it or override, the inner over the outer.

    Where a root is a file, the folder that it lies in counts, and none below. Of several roots, the
    later one overrides. Symbolic links that lead out of a root are followed only if that is asked for.
    """
    findings: list[Finding] = []
    files = [_found(root, follow_links=follow_links) for root in roots]
    outside = [node for of_root in files for node in of_root if node.is_outside]
    findings += [Finding(printable_path(node.path), 1, LINK_OUT, "warning") for node in outside]
    entities, tags = _merged("entities", files, findings), _merged("tags", files, findings)
    catalogue = Catalogue(
        {id_: EntityEntry(id=id_, **values) for id_, values in entities.values.items()},
        {id_: TagEntry(id=id_, **values) for id_, values in tags.values.items()},
    )
    return CatalogueReading(catalogue, findings)


def catalogue_files(roots: Sequence[Path], *, follow_links: bool = False) -> list[Node]:
    """All files that may have a say in the catalogue of these folders, in the order in which they do."""
    found = [_found(root, follow_links=follow_links) for root in roots]
    return [*map(_built_in, _NAMES), *(node for of_root in found for node in of_root)]


def _built_in(kind: Kind) -> Node:
    tree = Tree(str(BUILT_IN.resolve()), follow_links=True)
    return tree.child(tree.root, _NAMES[kind])


def _merged(kind: Kind, files: Sequence[Sequence[Node]], findings: list[Finding]) -> Merged:
    built_in = _built_in(kind)
    seen = {built_in.real}
    read: list[list[CatalogueFile]] = []
    for of_root in files:
        named = [node for node in of_root if node.name == _NAMES[kind] and not node.is_outside]
        fresh = [node for node in named if node.real not in seen]
        seen |= {node.real for node in fresh}
        read.append([read_file(node, kind, findings) for node in fresh])
    if all(file.builtin for of_root in read for file in of_root):
        read.insert(0, [read_file(built_in, kind, findings)])
    return merge(kind, read, findings)


def _found(root: Path, *, follow_links: bool) -> list[Node]:
    """Return the catalogue files under a root, outer ones first; hidden folders are not entered."""
    root = root.resolve()
    if not root.is_dir():
        tree = Tree(str(root.parent), follow_links=follow_links)
        beside = [tree.child(tree.root, name) for name in _NAMES.values()]
        return [node for node in beside if os.path.lexists(f"{tree.root.real}/{node.name}")]
    walked = Tree(str(root), follow_links=follow_links).walk(set())
    named = [node for node in walked if isinstance(node, Node) and node.name in _NAMES.values()]
    return sorted(named, key=lambda node: (node.path.count("/"), node.path))
