"""YAML as authors write it: a mapping, with the line of every key."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from app.seeding.limits import DEEPEST, LONGEST_YAML, MOST_VALUES
from app.seeding.normalize.key_aliases import KNOWN, canonical_key, canonicalize_keys
from app.seeding.normalize.raw import Fault, JsonPath, shortened

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

NOT_ONLY_TEXT = {"annotate", "entities", "extra"}
"""Known keys whose values may be something else than text."""
NOTHING = ("", "~", "null", "Null", "NULL")
PLAIN_VALUES = {
    **dict.fromkeys(NOTHING),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+([eE][-+]?[0-9]{1,2})?")


class Mapping(NamedTuple):
    """A mapping under the keys that are meant, and the line of each."""

    keys: dict[str, Any]
    lines: dict[JsonPath, int]
    faults: list[Fault]


def read_mapping(text: str, line: int, what: str) -> Mapping:
    """The mapping that this YAML is, which begins in this line of its file.

    Values are read by the rules of YAML 1.2, where `no` is Norwegian and 12:30 is no number, and those of
    known keys as text: `title: 1984` is a title. Raises `Fault` where it is no mapping.
    """
    if len(text) > LONGEST_YAML:
        raise Fault(f"{what} is longer than {LONGEST_YAML // 1_000_000} MB; expected less.", line)
    composer = Composer(line)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            composer.take(event, line + (event.start_mark.line if event.start_mark else 0))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # Where the end comes too early, the mark may point to the line after it.
        last = text.rstrip("\n").count("\n")
        raise Fault(f"This is not YAML: {error.problem}.", line + (min(mark.line, last) if mark else 0)) from None
    except yaml.YAMLError as error:
        raise Fault(f"This is not YAML: {str(error).splitlines()[0]}.", line) from None
    written = composer.result
    if written is None:
        return Mapping({}, {}, [])
    if not isinstance(written, dict):
        raise Fault(f"{what} is not a mapping; expected lines such as `language: en`.", line)
    keys, wrong = canonicalize_keys(written)
    faults = [Fault(message, composer.lines[(key,)]) for key, message in wrong.items()]
    lines = {(canonical_key(str(first)) or first, *rest): number for (first, *rest), number in composer.lines.items()}
    return Mapping(keys, lines, faults)


@dataclass
class Open:
    """A mapping or a list that is not yet complete."""

    value: dict[str, Any] | list[Any]
    place: JsonPath
    key: str | None = None
    """The key that waits for its value."""


class Composer:
    """Makes a value of YAML's events, without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.lines: dict[JsonPath, int] = {}
        self.open: list[Open] = []
        self.documents = 0
        self.values = 0
        self.result: Any = None

    def take(self, event: yaml.Event, line: int) -> None:
        """Go on by one event."""
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise Fault("There is a second YAML document; expected one.", line)
            case yaml.AliasEvent():
                raise Fault(f"`*{shortened(str(event.anchor))}` is an alias; expected the value itself.", line)
            case yaml.CollectionEndEvent():
                self.open.pop()
            case yaml.NodeEvent():
                self.values += 1
                if self.values > MOST_VALUES:
                    raise Fault(f"The YAML holds more than {MOST_VALUES:,} keys and values; expected less.", line)
                if self.open and isinstance(self.open[-1].value, dict) and self.open[-1].key is None:
                    self.take_key(self.open[-1], self.open[-1].value, event, line)
                else:
                    self.take_value(event, line)

    def take_key(self, around: Open, mapping: dict[str, Any], event: yaml.NodeEvent, line: int) -> None:
        """Remember a key until its value comes."""
        if not isinstance(event, yaml.ScalarEvent):
            raise Fault("A key is a list or a mapping; expected text.", line)
        if event.value in mapping:
            raise Fault(f"The key `{shortened(event.value)}` is given twice; expected it once.", line)
        around.key = event.value
        self.lines[*around.place, event.value] = line

    def take_value(self, event: yaml.NodeEvent, line: int) -> None:
        """Put a value into what is open, and open it if it is itself a mapping or a list."""
        around = self.open[-1] if self.open else None
        place: JsonPath = ()
        if around:
            place = (*around.place, len(around.value) if around.key is None else around.key)
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        if isinstance(event, yaml.ScalarEvent):
            value = scalar(event, place)
        elif len(self.open) == DEEPEST:
            raise Fault(f"The YAML is nested more than {DEEPEST} deep; expected less.", line)
        else:
            self.open.append(Open(value, place))
        if around is None:
            self.result = value
        elif isinstance(around.value, list):
            around.value.append(value)
            self.lines[place] = line
        else:
            around.value[str(around.key)] = value
            around.key = None


def scalar(event: yaml.ScalarEvent, place: JsonPath) -> Any:
    """What a single value means at its place."""
    value = str(event.value)
    if event.style:
        return value
    known = canonical_key(str(place[0])) if place else None
    if known in KNOWN and known not in NOT_ONLY_TEXT:
        return None if value in NOTHING else value
    if value in PLAIN_VALUES:
        return PLAIN_VALUES[value]
    if INTEGER.fullmatch(value):
        return int(value)
    return float(value) if DECIMAL.fullmatch(value) else value
