"""TOML of front matter, as Hugo and Zola write it: read a mapping with the line of every key at its top."""

import re
import tomllib
from datetime import date, datetime, time
from typing import Any

from app.seeding.limits import DEEPEST, LONGEST_YAML
from app.seeding.normalize.raw import Fault, JsonPath, is_deeper
from app.seeding.readers.texts.yaml import LocatedMapping

TOP_KEY = re.compile(r"""[ \t]*(["']?)([\w-]+)\1[ \t]*=""")

GROUPS = ("taxonomies", "params")
"""Tables of Zola and Hugo whose keys mean the same as those at the top."""


def read_toml(text: str, line: int, what: str) -> LocatedMapping:
    """Read TOML that begins in this line of its file. Messages call it `what`. Raises `Fault`."""
    if len(text) > LONGEST_YAML:
        raise Fault(f"{what} is longer than {LONGEST_YAML // 1_000_000} MB; expected less.", line)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+)", str(error))
        number = line + int(at[1]) - 1 if at else line + text.rstrip("\n").count("\n")
        raise Fault(f"This is not TOML: {str(error).partition(' (')[0]}.", number) from None
    except RecursionError:
        raise Fault(f"The TOML is nested more than {DEEPEST} deep; expected less.", line) from None
    if is_deeper(values, DEEPEST):
        raise Fault(f"The TOML is nested more than {DEEPEST} deep; expected less.", line)
    for group in GROUPS:
        if isinstance(inner := values.get(group), dict):
            values = {**inner, **{key: value for key, value in values.items() if key != group}}
    return LocatedMapping.of(format_times(values), find_lines(text, line), line)


def find_lines(text: str, line: int) -> dict[JsonPath, int]:
    """Return the lines of the keys that begin a line, the first of each name."""
    lines: dict[JsonPath, int] = {}
    for number, content in enumerate(text.split("\n"), start=line):
        if match := TOP_KEY.match(content):
            lines.setdefault((match[2],), number)
    return lines


def format_times(value: Any) -> Any:
    """Return a value in which dates and times are text, as in JSON; the nesting is known to be bounded."""
    match value:
        case dict():
            return {key: format_times(inner) for key, inner in value.items()}
        case list():
            return [format_times(inner) for inner in value]
        case datetime() | date() | time():
            return value.isoformat()
    return value
