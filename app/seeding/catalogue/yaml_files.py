"""YAML files: read the entries of one entities.yaml or tags.yaml, with the line of every fault."""

from typing import Any, NamedTuple

import yaml

from app.seeding.article import Finding
from app.seeding.catalogue.fields import FIELD_READERS, YAML_CONTROL_CHARACTERS, Complaint, Kind, suggest
from app.seeding.files import open_file
from app.seeding.files.regular import read_at_most, too_long_message
from app.seeding.files.tree import Node, printable_path
from app.seeding.limits import DEEPEST, LONGEST_CATALOGUE, MOST_CATALOGUE_VALUES
from app.seeding.normalize.raw import Fault, shorten

SINGULAR: dict[Kind, str] = {"entities": "an entity", "tags": "a tag"}
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Entry(NamedTuple):
    """An entry of a file, with only the keys that it has there."""

    values: dict[str, Any]
    file: str
    line: int

    @property
    def place(self) -> str:
        """Return the file and line, for messages about another entry."""
        return f"{self.file}:{self.line}"


class CatalogueFile(NamedTuple):
    """The entries of a file that have no fault, and whether the built-in ones are kept besides."""

    entries: list[Entry]
    builtin: bool = True


def read_bytes(node: Node) -> bytes:
    """Return the bytes of a file. Raises `Fault` or OSError."""
    with open_file(node.real, LONGEST_CATALOGUE) as stream:
        data = read_at_most(stream, LONGEST_CATALOGUE + 1)
    if len(data) > LONGEST_CATALOGUE:
        raise Fault(too_long_message(LONGEST_CATALOGUE))
    return data


def read_file(node: Node, kind: Kind, findings: list[Finding]) -> CatalogueFile:
    """Read a file; append every fault to the findings, and leave out the entry that has it."""
    path = printable_path(node.path)

    def complain(where: yaml.Node, message: str) -> None:
        findings.append(Finding(path, line_of(where), message))

    try:
        text = read_bytes(node).decode("utf-8-sig")
        root = None if is_refused(text, path, findings) else yaml.compose(text, LOADER)
    except Fault as fault:
        findings.append(Finding(path, fault.line, fault.message))
        return CatalogueFile([])
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # If the text ends too early, YAML reports the line after the last.
        line = min(mark.line, text.rstrip("\n").count("\n")) + 1 if mark else 1
        findings.append(Finding(path, line, f"this is not YAML: {error.problem or 'it cannot be read'}"))
        return CatalogueFile([])
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, OSError) as error:
        findings.append(Finding(path, 1, f"expected a YAML file in UTF-8: {str(error).splitlines()[0]}"))
        return CatalogueFile([])
    items, builtin = top_level_items(root, kind, complain)
    entries = []
    for item in items:
        faults = len(findings)
        values = read_values(item, kind, complain)
        if len(findings) == faults:
            entries.append(Entry(values, path, line_of(item)))
    return CatalogueFile(entries, builtin)


def top_level_items(root: yaml.Node | None, kind: Kind, complain: Complaint) -> tuple[list[yaml.Node], bool]:
    """Return the items of a file, and whether the built-in ones are kept."""
    builtin = True
    if isinstance(root, yaml.MappingNode):
        pairs = read_pairs(root, ("builtin", kind), "the file", complain)
        if choice := pairs.get("builtin"):
            if choice.tag != "tag:yaml.org,2002:bool":
                complain(choice, "`builtin` says whether the built-in ones are kept: true or false")
            builtin = str(choice.value).lower() not in {"false", "no", "off"}
        root = pairs.get(kind)
    if isinstance(root, yaml.SequenceNode):
        return root.value, builtin
    if root is not None and root.tag != "tag:yaml.org,2002:null":
        complain(root, f"expected a list of {kind}, each of them beginning with '- '")
    return [], builtin


def read_values(item: yaml.Node, kind: Kind, complain: Complaint) -> dict[str, Any]:
    """Return the values of an entry; complain of those that are not valid."""
    if not isinstance(item, yaml.MappingNode):
        complain(item, f"expected {SINGULAR[kind]} with keys and values, such as `name: Minsk`")
        return {}
    pairs = read_pairs(item, tuple(FIELD_READERS[kind]), SINGULAR[kind], complain)
    return {key: FIELD_READERS[kind][key](node, key, complain) for key, node in pairs.items()}


def read_pairs(node: yaml.MappingNode, known: tuple[str, ...], whole: str, complain: Complaint) -> dict[str, yaml.Node]:
    """Return the nodes of a mapping by key; complain of unknown and duplicate keys."""
    pairs: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        if name not in known:
            complain(key, f"{whole} has no key '{shorten(name)}'; {suggest(name, known)}")
        elif name in pairs:
            complain(key, f"the key '{shorten(name)}' stands twice in {whole}; expected it once")
        else:
            pairs[name] = value
    return pairs


def is_refused(text: str, path: str, findings: list[Finding]) -> bool:
    """Return whether a text is too dangerous to be composed; append the reason to the findings."""
    # YAML would refuse it, too, but without the line.
    control = YAML_CONTROL_CHARACTERS.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        message = f"the control character U+{ord(control[0]):04X} stands here; expected letters that can be seen"
        findings.append(Finding(path, line, message))
        return True
    # Composing is recursive in C: nesting that is too deep would end the process.
    depth = values = 0
    for event in yaml.parse(text, LOADER):
        values += isinstance(event, yaml.NodeEvent)
        if values > MOST_CATALOGUE_VALUES:
            message = f"the YAML holds more than {MOST_CATALOGUE_VALUES:,} keys and values; expected several files"
            findings.append(Finding(path, event.start_mark.line + 1 if event.start_mark else 1, message))
            return True
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            message = f"the YAML is nested more than {DEEPEST} deep; expected a list of entries"
            findings.append(Finding(path, event.start_mark.line + 1 if event.start_mark else 1, message))
            return True
    return False


def line_of(node: yaml.Node) -> int:
    """Return the line of a node, from 1."""
    return int(node.start_mark.line) + 1
