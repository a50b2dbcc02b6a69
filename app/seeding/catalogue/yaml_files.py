"""What one entities.yaml or tags.yaml gives, entry by entry, and the line of every fault in it."""

from typing import Any, NamedTuple

import yaml

from app.seeding.article import Finding
from app.seeding.catalogue.fields import CONTROL, KEYS, Complaint, Kind, nearest
from app.seeding.files import Node, open_file, printable_path, too_long
from app.seeding.limits import DEEPEST, LONGEST_CATALOGUE, MOST_CATALOGUE_VALUES
from app.seeding.normalize.raw import Fault, shorten

_ONE_OF: dict[Kind, str] = {"entities": "an entity", "tags": "a tag"}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Entry(NamedTuple):
    """An entry as its file gives it: only the keys that stand there."""

    values: dict[str, Any]
    file: str
    line: int

    @property
    def place(self) -> str:
        """Where it stands, as a sentence about another place names it."""
        return f"{self.file}:{self.line}"


class CatalogueFile(NamedTuple):
    """A whole file: its sound entries, and whether the built-in ones stay beside them."""

    entries: list[Entry]
    builtin: bool = True


def read_bytes(node: Node) -> bytes:
    """Return what stands in a file. Raises `Fault` or OSError."""
    with open_file(node.real, LONGEST_CATALOGUE) as stream:
        data = stream.read(LONGEST_CATALOGUE + 1)
    if len(data) > LONGEST_CATALOGUE:
        raise Fault(too_long(LONGEST_CATALOGUE))
    return data


def read_file(node: Node, kind: Kind, findings: list[Finding]) -> CatalogueFile:
    """Read a file; every fault goes to the findings, and the entry that has it is left out."""
    path = printable_path(node.path)

    def complain(where: yaml.Node, message: str) -> None:
        findings.append(Finding(path, _line(where), message))

    try:
        text = read_bytes(node).decode("utf-8-sig")
        root = None if _fails(text, path, findings) else yaml.compose(text, _LOADER)
    except Fault as fault:
        findings.append(Finding(path, fault.line, fault.message))
        return CatalogueFile([])
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # Where the end comes too early, YAML points to the line after it.
        line = min(mark.line, text.rstrip("\n").count("\n")) + 1 if mark else 1
        findings.append(Finding(path, line, f"this is not YAML: {error.problem or 'it cannot be read'}"))
        return CatalogueFile([])
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, OSError) as error:
        findings.append(Finding(path, 1, f"expected a YAML file in UTF-8: {str(error).splitlines()[0]}"))
        return CatalogueFile([])
    items, builtin = _top_level(root, kind, complain)
    entries = []
    for item in items:
        faults = len(findings)
        values = _values(item, kind, complain)
        if len(findings) == faults:
            entries.append(Entry(values, path, _line(item)))
    return CatalogueFile(entries, builtin)


def _top_level(root: yaml.Node | None, kind: Kind, complain: Complaint) -> tuple[list[yaml.Node], bool]:
    builtin = True
    if isinstance(root, yaml.MappingNode):
        given = _pairs(root, ("builtin", kind), "the file", complain)
        if choice := given.get("builtin"):
            if choice.tag != "tag:yaml.org,2002:bool":
                complain(choice, "`builtin` says whether the built-in ones are kept: true or false")
            builtin = str(choice.value).lower() not in {"false", "no", "off"}
        root = given.get(kind)
    if isinstance(root, yaml.SequenceNode):
        return root.value, builtin
    if root is not None and root.tag != "tag:yaml.org,2002:null":
        complain(root, f"expected a list of {kind}, each of them beginning with '- '")
    return [], builtin


def _values(item: yaml.Node, kind: Kind, complain: Complaint) -> dict[str, Any]:
    if not isinstance(item, yaml.MappingNode):
        complain(item, f"expected {_ONE_OF[kind]} with keys and values, such as `name: Minsk`")
        return {}
    pairs = _pairs(item, tuple(KEYS[kind]), _ONE_OF[kind], complain)
    return {key: KEYS[kind][key](node, key, complain) for key, node in pairs.items()}


def _pairs(node: yaml.MappingNode, known: tuple[str, ...], whole: str, complain: Complaint) -> dict[str, yaml.Node]:
    pairs: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        if name not in known:
            complain(key, f"{whole} has no key '{shorten(name)}'; {nearest(name, known)}")
        elif name in pairs:
            complain(key, f"the key '{shorten(name)}' stands twice in {whole}; expected it once")
        else:
            pairs[name] = value
    return pairs


def _fails(text: str, path: str, findings: list[Finding]) -> bool:
    # YAML itself would refuse it too, but without the line.
    control = CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        what = f"the control character U+{ord(control[0]):04X} stands here; expected letters that can be seen"
        findings.append(Finding(path, line, what))
        return True
    # Composing is recursive, in C, where too deep a nesting ends the process.
    depth = values = 0
    for event in yaml.parse(text, _LOADER):
        values += isinstance(event, yaml.NodeEvent)
        if values > MOST_CATALOGUE_VALUES:
            what = f"the YAML holds more than {MOST_CATALOGUE_VALUES:,} keys and values; expected several files"
            findings.append(Finding(path, event.start_mark.line + 1 if event.start_mark else 1, what))
            return True
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            what = f"the YAML is nested more than {DEEPEST} deep; expected a list of entries"
            findings.append(Finding(path, event.start_mark.line + 1 if event.start_mark else 1, what))
            return True
    return False


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
