"""Defaults of folders: read a defaults.yaml, its values for articles and its options for readers."""

from typing import Any

from app.models import EntityType, enumerate_values
from app.seeding.article import Finding
from app.seeding.normalize.key_aliases import DOCUMENT_KEYS
from app.seeding.normalize.raw import Fault, RawArticle, shorten
from app.seeding.normalize.validation import validate
from app.seeding.readers.encodings import find_codec
from app.seeding.readers.texts.yaml import read_mapping
from app.text import CONTROL_CHARACTERS

DEFAULTS_FILE = "defaults.yaml"
DEFAULT_KEYS = ("language", "source", "authors", "tags", "rights", "entities")
OPTION_KEYS = ("types", "columns")
"""Keys of a defaults.yaml that say how files are read; each holds a mapping of words."""
OPTION_EXAMPLES = {"types": "Victim: person", "columns": "Lead text: text"}
OPTION_MEANINGS = {"types": enumerate_values(EntityType), "columns": DOCUMENT_KEYS}


def parse_defaults(name: str, text: str) -> tuple[dict[str, Any], list[Finding]]:
    """Return the defaults in the text of a file named `name`, or no defaults but findings. Raises `Fault`."""
    if control := CONTROL_CHARACTERS.search(text):
        line = 1 + text.count("\n", 0, control.start())
        raise Fault(f"There is a control character, U+{ord(control[0]):04X}; expected text.", line)
    keys, lines, faults, warnings = read_mapping(text, 1, DEFAULTS_FILE)
    draft = RawArticle(name, None, keys, lines=lines)
    draft.add_findings(faults, warnings)
    known = (*DEFAULT_KEYS, *OPTION_KEYS, "encoding")
    options: dict[str, Any] = {key: take_option(draft, key) for key in OPTION_KEYS if key in keys}
    if "encoding" in keys:
        options["encoding"] = take_encoding(draft)
    for key in keys:
        if key not in known:
            draft.add_fault(f"`{shorten(key)}` can't be a default; expected one of {', '.join(known)}.", key)
    document = validate(draft)
    if document is None or draft.fault_count:
        return {}, draft.findings
    return {**document.model_dump(include=set(DEFAULT_KEYS), exclude_none=True), **options}, draft.findings


def take_encoding(draft: RawArticle) -> str | None:
    """Remove the encoding from a draft, and return it as Python calls it; a fault if it is none of texts."""
    word = draft.document.pop("encoding")
    if isinstance(word, str) and (codec := find_codec(word)):
        return codec
    expected = "expected one that begins like ASCII, such as windows-1251 or shift_jis"
    draft.add_fault(f"`encoding` is '{shorten(str(word))}', which is no encoding of texts; {expected}.", "encoding")
    return None


def take_option(draft: RawArticle, key: str) -> dict[str, str]:
    """Remove an option from a draft, and return its words by folded word; a fault if it is no mapping of words."""
    option = draft.document.pop(key)
    if not isinstance(option, dict) or not all(isinstance(meaning, str) for meaning in option.values()):
        draft.add_fault(
            f"`{key}` is not a mapping of words to words; expected lines such as `{OPTION_EXAMPLES[key]}`.", key
        )
        return {}
    for word, meaning in option.items():
        if meaning not in OPTION_MEANINGS[key]:
            known = ", ".join(OPTION_MEANINGS[key])
            draft.add_fault(f"`{key}` maps '{shorten(word)}' to '{shorten(meaning)}'; expected one of {known}.", key)
    return {word.strip().lower(): meaning for word, meaning in option.items()}
