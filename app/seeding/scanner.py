"""The scan of folders for files that hold articles, with the defaults that their folders give them."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from app.seeding.article import Finding, ScannedFile
from app.seeding.files import LINK_OUT, Node, Tree, open_file, printable_path
from app.seeding.limits import LONGEST_YAML
from app.seeding.normalize.raw import Fault, RawArticle, shortened
from app.seeding.normalize.validation import validate
from app.seeding.readers import READERS, limit_of, suffix_of
from app.seeding.readers.decoding import decoded, whole
from app.seeding.readers.yaml import read_mapping
from app.text import CONTROL_CHARACTERS

__all__ = ["ScanResult", "ScannedFile", "scan"]

DEFAULTS = "defaults.yaml"
DEFAULT_KEYS = ("language", "source", "authors", "tags", "rights")
CATALOGUE = ("entities.yaml", "tags.yaml")


class ScanResult(NamedTuple):
    """What was found."""

    files: list[ScannedFile]
    findings: list[Finding]


def scan(paths: Sequence[Path], *, follow_links: bool = False) -> ScanResult:
    """Every file with articles at these paths, which are folders or single files, in the order of their names.

    A file that is reached twice is there once. Files and folders whose names begin with a dot are left out,
    and so is a README.md, which is about its folder. A folder's defaults.yaml holds for all files in and under
    it, and what an inner one says goes before what an outer one says. What a symbolic link brings in from outside
    is left out with a warning, unless links shall be followed.
    """
    found = Scanner()
    for path in paths:
        try:
            root = path.resolve(strict=True)
        except (OSError, RuntimeError):
            found.say(str(path.absolute()), "There is no such file or folder.")
            continue
        if root.is_dir():
            found.walk(Tree(str(root), follow_links=follow_links))
        elif suffix_of(root.name):
            tree = Tree(str(root.parent), follow_links=follow_links)
            found.take(tree, tree.child(tree.root, root.name), found.defaults(tree, tree.root, {}))
        else:
            found.say(str(root), f"This is not a file of articles; expected one with {', '.join(READERS)}.")
    return ScanResult(found.files, found.findings)


class Scanner:
    """What a scan has come across."""

    def __init__(self) -> None:
        self.files: list[ScannedFile] = []
        self.findings: list[Finding] = []
        self.seen: set[str] = set()
        """Files and folders by their real paths."""

    def say(self, path: str, message: str, line: int = 1) -> None:
        """Take down a fault."""
        self.findings.append(Finding(printable_path(path), line, message))

    def warn(self, path: str, message: str) -> None:
        """Take down a warning."""
        self.findings.append(Finding(printable_path(path), 1, message, "warning"))

    def walk(self, tree: Tree) -> None:
        """Take every file in and under a folder."""
        if tree.root.real in self.seen:
            return
        before = len(self.files) + len(self.findings)
        defaults: dict[str, Mapping[str, Any]] = {}
        for node in tree.walk(self.seen):
            if isinstance(node, Finding):
                self.findings.append(node)
                continue
            outer = defaults.get(node.path.rpartition("/")[0] or "/", {})
            if node.is_folder and not node.is_outside:
                defaults[node.path] = self.defaults(tree, node, outer)
            elif node.is_folder:
                self.warn(node.path, LINK_OUT)
            elif suffix_of(node.name) and node.name.lower() != "readme.md":
                self.take(tree, node, outer)
            elif node.name.lower().endswith((".yaml", ".yml")) and node.name not in {DEFAULTS, *CATALOGUE}:
                self.warn(node.path, f"This was not read; expected {', '.join((DEFAULTS, *CATALOGUE))}.")
        if len(self.files) + len(self.findings) == before:
            self.warn(
                tree.root.path, f"There are no articles in this folder; expected files with {', '.join(READERS)}."
            )

    def take(self, tree: Tree, node: Node, defaults: Mapping[str, Any]) -> None:
        """Take a file, unless it was taken before."""
        if printable_path(node.path) != node.path:
            self.say(node.path, "The file's name is not UTF-8; expected another name.")
            return
        if node.is_outside:
            self.warn(node.path, LINK_OUT)
            return
        if node.real in self.seen:
            return
        self.seen.add(node.real)
        try:
            with open_file(node.real, limit_of(node.name)) as stream:
                size = os.fstat(stream.fileno()).st_size
                digest = hash_bytes(stream, size)
        except Fault as fault:
            self.say(node.path, fault.message)
            return
        except OSError as error:
            self.say(node.path, f"The file can't be read: {error.strerror}.")
            return
        digest.update(orjson.dumps(defaults, option=orjson.OPT_SORT_KEYS))
        root = tree.root.path
        path = node.path.removeprefix(root).lstrip("/")
        self.files.append(ScannedFile(root, path, node.real, size, digest.hexdigest(), defaults))

    def defaults(self, tree: Tree, folder: Node, outer: Mapping[str, Any]) -> Mapping[str, Any]:
        """What holds for the files of a folder: its own defaults, and those around it."""
        node = tree.child(folder, DEFAULTS)
        if node.is_outside:
            self.warn(node.path, LINK_OUT)
        if node.is_outside or not os.path.lexists(f"{folder.real}/{DEFAULTS}"):
            return outer
        try:
            with open_file(node.real, LONGEST_YAML) as stream:
                own, faults = read_defaults(node.path, decoded(whole(stream, LONGEST_YAML)).removeprefix("\ufeff"))
        except Fault as fault:
            own, faults = {}, [Finding(printable_path(node.path), fault.line, fault.message)]
        except OSError as error:
            own, faults = {}, [Finding(printable_path(node.path), 1, f"The file can't be read: {error.strerror}.")]
        self.findings += [fault for fault in faults if fault not in self.findings]
        return {**outer, **own}


def hash_bytes(stream: BufferedReader, size: int) -> "hashlib.blake2b":
    """Hash so many bytes, also of a file that grows meanwhile."""
    digest = hashlib.blake2b(digest_size=16)
    while size > 0 and (data := stream.read(min(size, 1 << 20))):
        digest.update(data)
        size -= len(data)
    return digest


def read_defaults(name: str, text: str) -> tuple[dict[str, Any], list[Finding]]:
    """What a defaults.yaml says; nothing, if there is something wrong with it."""
    if control := CONTROL_CHARACTERS.search(text):
        line = 1 + text.count("\n", 0, control.start())
        raise Fault(f"There is a control character, U+{ord(control[0]):04X}; expected text.", line)
    keys, lines, faults = read_mapping(text, 1, DEFAULTS)
    draft = RawArticle(name, None, keys, lines=lines)
    for fault in faults:
        draft.fault_in_line(fault)
    for key in keys:
        if key not in DEFAULT_KEYS:
            draft.fault(f"`{shortened(key)}` can't be a default; expected one of {', '.join(DEFAULT_KEYS)}.", key)
    document = validate(draft)
    if document is None or draft.faults:
        return {}, draft.findings
    return document.model_dump(include=set(DEFAULT_KEYS), exclude_none=True), []
