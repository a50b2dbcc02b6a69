"""Scanner: find the files with articles in folders, and the defaults that apply to them."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from app.seeding.article import Finding, ScannedFile
from app.seeding.defaults import DEFAULT_KEYS, DEFAULTS_FILE, OPTION_KEYS, parse_defaults
from app.seeding.files import file_exists, measure_file, open_file
from app.seeding.files.archives import cut_archive_suffix, is_archive
from app.seeding.files.tree import LINK_LEADS_OUT, Node, Tree, printable_path
from app.seeding.limits import LONGEST_YAML
from app.seeding.normalize import merge_entities
from app.seeding.normalize.characters import repair_controls
from app.seeding.normalize.raw import Fault
from app.seeding.readers import READERS, find_suffix, size_limit
from app.seeding.readers.decoding import decode_text, read_bytes
from app.seeding.readers.formats import find_companion, is_companion
from app.seeding.reports.unread_files import UnreadFiles, is_draft

__all__ = ["ScanResult", "ScannedFile", "scan"]

CATALOGUE_FILES = ("entities.yaml", "tags.yaml")
README = re.compile(r"readme(\.\w+)?", re.IGNORECASE)
SETTINGS_FILES = (DEFAULTS_FILE, *CATALOGUE_FILES)


class ScanResult(NamedTuple):
    """The files that a scan found, and its findings."""

    files: list[ScannedFile]
    findings: list[Finding]


def scan(paths: Sequence[Path], *, follow_links: bool = False) -> ScanResult:
    """Find all files with articles at these paths: folders, archives or single files, sorted by name.

    A file that is reached twice is returned once. Names that begin with a dot are skipped, and so are a README, which
    describes its folder, and what stands in a folder `_drafts`; other files are counted in a warning. A folder's
    defaults.yaml applies to all files in and under it, and an inner one overrides an outer one key by key. A
    symbolic link that leads out of the path is skipped with a warning, unless `follow_links`.
    """
    scanner = Scanner()
    for path in paths:
        try:
            root = path.resolve(strict=True)
        except (OSError, RuntimeError):
            scanner.fault(str(path.absolute()), "There is no such file or folder.")
            continue
        if root.is_dir() or is_archive(str(root)):
            scanner.scan_folder(Tree(str(root), follow_links=follow_links))
        elif find_suffix(root.name):
            tree = Tree(str(root.parent), follow_links=follow_links)
            defaults = scanner.load_defaults(tree, tree.root, {})
            scanner.add_file(tree, tree.child(tree.root, root.name), defaults)
        else:
            scanner.fault(str(root), f"This is not a file of articles; expected one with {', '.join(READERS)}.")
    return ScanResult(scanner.files, scanner.findings)


class Scanner:
    """Collects the files and findings of a scan."""

    def __init__(self) -> None:
        self.files: list[ScannedFile] = []
        self.findings: list[Finding] = []
        self.seen: set[str] = set()
        """Real paths of files and folders."""

    def fault(self, path: str, message: str) -> None:
        """Add a fault about a file or folder."""
        self.findings.append(Finding(printable_path(path), 1, message))

    def warn(self, path: str, message: str) -> None:
        """Add a warning about a file or folder."""
        self.findings.append(Finding(printable_path(path), 1, message, "warning"))

    def scan_folder(self, tree: Tree) -> None:
        """Add the files with articles in and under a folder."""
        if tree.root.real in self.seen:
            return
        before = len(self.files), len(self.findings)
        unread = UnreadFiles()
        defaults: dict[str, Mapping[str, Any]] = {}
        for node in tree.walk(self.seen):
            if isinstance(node, Finding):
                self.findings.append(node)
                continue
            outer = defaults.get(node.path.rpartition("/")[0] or "/", {})
            if node.is_folder and not node.is_outside:
                defaults[node.path] = self.load_defaults(tree, node, outer)
            elif node.is_folder:
                self.warn(node.path, LINK_LEADS_OUT)
            else:
                self.scan_file(tree, node, outer, unread)
        has_fault = any(finding.severity == "fault" for finding in self.findings[before[1] :])
        for sentence in unread.sentences():
            self.warn(tree.root.path, sentence)
        has_catalogue = any(file_exists(f"{tree.root.real}/{name}") for name in CATALOGUE_FILES)
        if len(self.files) == before[0] and not has_fault and not has_catalogue:
            message = f"There are no articles in this folder; expected files with {', '.join(READERS)}."
            self.fault(tree.root.path, message)

    def scan_file(self, tree: Tree, node: Node, defaults: Mapping[str, Any], unread: UnreadFiles) -> None:
        """Add a file with articles, or count one without."""
        if README.fullmatch(node.name) or node.name in SETTINGS_FILES:
            return
        if is_draft(node.path.removeprefix(tree.root.path)):
            unread.draft_count += 1
        elif find_suffix(node.name):
            self.add_file(tree, node, defaults)
        elif node.name.lower().endswith((".yaml", ".yml")):
            self.warn(node.path, f"This was not read; expected {', '.join(SETTINGS_FILES)}.")
        elif cut_archive_suffix(node.name) and not node.archive:
            self.warn(node.path, "This archive was not read, for a folder of its name stands beside it.")
        elif not is_companion(node.real):
            unread.add(node.name)

    def add_file(self, tree: Tree, node: Node, defaults: Mapping[str, Any]) -> None:
        """Add a file with its hash, unless it was added before or can't be read."""
        if printable_path(node.path) != node.path:
            self.fault(node.path, "The file's name is not UTF-8; expected another name.")
            return
        if node.is_outside:
            self.warn(node.path, LINK_LEADS_OUT)
            return
        if node.real in self.seen:
            return
        self.seen.add(node.real)
        companion = find_companion(node.real)
        try:
            with open_file(node.real, size_limit(node.name)) as stream:
                size = measure_file(stream)
                digest = hash_bytes(stream, size)
            if companion:
                with open_file(companion, size_limit(node.name)) as stream:
                    digest.update(hash_bytes(stream, measure_file(stream)).digest())
        except Fault as fault:
            self.fault(node.path, fault.message)
            return
        except OSError as error:
            self.fault(node.path, f"The file can't be read: {error.strerror}.")
            return
        digest.update(orjson.dumps(defaults, option=orjson.OPT_SORT_KEYS))
        root = tree.root.path
        path = node.path.removeprefix(root).lstrip("/")
        options = {key: defaults[key] for key in OPTION_KEYS if key in defaults}
        values = {key: value for key, value in defaults.items() if key in DEFAULT_KEYS}
        self.files.append(
            ScannedFile(
                root, path, node.real, size, digest.hexdigest(), values, options, companion, defaults.get("encoding")
            )
        )

    def load_defaults(self, tree: Tree, folder: Node, outer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the defaults of a folder: those of the outer folder, overridden by its defaults.yaml."""
        node = tree.child(folder, DEFAULTS_FILE)
        if node.is_outside:
            self.warn(node.path, LINK_LEADS_OUT)
        if node.is_outside or not file_exists(f"{folder.real}/{DEFAULTS_FILE}"):
            return outer
        try:
            with open_file(node.real, LONGEST_YAML) as stream:
                text, warnings = decode_text(read_bytes(stream, LONGEST_YAML))
            own, faults = parse_defaults(node.path, repair_controls(text.removeprefix("\ufeff")))
            faults += [Finding(printable_path(node.path), 1, message, "warning") for message in warnings]
        except Fault as fault:
            own, faults = {}, [Finding(printable_path(node.path), fault.line, fault.message)]
        except OSError as error:
            own, faults = {}, [Finding(printable_path(node.path), 1, f"The file can't be read: {error.strerror}.")]
        self.findings += [fault for fault in faults if fault not in self.findings]
        return {**outer, **own, **merge_entities(outer, own)}


def hash_bytes(stream: "BufferedReader[Any]", size: int) -> "hashlib.blake2b":
    """Hash the first `size` bytes; a file that grows meanwhile ends there, too."""
    digest = hashlib.blake2b(digest_size=16)
    while size > 0 and (data := stream.read(min(size, 1 << 20))):
        digest.update(data)
        size -= len(data)
    return digest
