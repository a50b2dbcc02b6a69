"""Reading: find the catalogue files of the seeds, and merge them with the built-in ones."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from app.seeding.article import Finding
from app.seeding.catalogue.catalogue import Catalogue, EntityEntry, TagEntry
from app.seeding.catalogue.fields import Kind
from app.seeding.catalogue.merge import MergedEntries, merge
from app.seeding.catalogue.yaml_files import CatalogueFile, read_file
from app.seeding.files.archives import is_archive
from app.seeding.files.tree import LINK_LEADS_OUT, Node, Tree, printable_path

BUILT_IN = Path(__file__).parent
"""The folder of the built-in entities.yaml and tags.yaml."""

FILE_NAMES: dict[Kind, str] = {"entities": "entities.yaml", "tags": "tags.yaml"}


class CatalogueReading(NamedTuple):
    """A catalogue, and the findings about its files; entries with a fault are left out."""

    catalogue: Catalogue
    findings: list[Finding]


def read_catalogue(roots: Sequence[Path], *, follow_links: bool = False) -> CatalogueReading:
    """Read the built-in catalogue and the catalogue files under the roots, which add to it or override it.

    An inner folder overrides an outer one, and a later root an earlier one. If a root is a file, only those in its own
    folder are read. Symbolic links that lead out of a root are skipped with a warning, unless `follow_links`.
    """
    files = [find_files(root, follow_links=follow_links) for root in roots]
    outside = [node for nodes in files for node in nodes if node.is_outside]
    findings = [Finding(printable_path(node.path), 1, LINK_LEADS_OUT, "warning") for node in outside]
    entities, tags = read_entries("entities", files, findings), read_entries("tags", files, findings)
    catalogue = Catalogue(
        {id: EntityEntry(id=id, **values) for id, values in entities.values.items()},
        {id: TagEntry(id=id, **values) for id, values in tags.values.items()},
    )
    return CatalogueReading(catalogue, findings)


def find_catalogue_files(roots: Sequence[Path], *, follow_links: bool = False) -> list[Node]:
    """Return all files that `read_catalogue` considers, the overridden before the overriding ones."""
    files = [find_files(root, follow_links=follow_links) for root in roots]
    return [*map(built_in_file, FILE_NAMES), *(node for nodes in files for node in nodes)]


def built_in_file(kind: Kind) -> Node:
    """Return the built-in entities.yaml or tags.yaml."""
    tree = Tree(str(BUILT_IN.resolve()), follow_links=True)
    return tree.child(tree.root, FILE_NAMES[kind])


def read_entries(kind: Kind, files: Sequence[Sequence[Node]], findings: list[Finding]) -> MergedEntries:
    """Read and merge the files of one kind, by root; append their findings."""
    built_in = built_in_file(kind)
    seen = {built_in.real}
    roots: list[list[CatalogueFile]] = []
    for nodes in files:
        readable = [node for node in nodes if node.name == FILE_NAMES[kind] and not node.is_outside]
        unread = [node for node in readable if node.real not in seen]
        seen |= {node.real for node in unread}
        roots.append([read_file(node, kind, findings) for node in unread])
    if all(file.builtin for root in roots for file in root):
        roots.insert(0, [read_file(built_in, kind, findings)])
    return merge(kind, roots, findings)


def find_files(root: Path, *, follow_links: bool) -> list[Node]:
    """Return the catalogue files under a root, outer ones first; hidden folders are not entered."""
    root = root.resolve()
    if not root.is_dir() and not is_archive(str(root)):
        tree = Tree(str(root.parent), follow_links=follow_links)
        siblings = [tree.child(tree.root, name) for name in FILE_NAMES.values()]
        return [node for node in siblings if os.path.lexists(f"{tree.root.real}/{node.name}")]
    nodes = Tree(str(root), follow_links=follow_links).walk(set())
    files = [node for node in nodes if isinstance(node, Node) and node.name in FILE_NAMES.values()]
    return sorted(files, key=lambda node: (node.path.count("/"), node.path))
