"""Values as news APIs and site generators write them: objects and lists reduced to what a document's key takes."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from app.seeding.document import split_tags

NAME_KEYS = ("name", "title", "webTitle", "display_name", "value", "original", "@value", "id")
"""Keys of an object that hold its name, the best first."""
TEXT_KEYS = ("main", "rendered", "value", "text", "html", "#text", "@value")
"""Keys of an object that hold a text, the best first."""

BY = re.compile(r"\s*by\s+", re.IGNORECASE)
BETWEEN_BYLINE_NAMES = re.compile(r"[;,]\s*(?:and\s)?|\s(?:and|&)\s")
BETWEEN_AUTHORS = re.compile(r"[;；؛]")

BOOLEANS = {"true": True, "false": False, "yes": True, "no": False}

LANGUAGES = {
    "arabic": "ar",
    "chinese": "zh",
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "finnish": "fi",
    "french": "fr",
    "german": "de",
    "greek": "el",
    "hebrew": "he",
    "hindi": "hi",
    "hungarian": "hu",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "norwegian": "no",
    "polish": "pl",
    "portuguese": "pt",
    "romanian": "ro",
    "russian": "ru",
    "spanish": "es",
    "swedish": "sv",
    "turkish": "tr",
    "ukrainian": "uk",
}
"""Tags of languages by their English names, which GDELT and many data sets have instead."""

LIST_KEYS = {"authors", "tags", "paragraphs", "mentions"}
OBJECT_KEYS = {"entities", "extra"}


def fits_key(key: str, value: Any) -> bool:
    """Tell whether a document key takes values of this kind, so that another key with it may be a slip."""
    if isinstance(value, list):
        return key in LIST_KEYS
    return isinstance(value, dict) == (key in OBJECT_KEYS)


def parse_boolean(value: Any) -> bool | None:
    """Return the truth value that a value, or the word for one, stands for; None for any other value."""
    return value if isinstance(value, bool) else BOOLEANS.get(value.lower()) if isinstance(value, str) else None


def is_relative_url(value: Any) -> bool:
    """Tell whether a value is an address within a site, as static site generators give it."""
    return isinstance(value, str) and (value.startswith((".", "/")) or not re.search(r"[.:]", value))


def shape_value(key: str, value: Any) -> Any:
    """Return the value in the shape that a document key takes; one that has no such shape is returned as it is."""
    shape = SHAPES.get(key)
    return shape(value) if shape else value


def pick(value: Any, keys: Iterable[str]) -> Any:
    """Return the first text under one of these keys of an object; the value itself if there is none."""
    if isinstance(value, dict):
        return next((value[key] for key in keys if isinstance(value.get(key), str)), value)
    return value


def shape_name(value: Any) -> Any:
    """Return the name of an object."""
    return pick(value[0] if isinstance(value, list) and len(value) == 1 else value, NAME_KEYS)


def shape_title(value: Any) -> Any:
    """Return the first of several headlines, or the main one."""
    return pick(value[0] if isinstance(value, list) and value else value, TEXT_KEYS)


def shape_text(value: Any) -> Any:
    """Return the text of an object, of the first of several bodies, or of a list of paragraphs."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return "\n\n".join(value)
    return pick(value[0] if isinstance(value, list) and value else value, TEXT_KEYS)


def shape_authors(value: Any) -> Any:
    """Return the names of authors, who may be objects, or one string with semicolons between them."""
    if isinstance(value, dict):
        value = name_author(value)
    if isinstance(value, str):
        byline = BY.match(value)
        names = (BETWEEN_BYLINE_NAMES if byline else BETWEEN_AUTHORS).split(value[byline.end() :] if byline else value)
        return [name for name in map(str.strip, names) if name]
    return [name_author(author) for author in value] if isinstance(value, list) else value


def name_author(value: Any) -> Any:
    """Return the name of an author, whose given and family name may stand apart."""
    if isinstance(value, dict) and not isinstance(value.get("name"), str):
        parts = [
            next((value[key] for key in keys if isinstance(value.get(key), str)), "")
            for keys in (("given", "givenName", "firstname", "first_name"), ("family", "familyName", "lastname"))
        ]
        return " ".join(filter(None, parts)) or pick(value, NAME_KEYS)
    return pick(value, NAME_KEYS)


def shape_tags(value: Any) -> Any:
    """Return the names of tags, which may be objects, or one string with commas or semicolons between them."""
    return [pick(tag, ("value", *NAME_KEYS)) for tag in value] if isinstance(value, list) else split_tags(value)


def shape_id(value: Any) -> Any:
    """Return a number as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def shape_language(value: Any) -> Any:
    """Return the tag of a language that is given by its English name, or with an underscore."""
    return LANGUAGES.get(value.strip().lower(), value.replace("_", "-")) if isinstance(value, str) else value


def shape_date(value: Any) -> Any:
    """Return None for an empty text, and whole seconds for a number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if isinstance(value, str) and not value.strip() else value


SHAPES: dict[str, Callable[[Any], Any]] = {
    "id": shape_id,
    "title": shape_title,
    "text": shape_text,
    "source": shape_name,
    "rights": shape_name,
    "authors": shape_authors,
    "tags": shape_tags,
    "language": shape_language,
    "published_at": shape_date,
    "updated_at": shape_date,
    "draft": lambda value: value if (truth := parse_boolean(value)) is None else truth,
}
"""How the values of document keys are shaped."""
