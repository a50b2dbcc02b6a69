"""Fields: read and check the value of each key of an entity and of a tag."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, Literal

import yaml

from app.models import EntityType, enumerate_values
from app.seeding.limits import LONGEST_DESCRIPTION, LONGEST_NAME, MOST_MARKS, has_many_marks
from app.seeding.normalize.raw import shorten
from app.seeding.slugs import MAX_ID_LENGTH, RESERVED_ENTITY_IDS

Kind = Literal["entities", "tags"]
Complaint = Callable[[yaml.Node, str], None]
"""Adds a fault at a node."""

YAML_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Match what YAML refuses, or allows only as an escape. NEL (U+0085) is not among them: it ends a line in YAML."""

WIKIDATA_ID = re.compile(r"Q[1-9][0-9]{0,18}")
TEXT_TAG, NULL_TAG, INTEGER_TAG = (f"tag:yaml.org,2002:{tag}" for tag in ("str", "null", "int"))
YAML_TYPES = {"bool": "true or false", "int": "a number", "float": "a number", "timestamp": "a date"}


def suggest(word: str, known: Sequence[str]) -> str:
    """Return a hint at the most similar of the known words, or at all of them."""
    # Comparing is slow, and no known word is similar to one of more than 100 characters.
    matches = difflib.get_close_matches(word[:100].lower(), known, 1)
    return f"did you mean '{matches[0]}'?" if matches else f"expected one of {', '.join(known)}"


def read_text(node: yaml.Node, key: str, complain: Complaint) -> str | None:
    """Read a text: NFC, with single spaces; None for null."""
    if not isinstance(node, yaml.ScalarNode):
        complain(node, f"`{key}` holds a list or a mapping; expected a text")
    elif node.tag == NULL_TAG and node.value in {"", "~", "null"}:
        return None
    elif node.tag != TEXT_TAG:
        what = YAML_TYPES.get(node.tag.rpartition(":")[2], "nothing")
        complain(node, f"YAML reads {shorten(node.value)} as {what}, not as a text; quote it: '{shorten(node.value)}'")
    elif has_many_marks(node.value):
        complain(node, f"`{key}` holds a letter with more than {MOST_MARKS} marks; expected text")
        return None
    elif YAML_CONTROL_CHARACTERS.search(node.value):
        complain(node, f"`{key}` holds a control character; expected letters that can be seen")
    text = " ".join(unicodedata.normalize("NFC", str(node.value)).split())
    limit = LONGEST_DESCRIPTION if key == "description" else LONGEST_NAME
    if len(text) > limit:
        complain(node, f"`{key}` has {len(text):,} characters; expected at most {limit:,}")
    return text or None


def read_name(node: yaml.Node, key: str, complain: Complaint) -> str:
    """Read a name, which has a letter or digit."""
    text = read_text(node, key, complain) or ""
    if not any(letter.isalnum() for letter in text):
        complain(node, f"`{key}` has an empty name; expected at least one letter or digit")
    return text


def read_id(node: yaml.Node, key: str, complain: Complaint) -> str:
    """Read an id: letters and digits with single hyphens between them, and not a Wikidata id."""
    text = read_text(node, key, complain) or ""
    parts = "".join(letter for letter in text if unicodedata.category(letter)[0] != "M").split("-")
    if len(text) > MAX_ID_LENGTH or not all(part.isalnum() for part in parts):
        what = f"expected letters and digits with single hyphens between them, at most {MAX_ID_LENGTH}"
        complain(node, f"'{text[:60]}' is not fit for an id; {what}")
    if WIKIDATA_ID.fullmatch(text):
        complain(node, f"'{text}' is a Wikidata id; give it as `wikidata`, and an id of your own")
    return text


def read_entity_id(node: yaml.Node, key: str, complain: Complaint) -> str:
    """Read an id of an entity, which is none of the addresses that are taken."""
    text = read_id(node, key, complain)
    if text in RESERVED_ENTITY_IDS:
        complain(node, f"'{text}' is not fit for an id: /entities/{text} is taken; give it another one")
    return text


def read_type(node: yaml.Node, key: str, complain: Complaint) -> str:
    """Read an `EntityType`."""
    text, types = read_text(node, key, complain) or "", enumerate_values(EntityType)
    if text not in types:
        complain(node, f"'{shorten(text)}' is no type of entity; {suggest(text, types)}")
    return text


def read_wikidata(node: yaml.Node, key: str, complain: Complaint) -> str | None:
    """Read a Wikidata id."""
    text = read_text(node, key, complain)
    if text and not WIKIDATA_ID.fullmatch(text):
        complain(node, f"'{shorten(text)}' is no Wikidata id; expected Q and a number, such as Q2280")
    return text


def read_iptc(node: yaml.Node, key: str, complain: Complaint) -> str | None:
    """Read the code of an IPTC media topic."""
    # The code is a number of eight digits, which need not be quoted.
    return str(node.value) if node.tag == INTEGER_TAG else read_text(node, key, complain)


def list_reader(read_item: Callable[[yaml.Node, str, Complaint], str]) -> Callable[..., tuple[str, ...]]:
    """Return a function that reads a list of items without duplicates."""

    def read(node: yaml.Node, key: str, complain: Complaint) -> tuple[str, ...]:
        if isinstance(node, yaml.SequenceNode):
            return tuple(dict.fromkeys(read_item(item, key, complain) for item in node.value))
        if node.tag != NULL_TAG:
            complain(node, f"`{key}` is a list; expected it in brackets or as lines that begin with '- '")
        return ()

    return read


FIELD_READERS: dict[Kind, dict[str, Callable[[yaml.Node, str, Complaint], Any]]] = {
    "entities": {
        "id": read_entity_id,
        "name": read_name,
        "type": read_type,
        "description": read_text,
        "wikidata": read_wikidata,
        "aliases": list_reader(read_name),
        "formerly": list_reader(read_id),
    },
    "tags": {"id": read_id, "name": read_name, "description": read_text, "iptc": read_iptc},
}
