"""YAML of front matter and defaults.yaml: read a mapping with the line of every key, and lose no part of a value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from app.seeding.limits import DEEPEST, LONGEST_YAML, MOST_VALUES
from app.seeding.normalize.key_aliases import DOCUMENT_KEYS, canonical_key, canonicalize_keys
from app.seeding.normalize.raw import Fault, JsonPath, shorten

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

TYPED_KEYS = {"annotate", "draft", "entities", "extra"}
"""Document keys whose values may be something else than text."""
NULLS = ("", "~", "null", "Null", "NULL")
CONSTANTS = {
    **dict.fromkeys(NULLS),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+([eE][-+]?[0-9]{1,2})?")


TAKEN_COMMENT = re.compile(r"[ \t]+(#(?=\S).*)")
"""What YAML takes for a comment, although it is written like a number or a hashtag."""


class LocatedMapping(NamedTuple):
    """A mapping under canonical keys, the lines of its values, and what is wrong or strange about it."""

    document: dict[str, Any]
    lines: dict[JsonPath, int]
    faults: list[Fault]
    warnings: list[Fault]

    @classmethod
    def of(cls, values: Mapping[str, Any], lines: Mapping[JsonPath, int], line: int) -> "LocatedMapping":
        """Return a mapping under canonical keys; `line` is that of keys whose line is not known."""
        document, names, faults, warnings, _ = canonicalize_keys(values)
        renamed = {(names.get(str(first), first), *rest): number for (first, *rest), number in lines.items()}
        return cls(
            document,
            renamed,
            [Fault(message, lines.get((key,), line)) for key, message in faults.items()],
            [Fault(message, lines.get((key,), line)) for key, message in warnings.items()],
        )


def read_mapping(text: str, line: int, what: str) -> LocatedMapping:
    """Read YAML that begins in this line of its file. Messages call it `what`.

    Values follow YAML 1.2, where `no` is Norwegian and 12:30 is not a number; those of document keys are text, so
    that `title: 1984` is a title. Raises `Fault` if it is no mapping.
    """
    if len(text) > LONGEST_YAML:
        raise Fault(f"{what} is longer than {LONGEST_YAML // 1_000_000} MB; expected less.", line)
    composer = Composer(text)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            composer.add_event(event, line + (event.start_mark.line if event.start_mark else 0))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # If the text ends too early, the mark may point to the line after its end.
        last = text.rstrip("\n").count("\n")
        raise Fault(f"This is not YAML: {error.problem}.", line + (min(mark.line, last) if mark else 0)) from None
    except yaml.YAMLError as error:
        raise Fault(f"This is not YAML: {str(error).splitlines()[0]}.", line) from None
    if composer.result is None:
        return LocatedMapping({}, {}, [], [])
    if not isinstance(composer.result, dict):
        raise Fault(f"{what} is not a mapping; expected lines such as `language: en`.", line)
    mapping = LocatedMapping.of(composer.result, composer.lines, line)
    mapping.warnings.extend(composer.warnings)
    return mapping


@dataclass
class OpenCollection:
    """A mapping or a list that is not complete yet."""

    value: dict[str, Any] | list[Any]
    path: JsonPath
    key: str | None = None
    """The key whose value comes next; None in a list, and before a key."""


class Composer:
    """Build a value from YAML events without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.warnings: list[Fault] = []
        self.lines: dict[JsonPath, int] = {}
        self.open: list[OpenCollection] = []
        """Collections from the outermost to the innermost that are not complete yet."""
        self.document_count = 0
        self.value_count = 0
        self.result: Any = None

    def add_event(self, event: yaml.Event, line: int) -> None:
        """Continue with an event, which stands in this line."""
        match event:
            case yaml.DocumentStartEvent():
                self.document_count += 1
                if self.document_count > 1:
                    raise Fault("There is a second YAML document; expected one.", line)
            case yaml.AliasEvent():
                raise Fault(f"`*{shorten(str(event.anchor))}` is an alias; expected the value itself.", line)
            case yaml.CollectionEndEvent():
                self.open.pop()
            case yaml.NodeEvent():
                self.value_count += 1
                if self.value_count > MOST_VALUES:
                    raise Fault(f"The YAML holds more than {MOST_VALUES:,} keys and values; expected less.", line)
                if self.open and isinstance(self.open[-1].value, dict) and self.open[-1].key is None:
                    self.add_key(self.open[-1], self.open[-1].value, event, line)
                else:
                    self.add_value(event, line)

    def add_key(self, parent: OpenCollection, mapping: dict[str, Any], event: yaml.NodeEvent, line: int) -> None:
        """Keep a key until its value comes."""
        if not isinstance(event, yaml.ScalarEvent):
            raise Fault("A key is a list or a mapping; expected text.", line)
        if event.value in mapping:
            raise Fault(f"The key `{shorten(event.value)}` is given twice; expected it once.", line)
        parent.key = event.value
        self.lines[*parent.path, event.value] = line

    def add_value(self, event: yaml.NodeEvent, line: int) -> None:
        """Add a value to the innermost open collection, and open it if it is itself a collection."""
        parent = self.open[-1] if self.open else None
        path: JsonPath = ()
        if parent:
            path = (*parent.path, len(parent.value) if parent.key is None else parent.key)
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        if isinstance(event, yaml.ScalarEvent):
            value = parse_scalar(self.restore_scalar(event, line), path)
        elif len(self.open) == DEEPEST:
            raise Fault(f"The YAML is nested more than {DEEPEST} deep; expected less.", line)
        else:
            self.open.append(OpenCollection(value, path))
        if parent is None:
            self.result = value
        elif isinstance(parent.value, list):
            parent.value.append(value)
            self.lines[path] = line
        else:
            parent.value[str(parent.key)] = value
            parent.key = None

    def restore_scalar(self, event: yaml.ScalarEvent, line: int) -> yaml.ScalarEvent:
        """Return an unquoted value with what YAML takes for an anchor or a tag; warn of what it takes for a comment."""
        if event.style or event.start_mark is None or event.end_mark is None:
            return event
        end = event.end_mark.index
        if comment := TAKEN_COMMENT.match(self.text, end):
            message = f"'{shorten(comment[1])}' is a comment in YAML; quote the whole value if it belongs to it."
            self.warnings.append(Fault(message, line))
        if event.anchor is None and (event.tag is None or event.tag.startswith("!!")):
            return event
        typed = self.text[event.start_mark.index : end]
        return yaml.ScalarEvent(None, None, (True, False), " ".join(typed.split()))


def parse_scalar(event: yaml.ScalarEvent, path: JsonPath) -> Any:
    """Return the value of a scalar at this path: text if it is quoted or belongs to a document key of text."""
    value = str(event.value)
    if event.style:
        return value
    known = canonical_key(str(path[0])) if path else None
    if known in DOCUMENT_KEYS and known not in TYPED_KEYS:
        return None if value in NULLS else value
    if value in CONSTANTS:
        return CONSTANTS[value]
    if INTEGER.fullmatch(value):
        return int(value)
    return float(value) if DECIMAL.fullmatch(value) else value
