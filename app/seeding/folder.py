"""The scan of folders for files that hold articles, with the defaults that their folders give them."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from app.seeding.documents import Finding, SourceFile
from app.seeding.readers import READERS, suffix_of
from app.seeding.readers.decoding import CONTROL, decoded, whole
from app.seeding.readers.yaml_mapping import read_mapping
from app.seeding.settle.draft import Draft, Fault
from app.seeding.settle.validation import validate

__all__ = ["Scan", "SourceFile", "scan"]

DEFAULTS = "defaults.yaml"
DEFAULT_KEYS = ("language", "source", "authors", "tags", "rights")
CATALOGUE = ("entities.yaml", "tags.yaml")


class Scan(NamedTuple):
    """What was found."""

    files: list[SourceFile]
    findings: list[Finding]


def scan(paths: Sequence[Path]) -> Scan:
    """Every file with articles at these paths, which are folders or single files, in the order of their names.

    A file that is reached twice is there once. Files and folders whose names begin with a dot are left out,
    and so is a README.md, which is about its folder. A folder's defaults.yaml holds for all files in and under
    it, and what an inner one says goes before what an outer one says.
    """
    found = Found()
    for path in paths:
        try:
            root = path.resolve(strict=True)
        except (OSError, RuntimeError):
            found.say(path.absolute(), "There is no such file or folder.")
            continue
        count = len(found.files)
        if root.is_dir():
            found.walk(root, root, {})
            if len(found.files) == count and str(root) not in found.told:
                message = f"There are no articles in this folder; expected files with {', '.join(READERS)}."
                found.findings.append(Finding(str(root), 1, message, "warning"))
        elif suffix_of(root.name):
            found.take(root, root.parent, found.defaults(root.parent, {}))
        else:
            found.say(root, f"This is not a file of articles; expected one with {', '.join(READERS)}.")
    return Scan(found.files, found.findings)


class Found:
    """What a scan has come across."""

    def __init__(self) -> None:
        self.files: list[SourceFile] = []
        self.findings: list[Finding] = []
        self.seen: set[str] = set()
        """Files and folders by their real paths, so that no link leads in a circle."""
        self.told: set[str] = set()

    def say(self, path: Path, message: str, line: int = 1) -> None:
        """Take down a fault."""
        self.findings.append(Finding(legible(path), line, message))

    def is_new(self, path: Path) -> bool:
        """Whether this file or folder was not come across before, by whatever name."""
        real = os.path.realpath(path)
        new = real not in self.seen
        self.seen.add(real)
        return new

    def walk(self, folder: Path, root: Path, outer: Mapping[str, Any]) -> None:
        """Take every file in and under a folder."""
        if not self.is_new(folder):
            self.told.add(str(folder))
            return
        try:
            entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        except OSError as error:
            self.say(folder, f"The folder can't be read: {error.strerror}.")
            return
        defaults = self.defaults(folder, outer)
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                self.walk(entry, root, defaults)
            elif suffix_of(entry.name) and entry.name.lower() != "readme.md":
                self.take(entry, root, defaults)
            elif entry.suffix.lower() in {".yaml", ".yml"} and entry.name not in {DEFAULTS, *CATALOGUE}:
                names = ", ".join((DEFAULTS, *CATALOGUE))
                self.findings.append(Finding(legible(entry), 1, f"This was not read; expected {names}.", "warning"))

    def take(self, path: Path, root: Path, defaults: Mapping[str, Any]) -> None:
        """Take a file, unless it was taken before."""
        if legible(path) != str(path):
            self.say(path, "The file's name is not UTF-8; expected another name.")
            return
        if not self.is_new(path):
            return
        try:
            if not path.is_file():
                self.say(path, "This is not a regular file; expected one.")
                return
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16))
        except OSError as error:
            self.say(path, f"The file can't be read: {error.strerror}.")
            return
        digest.update(orjson.dumps(defaults, option=orjson.OPT_SORT_KEYS))
        self.files.append(SourceFile(str(root), path.relative_to(root).as_posix(), digest.hexdigest(), defaults))

    def defaults(self, folder: Path, outer: Mapping[str, Any]) -> Mapping[str, Any]:
        """What holds for the files of a folder: its own defaults, and those around it."""
        path = folder / DEFAULTS
        if not path.exists():
            return outer
        try:
            with path.open("rb") as stream:
                own, faults = read_defaults(str(path), decoded(whole(stream)).removeprefix("\ufeff"))
        except Fault as fault:
            own, faults = {}, [Finding(str(path), fault.line, fault.message)]
        except OSError as error:
            own, faults = {}, [Finding(str(path), 1, f"The file can't be read: {error.strerror}.")]
        self.findings += [fault for fault in faults if fault not in self.findings]
        return {**outer, **own}


def read_defaults(name: str, text: str) -> tuple[dict[str, Any], list[Finding]]:
    """What a defaults.yaml says; nothing, if there is something wrong with it."""
    if control := CONTROL.search(text):
        line = 1 + text.count("\n", 0, control.start())
        raise Fault(f"There is a control character, U+{ord(control[0]):04X}; expected text.", line)
    keys, lines, faults = read_mapping(text, 1, DEFAULTS)
    draft = Draft(name, None, keys, lines=lines)
    for fault in faults:
        draft.fault_in_line(fault)
    for key in keys:
        if key not in DEFAULT_KEYS:
            draft.fault(f"`{key}` can't be a default; expected one of {', '.join(DEFAULT_KEYS)}.", key)
    document = validate(draft)
    if document is None or draft.faults:
        return {}, draft.findings
    return document.model_dump(include=set(DEFAULT_KEYS), exclude_none=True), []


def legible(path: Path) -> str:
    """A path as it can be printed, whatever bytes it holds."""
    return os.fsencode(path).decode(errors="backslashreplace")
