"""What each key of an entity and of a tag may hold, and what is said where it holds something else."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

import yaml

from app.models import EntityType
from app.seeding.limits import MOST_MARKS, has_many_marks
from app.seeding.normalize.raw import shorten
from app.seeding.slugs import MAX_ID_LENGTH

Kind = Literal["entities", "tags"]
Complaint = Callable[[yaml.Node, str], None]
"""Takes down what is wrong, and at which node."""

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What YAML takes for damage, or an escape may bring in: no letter of any script, no white space."""

_WIKIDATA = re.compile(r"Q[1-9][0-9]{0,18}")
_TEXT, _NULL, _INTEGER = (f"tag:yaml.org,2002:{tag}" for tag in ("str", "null", "int"))
_READ_AS = {"bool": "true or false", "int": "a number", "float": "a number", "timestamp": "a date"}


def nearest(word: str, known: Sequence[str]) -> str:
    """Say which of the known words was meant, or which there are."""
    # Comparing is slow, and a word as long as that is near to none.
    close = difflib.get_close_matches(word[:100].lower(), known, 1)
    return f"did you mean '{close[0]}'?" if close else f"expected one of {', '.join(known)}"


def _text(node: yaml.Node, key: str, complain: Complaint) -> str | None:
    if not isinstance(node, yaml.ScalarNode):
        complain(node, f"`{key}` holds a list or a mapping; expected a text")
    elif node.tag == _NULL and node.value in {"", "~", "null"}:
        return None
    elif node.tag != _TEXT:
        what = _READ_AS.get(node.tag.rpartition(":")[2], "nothing")
        complain(node, f"YAML reads {shorten(node.value)} as {what}, not as a text; quote it: '{shorten(node.value)}'")
    elif has_many_marks(node.value):
        complain(node, f"`{key}` holds a letter with more than {MOST_MARKS} marks; expected text")
        return None
    elif CONTROL.search(node.value):
        complain(node, f"`{key}` holds a control character; expected letters that can be seen")
    return " ".join(unicodedata.normalize("NFC", str(node.value)).split()) or None


def _name(node: yaml.Node, key: str, complain: Complaint) -> str:
    text = _text(node, key, complain) or ""
    if not any(letter.isalnum() for letter in text):
        complain(node, f"`{key}` has an empty name; expected at least one letter or digit")
    return text


def _id(node: yaml.Node, key: str, complain: Complaint) -> str:
    text = _text(node, key, complain) or ""
    parts = "".join(letter for letter in text if unicodedata.category(letter)[0] != "M").split("-")
    if len(text) > MAX_ID_LENGTH or not all(part.isalnum() for part in parts):
        what = f"expected letters and digits with single hyphens between them, at most {MAX_ID_LENGTH}"
        complain(node, f"'{text[:60]}' is not fit for an id; {what}")
    if _WIKIDATA.fullmatch(text):
        complain(node, f"'{text}' is a Wikidata id; give it as `wikidata`, and an id of your own")
    return text


def _type(node: yaml.Node, key: str, complain: Complaint) -> str:
    text, types = _text(node, key, complain) or "", get_args(EntityType)
    if text not in types:
        complain(node, f"'{shorten(text)}' is no type of entity; {nearest(text, types)}")
    return text


def _wikidata(node: yaml.Node, key: str, complain: Complaint) -> str | None:
    text = _text(node, key, complain)
    if text and not _WIKIDATA.fullmatch(text):
        complain(node, f"'{shorten(text)}' is no Wikidata id; expected Q and a number, such as Q2280")
    return text


def _iptc(node: yaml.Node, key: str, complain: Complaint) -> str | None:
    # A media topic is a number of eight digits, which nobody should have to quote.
    return str(node.value) if node.tag == _INTEGER else _text(node, key, complain)


def _several(one: Callable[[yaml.Node, str, Complaint], str]) -> Callable[..., tuple[str, ...]]:
    def read(node: yaml.Node, key: str, complain: Complaint) -> tuple[str, ...]:
        if isinstance(node, yaml.SequenceNode):
            return tuple(dict.fromkeys(one(item, key, complain) for item in node.value))
        if node.tag != _NULL:
            complain(node, f"`{key}` is a list; expected it in brackets or as lines that begin with '- '")
        return ()

    return read


KEYS: dict[Kind, dict[str, Callable[[yaml.Node, str, Complaint], Any]]] = {
    "entities": {
        "id": _id,
        "name": _name,
        "type": _type,
        "description": _text,
        "wikidata": _wikidata,
        "aliases": _several(_name),
        "formerly": _several(_id),
    },
    "tags": {"id": _id, "name": _name, "description": _text, "iptc": _iptc},
}
